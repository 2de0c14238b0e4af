"""Fees that have begun since their institution was indexed: lists and pages show the price of the day."""

from __future__ import annotations

import datetime as dt

from cms.core.calendar.times import day_bounds
from directory.register.models import ProductFee
from directory.register.services.changes import institutions_changed
from directory.search.models import SearchEntry

#: For so long a night is made up for in which nothing ran.
LOOKED_BACK = dt.timedelta(days=30)


def announce_begun(*, day: dt.date, now: dt.datetime) -> int:
    """Announce the institutions of which a fee began up to the day after they were indexed; returns how many."""
    begun = ProductFee.objects.filter(from_date__gt=day - LOOKED_BACK, from_date__lte=day)
    found: set[int] = set()
    for first in begun.values_list("from_date", flat=True).distinct():
        entries = SearchEntry.objects.filter(
            institution__products__fees__from_date=first, indexed_at__lt=day_bounds(first)[0]
        )
        found.update(entries.values_list("pk", flat=True))
    if found:
        institutions_changed(institution_ids=sorted(found), now=now)
    return len(found)
