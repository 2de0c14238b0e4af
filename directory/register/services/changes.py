"""What follows a change of an institution: the search index, the cached pages, the places that can be booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from cms.core.runtime import outbox, versions
from cms.core.security.codes import new_public_id
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.register import ports
from directory.register.models import ClassGroup, Institution

SEARCH_TOPIC = "search.index"
REBUILD_TOPIC = "search.rebuild"
INDEXED_AT_ONCE = 250
#: From so many institutions on, and from one in so many of the public ones, making the index again is less work.
REBUILT_FROM, REBUILT_SHARE = 2_000, 10


def institution_changed(*, institution_id: int, now: dt.datetime) -> None:
    """Index the institution again and drop cached pages, once the surrounding transaction has committed."""
    institutions_changed(institution_ids=[institution_id], now=now)


def institutions_changed(*, institution_ids: Iterable[int], now: dt.datetime) -> None:
    """The same for many: one message per ``INDEXED_AT_ONCE``, or one for the whole index where that costs less.

    Keys are new each time: the handler reads the institution as it then is, so one message too many costs little, and a
    second change after the first was delivered must not be dropped.
    """
    pks = list(institution_ids)
    if len(pks) >= REBUILT_FROM and len(pks) * REBUILT_SHARE >= Institution.objects.filter(is_public=True).count():
        effects = [outbox.Effect(REBUILD_TOPIC, new_public_id(), {})]
    else:
        batches = (pks[start : start + INDEXED_AT_ONCE] for start in range(0, len(pks), INDEXED_AT_ONCE))
        effects = [outbox.Effect(SEARCH_TOPIC, new_public_id(), {"institutions": batch}) for batch in batches]
    outbox.emit_many(effects, now=now)
    versions.bump(PUBLIC_PAGES)


def reopen_booking(institutions: Iterable[Institution], *, now: dt.datetime) -> None:
    """Have booking set its targets again where bookings are taken and there are classes to book."""
    taking = [institution.pk for institution in institutions if institution.takes_bookings]
    for pk in ClassGroup.objects.filter(institution__in=taking).values_list("institution", flat=True).distinct():
        ports.notify_offering_changed(institution_id=pk, now=now)
