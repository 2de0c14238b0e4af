"""One message to a family of which an act of the institution cancelled several bookings."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from booking.care.services.notices import because, send_move_notice, stopped_sms, stopped_words
from booking.care.services.transition import stream_of
from booking.places.models import Booking, BookingEvent
from booking.places.states import BOOKED
from cms.accounts.messaging.services.messages import notify_family
from cms.core.display import wording
from cms.core.runtime.outbox import Effect

TOPIC = "booking.several_stopped"
#: A message is read on a phone: who has more bookings finds them in 我的预约.
MOST_LINES = 10


def family_effect(moves: Sequence[Effect], *, day_closed: bool) -> Effect:
    """The outbox row for the moves of one family in one act: a single one is told as any other move."""
    first = moves[0]
    if len(moves) == 1:
        return first._replace(payload={**first.payload, "day_closed": day_closed})
    payload = {"events": [move.payload["event"] for move in moves], "day_closed": day_closed}
    return first._replace(topic=TOPIC, payload=payload)


def send_family_notice(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Outbox handler: one message that lists what was cancelled; of holds that were not confirmed nobody hears."""
    found = BookingEvent.objects.filter(pk__in=payload["events"], from_status__in=BOOKED)
    events = list(found.select_related("booking__family", "booking__institution", "booking__district"))
    events.sort(key=lambda event: (event.booking.starts_at, event.booking_id))
    if len(events) == 1:
        move = {"booking": events[0].booking_id, "event": events[0].pk, "day_closed": payload["day_closed"]}
        send_move_notice(move, key=key, now=now)
    elif events:
        _send(events, _words(events, day_closed=payload["day_closed"]), key=key, now=now)


@dataclass(frozen=True, slots=True)
class _Words:
    """What sets the messages of one kind of stop apart; ``title`` stands before the institution's name."""

    kind: str
    title: str
    sms: str
    when: str


def _words(events: list[BookingEvent], *, day_closed: bool) -> _Words:
    """Who stopped it: the district, or the institution for whole days or for parts of them."""
    bookings, count = [event.booking for event in events], len(events)
    day = wording.day(bookings[0].service_date)
    # No range: between the days others of the family's bookings may live on.
    some = _("%(day)s起共 %(count)d 个") % {"day": day, "count": count}
    if events[0].side == BookingEvent.Side.STAFF:
        title, sms = f"{stopped_words(events[0].reason)}（{_('%d 个') % count}）", stopped_sms(events)
        return _Words("care_stopped", title, sms, _("%s起") % day if sms == "day_closed" else some)
    if day_closed:
        when = wording.days(bookings[0].service_date, bookings[-1].service_date)
        return _Words("day_closed", _("机构停托，%(count)d 个预约已取消") % {"count": count}, "day_closed", when)
    title = _("机构取消了 %(count)d 个预约") % {"count": count}
    return _Words("booking_cancelled_by_institution", title, "cancelled", some)


def _send(events: list[BookingEvent], words: _Words, *, key: str, now: dt.datetime) -> None:
    bookings, reason = [event.booking for event in events], events[0].reason
    first, name = bookings[0], bookings[0].institution.name  # type: ignore[union-attr]  # every care booking has one
    advice = _("不收费。可以换个时间，或看看附近别的机构。")
    body = [name, *_lines(bookings), *because(reason), advice]
    notify_family(
        family=first.family,
        kind=words.kind,
        title=f"{words.title}：{name}",
        body="\n".join(body),
        link=reverse("me:bookings"),
        key=f"{TOPIC}:{key}",
        now=now,
        sms=words.sms,
        sms_params={"place": name, "when": words.when},
        stream=stream_of(first),
        district_code=first.district.code,
    )


def _lines(bookings: list[Booking]) -> list[str]:
    """Each stay once, with the number of children of the family that were to come."""
    stays = Counter(
        f"{wording.day(one.starts_at)} {wording.period(one.starts_at, one.ends_at)}　{one.get_mode_display()}"
        for one in bookings
    )
    lines = [f"{stay}（{number} 个宝宝）" if number > 1 else stay for stay, number in stays.items()]
    rest = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], *([_("还有 %d 个时间，请看「我的预约」。") % rest] if rest > 0 else [])]
