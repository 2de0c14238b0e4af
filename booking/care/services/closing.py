"""Closing some days or a part of them, rectification, loss of authorisation, the end of an institution: one act.

Its future cells get target 0 in the lock order; an outbox job (``stopped``) then cancels the bookings and notifies the
families.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from booking.care.queries.affected import STOPPABLE, ClosedSpan, days_still_open, impact_of_span, is_over, list_affected
from booking.care.services.stopped import TOPIC, VERSION
from booking.places import refusals
from booking.places.models import CapacityCell, CapacityPool
from booking.places.services.cells import lock_cells, set_targets
from booking.places.services.generation import generate_cells, horizon
from booking.places.services.locking import lock_institution, retry_once_when_locked
from booking.places.states import WAITING
from cms.core.calendar.times import day_bounds, local_date
from cms.core.display.wording import full_date, period
from cms.core.runtime.outbox import emit
from directory.districts.services.history import record
from directory.register.models import ClosingDay, Institution
from directory.register.queries.closings import grouped

REASON_LENGTH = ClosingDay._meta.get_field("reason").max_length
#: The longest holidays are two months.
LONGEST_DAYS = 92
OPEN_WORD, CLOSED_WORD = _("开放"), _("休息")


class AlreadyClosed(refusals.Refused):
    """All of it is closed already."""

    code = "closed"
    message = _("这段时间已经设为休息。")


class BookedMeanwhile(refusals.Refused):
    """Other bookings than those that were seen would be cancelled."""

    code = "changed"
    message = _("刚刚预约有变化，请再看一遍名单。")


class PastDay(refusals.InvalidInput):
    """A day that is over can't be closed."""

    code = "past_day"
    message = _("请选今天或以后的日子。")


class SpanOver(refusals.InvalidInput):
    """The hours of the span have passed."""

    code = "span_over"
    message = _("这段时间已经过了，不用再关。没记到没到、没记离园的，请在「今天」补上。")


class OddSpan(refusals.InvalidInput):
    """Days out of order, or too many of them."""

    code = "odd_span"
    message = _("一次最多关闭 92 天，结束不能早于开始。")


def close(
    *,
    institution: Institution,
    span: ClosedSpan,
    reason: str,
    actor: AbstractBaseUser | None,
    now: dt.datetime,
    seen: str | None = None,
) -> list[ClosingDay]:
    """Close some days: no place is sold any more, and their bookings are cancelled and their families notified.

    Days that are closed already are left as they are. ``seen`` is the mark of the impact that the person saw. Raises
    ``PastDay``, ``OddSpan``, ``SpanOver``, ``AlreadyClosed``, ``BookedMeanwhile``, ``Busy``.
    """
    if span.first < local_date(now):
        raise PastDay
    if span.last is None or not 1 <= len(span.days) <= LONGEST_DAYS:
        raise OddSpan

    def act() -> list[ClosingDay]:
        locked = lock_institution(institution.pk)
        if is_over(locked, span, now):
            raise SpanOver
        days = days_still_open(locked, span)
        if not days:
            raise AlreadyClosed
        made = ClosingDay.objects.bulk_create(
            ClosingDay(
                institution=locked,
                date=day,
                class_kind=span.class_kind,
                from_minute=span.from_minute,
                to_minute=span.to_minute,
                reason=reason[:REASON_LENGTH],
                created_at=now,
            )
            for day in days
        )
        _generate(locked, days, now=now)
        # Read after the cells are locked: a hold that was faster is seen, a slower one finds no place.
        if seen is not None and seen != impact_of_span(locked, span, now=now).mark:
            raise BookedMeanwhile
        _promise_cancelling(locked, span, reason=reason, actor=actor, now=now)
        closed = {days: [str(OPEN_WORD), str(CLOSED_WORD)] for days in _closed_words(made)}
        record(instance=locked, action="booking.close", actor=actor, reason=reason, changes=closed)
        return made

    return retry_once_when_locked(transaction.atomic(act))


