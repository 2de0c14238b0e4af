"""The public list without a database: a district's streets, hits, and what a search found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from directory.districts.queries.districts import DistrictInfo, Street
from directory.register.ports import DayPlaces, InstitutionPlaces, WeekPlaces
from directory.search.engine import FACETS, FacetValue, Hit, SearchResult
from directory.search.near import Near
from directory.site.queries.finding import CareNeed, Found

PEARL = Street("410305001", "珠江路街道", (34.66, 112.40))
SUZHOU = Street("410305002", "苏州路街道", None)
EAST = Street("410702001", "东街街道", (35.30, 113.87))
JIANXI = DistrictInfo(1, "jianxi", "涧西区", False, (PEARL, SUZHOU))
HONGQI = DistrictInfo(2, "hongqi", "红旗区", True, (EAST,))
DISTRICTS = {"jianxi": JIANXI, "hongqi": HONGQI}
HERE = Near("34.66,112.4", position=(34.66, 112.40))
AT_PEARL = Near(PEARL.code, code=PEARL.code)
THURSDAY = dt.date(2026, 11, 26)
WHOLE = CareNeed(age_months=17, day=THURSDAY, starts=dt.time(14), ends=dt.time(17))


def make_hit(pk: int = 1, *, km: float | None = None, highlights: Mapping[str, Any] | None = None, **more: Any) -> Hit:
    """One institution found; ``more`` are fields of its document."""
    document = {
        "id": f"{pk:012d}",
        "name": f"示例园{pk}",
        "street_name": "珠江路街道",
        "address": "珠江路88号",
        "basis": "filing",
        "demonstration": False,
        "inclusive": False,
        "class_kinds": ["toddler"],
        "modes": ["hourly"],
        "prices": {"hourly": 1800},
    }
    return Hit(pk, {**document, **more}, km, highlights or {})


def make_found(
    *hits: Hit,
    count: int | None = None,
    first_count: int = 0,
    free: Mapping[int, int] | None = None,
    facets: Mapping[str, Sequence[tuple[str, int]]] | None = None,
) -> Found:
    """What a search found; ``free`` as in ``Found``, facets as (value, count)."""
    values = {name: [FacetValue(*each) for each in (facets or {}).get(name, ())] for name in FACETS}
    result = SearchResult(hits, len(hits) if count is None else count, first_count, values, "database")
    return Found(result, {}, free)


def make_day(**changes: Any) -> DayPlaces:
    """Monday with four places from nine to ten."""
    given = {
        "day": dt.date(2026, 11, 23),
        "step": 30,
        "remaining": {540: 4, 570: 4},
        "free": 4,
        "problem": "",
        "bookable_from": 0,
    }
    return DayPlaces(**given | changes)  # type: ignore[arg-type]  # each is what the day has


def make_places(*, day: DayPlaces | None = None, **changes: Any) -> InstitutionPlaces:
    """The toddler class on that day, confirmed the same morning."""
    given: dict[str, Any] = {
        "day": day or make_day(),
        "hours": (540, 600),
        "class_kind": "toddler",
        "first_month": None,
        "caregivers": 3,
        "has_classes": True,
        "confirmed_at": dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC),
        "stale": False,
    }
    return InstitutionPlaces(**given | changes)


def make_week(*days: DayPlaces, **changes: Any) -> WeekPlaces:
    """A week of the toddler class, confirmed a while ago."""
    given: dict[str, Any] = {
        "class_kind": "toddler",
        "problem": "",
        "first_month": None,
        "days": days,
        "hours": (540, 600),
        "confirmed_at": dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC),
        "stale": False,
    }
    return WeekPlaces(**given | changes)
