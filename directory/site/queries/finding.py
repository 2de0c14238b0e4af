"""The list's question answered: search, free places, and which of the hits can look after the child then."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from cms.core.calendar.times import at, birthday_after_months, local, local_date, minutes_of
from cms.core.calendar.working_days import first_working_day
from directory.register import ports
from directory.register.ports import InstitutionPlaces
from directory.search.engine import SearchQuery, SearchResult
from directory.search.forgiving import search
from directory.site.queries.children import AskedChild

#: From this hour on a day is mostly over.
MOSTLY_OVER = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class CareNeed:
    """Who is to be looked after, and when; any part may be missing.

    ``age_months`` is the age on ``day``, today's where no day was asked. ``birth_month`` (its first day) or ``child``
    say where it was known from; a child of whom the month alone is known counts as that old from its first day on.
    """

    age_months: int | None = None
    birth_month: dt.date | None = None
    child: AskedChild | None = None
    day: dt.date | None = None
    starts: dt.time | None = None
    ends: dt.time | None = None

    @property
    def span(self) -> tuple[int, int] | None:
        """Minutes of the day, half-open, if both ends are known."""
        if self.starts is None or self.ends is None:
            return None
        return minutes_of(self.starts), minutes_of(self.ends)

    def born_by(self, day: dt.date) -> dt.date | None:
        """The birth date as far as it is known; of an age alone the latest that fits on ``day``."""
        if self.child is not None:
            return self.child.birth_date
        if self.birth_month is not None or self.age_months is None:
            return self.birth_month
        return birthday_after_months(day, -self.age_months)

    @property
    def is_whole(self) -> bool:
        """Whether it says enough to know who can take the child."""
        return self.age_months is not None and self.day is not None and self.span is not None


@dataclass(frozen=True, slots=True)
class Found:
    """The search's result with the places of each hit on ``day``: the asked one, else one that is shown instead.

    ``free`` is who can take the child, None if that was not asked; ``day`` None where no places are shown.
    """

    result: SearchResult
    places: Mapping[int, InstitutionPlaces]
    free: Mapping[int, int] | None
    day: dt.date | None = None


def with_free_places(query: SearchQuery, asked: CareNeed, *, now: dt.datetime) -> SearchQuery | None:
    """The search with those first that can take the child for the whole time; None if that was not fully asked.

    By price they stand in the order of what the asked stay costs.
    """
    provider = ports.free_places.get()
    if provider is None or not asked.is_whole:
        return None
    if asked.age_months is None or asked.day is None or asked.starts is None or asked.ends is None:
        return None
    starts_at, ends_at = at(asked.day, asked.starts), at(asked.day, asked.ends)
    if query.sort != "price":
        free = provider.institutions_with_places(
            age_months=asked.age_months, starts_at=starts_at, ends_at=ends_at, now=now, mode=query.mode
        )
        return dataclasses.replace(query, first=free)
    priced = provider.institutions_with_prices(
        age_months=asked.age_months, starts_at=starts_at, ends_at=ends_at, now=now, mode=query.mode
    )
    return dataclasses.replace(
        query,
        first={pk: found.places for pk, found in priced.items()},
        amounts={pk: found.amount for pk, found in priced.items()},
    )


def find_institutions(query: SearchQuery, asked: CareNeed, *, now: dt.datetime, free_first: bool = True) -> Found:
    """Those who can take the child first (``free_first``), the others after them.

    Without an asked day the places are those of the day that parents will most likely mean.
    """
    whole = with_free_places(query, asked, now=now)
    result = search(whole if free_first and whole is not None else query)
    if asked.day is None:
        asked = dataclasses.replace(asked, day=day_shown(now), starts=None, ends=None)
    free = None if whole is None else whole.first
    return Found(result, places_of(result, query.mode, asked, now=now), free, asked.day)


def day_shown(now: dt.datetime) -> dt.date:
    """Today while most of it lies ahead and people work, else the next working day."""
    today = local_date(now)
    return first_working_day(today if local(now).hour < MOSTLY_OVER else today + dt.timedelta(days=1))


def find_free_institutions(query: SearchQuery, asked: CareNeed, *, now: dt.datetime) -> Found:
    """Only those who can take the child, if the question says who and when."""
    whole = with_free_places(query, asked, now=now)
    if whole is None:
        result = search(query)
        return Found(result, places_of(result, query.mode, asked, now=now), None)
    result = search(dataclasses.replace(whole, ids=frozenset(whole.first or ())))
    return Found(result, places_of(result, query.mode, asked, now=now), whole.first)


def places_of(result: SearchResult, mode: str, asked: CareNeed, *, now: dt.datetime) -> Mapping[int, InstitutionPlaces]:
    """Places of every hit on the page, in a fixed number of queries; nothing where no day was asked."""
    provider = ports.free_places.get()
    if provider is None or not result.hits or asked.day is None:
        return {}
    ids = [hit.pk for hit in result.hits]
    return provider.on_day(
        institution_ids=ids, age_months=asked.age_months, day=asked.day, span=asked.span, now=now, mode=mode
    )