def reopen(
    *, institution: Institution, closings: Collection[int], now: dt.datetime, actor: AbstractBaseUser | None = None
) -> list[dt.date]:
    """Open closed days of this institution again, from today on; returns them. Cancelled bookings stay cancelled.

    Raises ``Busy``.
    """

    def act() -> list[dt.date]:
        locked = lock_institution(institution.pk)
        rows = ClosingDay.objects.filter(institution=institution, pk__in=closings, date__gte=local_date(now))
        opened = {days: [str(CLOSED_WORD), str(OPEN_WORD)] for days in _closed_words(rows)}
        days = sorted(set(rows.values_list("date", flat=True)))
        rows.delete()
        if days:
            record(instance=locked, action="booking.reopen", actor=actor, changes=opened)
        _generate(institution, days, now=now)
        return days

    return retry_once_when_locked(transaction.atomic(act))


def _closed_words(rows: Iterable[ClosingDay]) -> list[str]:
    """For the history: 「2026年12月1日至2026年12月3日 全园 全天」 for each closing without a gap."""
    found = []
    for closing in grouped(rows):
        days = full_date(closing.first)
        if closing.last != closing.first:
            days = _("%(first)s至%(last)s") % {"first": days, "last": full_date(closing.last)}
        part = closing.part
        which = part.get_class_kind_display() if part.class_kind else _("全园")
        found.append(f"{days} {which} {_('全天') if part.is_whole_day else period(*part.clocks)}")
    return found


def _generate(institution: Institution, days: Sequence[dt.date], *, now: dt.datetime) -> None:
    """Cells of these days, as far ahead as there are cells at all."""
    furthest = horizon(now)[1]
    if days and days[0] <= furthest:
        generate_cells(institution_ids=[institution.pk], days=(days[0], min(days[-1], furthest)), now=now)


def stop_care(
    *, institution_id: int, from_day: dt.date, reason: str, now: dt.datetime, keeps_bookings: bool = False
) -> None:
    """No more care from a day on (authorisation lost, rectification, end); registered with the directory.

    ``keeps_bookings``: what is confirmed stays, only what still waits is ended. The directory's transaction has locked
    the institution and is not tried again: what is tried twice is our part of it, a savepoint. Raises ``Busy``, which
    takes the directory's act back too.
    """

    def act() -> None:
        institution, span = lock_institution(institution_id), ClosedSpan(from_day, None)
        cells = _cells_to_come(institution, from_day, now=now)
        if keeps_bookings:
            # A hold that was faster is seen below, a slower one sees the institution's new state (``sold_by``).
            lock_cells(cells)
        else:
            set_targets(dict.fromkeys(cells, 0))
        _promise_cancelling(institution, span, reason=reason, actor=None, now=now, only_waiting=keeps_bookings)

    retry_once_when_locked(transaction.atomic(act))


def resume_care(*, institution_id: int, now: dt.datetime) -> None:
    """Care may be offered again; registered with the directory, in whose transaction it is a savepoint, as
    ``stop_care``. Raises ``Busy``.
    """
    generate_cells(institution_ids=[institution_id], now=now)


def _cells_to_come(institution: Institution, from_day: dt.date, *, now: dt.datetime) -> list[int]:
    start = max(day_bounds(from_day)[0], now)
    cells = CapacityCell.objects.filter(
        pool__institution=institution, pool__kind=CapacityPool.Kind.CARE, starts_at__gte=start, target__gt=0
    )
    return list(cells.values_list("pk", flat=True))


def _promise_cancelling(
    institution: Institution,
    span: ClosedSpan,
    *,
    reason: str,
    actor: AbstractBaseUser | None,
    now: dt.datetime,
    only_waiting: bool = False,
) -> None:
    """Inside the caller's transaction, which has locked the institution and its cells."""
    statuses = WAITING if only_waiting else STOPPABLE
    affected = list_affected(institution, span=span, now=now, statuses=statuses).order_by()
    payload = {
        "institution": institution.pk,
        "from": span.first.isoformat(),
        "until": span.last.isoformat() if span.last else None,
        "class_kind": span.class_kind,
        "minutes": [span.from_minute, span.to_minute],
        "only_waiting": only_waiting,
        "reason": reason,
        "actor": actor.pk if actor else None,
        "stopped_at": now.isoformat(),
        "last": affected.aggregate(last=Max("pk"))["last"] or 0,
    }
    emit(
        topic=TOPIC,
        key=f"{institution.pk}-{span.first}-{span.last}-{span.class_kind}-{span.from_minute}-{now.timestamp()}",
        payload=payload,
        now=now,
        district_code=institution.district.code,
        version=VERSION,
    )
