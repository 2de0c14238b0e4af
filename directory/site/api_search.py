"""The list of institutions in the JSON API: the same search as the page's."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from cms.core.calendar.times import iso
from cms.core.calendar.times import now as clock
from cms.core.errors import InvalidInput
from cms.core.web.api_input import Day
from cms.core.web.api_output import Moment
from directory.districts.queries.districts import DistrictInfo, list_districts, streets_by_code
from directory.register.fees import shown_mode
from directory.search.engine import MAX_PAGE_SIZE, Hit, SearchQuery
from directory.search.labels import label_of
from directory.search.near import read_near
from directory.search.text import MAX_QUERY_CHARS
from directory.site.api_shapes.schemas import Mode
from directory.site.queries.finding import CareNeed, Found, find_free_institutions

router = Router(tags=["directory"])

ClassKindName = Literal["infant", "toddler", "senior_toddler", "mixed"]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["14:00"])]
FARTHEST_KM = 100


class SearchIn(Schema):
    """What may be asked. With age, date, ``from`` and ``to``, only who can take the child then is in the answer."""

    q: Annotated[str, Field(max_length=MAX_QUERY_CHARS)] = ""
    district: str = Field("", description="jianxi hongqi huyi xigong ninghe; all of them without it")
    street: str = Field("", description="township code")
    mode: Mode | None = None
    age_months: Annotated[int, Field(ge=0, le=72)] | None = Field(None, description="on `date`, else today")
    near: str = Field("", description="`lat,lng` in WGS-84, or a township code")
    radius_km: Annotated[float, Field(gt=0, le=FARTHEST_KM)] | None = None
    inclusive: bool = False
    demonstration: bool = False
    grade: str = Field("", description="reserved; not read yet")
    date: Day | None = None
    starts: Clock | None = Field(None, alias="from")
    ends: Clock | None = Field(None, alias="to")
    sort: Literal["relevance", "distance", "price", "remaining", "name"] = "relevance"
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE)] = 20


class InstitutionHit(Schema):
    """One institution. ``highlights`` is HTML by field.

    ``price_from`` is the lowest fee in fen of ``price_mode``, the asked mode or else the one that stands for the
    institution: for an hour of ``hourly``, a block of ``temporary``, half a day or a day. ``amount`` is what the asked
    hours cost where they can be booked. By ``price`` those with an amount stand by it, the others by ``price_from``.
    """

    id: str
    name: str
    street: str
    address: str
    location: str | None = Field(description="`lat,lng` in WGS-84")
    distance_km: float | None
    modes: list[Mode]
    class_kinds: list[ClassKindName]
    inclusive: bool
    demonstration: bool
    grade: str | None
    places: int
    remaining: int | None
    price_from: int | None
    price_mode: Mode | None
    amount: int | None
    highlights: dict[str, str]


class FacetOut(Schema):
    """A value and how many results it would leave."""

    value: str
    label: str
    count: int


class SearchOut(Schema):
    """A page of the list."""

    count: int
    page: int
    engine: Literal["elasticsearch", "database"]
    as_of: Moment
    results: list[InstitutionHit]
    facets: dict[str, list[FacetOut]]


@router.get("institutions", response=SearchOut, summary="Search public institutions", by_alias=True)
def search_institutions(request: HttpRequest, asked: Query[SearchIn]) -> dict[str, Any]:
    """Search, filters, facets, distance, and free places; no token needed."""
    now = clock()
    districts = list_districts()
    query, when = _question(asked, districts)
    found = find_free_institutions(query, when, now=now)
    streets = streets_by_code(districts)
    return {
        "count": found.result.count,
        "page": asked.page,
        "engine": found.result.engine,
        "as_of": iso(now),
        "results": [_hit(hit, found, when, query.mode) for hit in found.result.hits],
        "facets": {
            facet: [
                {
                    "value": each.value,
                    "label": _street(streets, each.value) if facet == "street" else label_of(facet, each.value),
                    "count": each.count,
                }
                for each in values
            ]
            for facet, values in found.result.facets.items()
        },
    }


def _street(streets: Any, code: str) -> str:
    return str(streets[code].name) if code in streets else code


def _question(asked: SearchIn, districts: dict[str, DistrictInfo]) -> tuple[SearchQuery, CareNeed]:
    problems: dict[str, str] = {}
    streets = streets_by_code(districts)
    if asked.district and asked.district not in districts:
        problems["district"] = _("没有这个区。")
    if asked.street and asked.street not in streets:
        problems["street"] = _("没有这个街道的代码。")
    position = _position(asked, streets, problems)
    when = _when(asked, problems)
    if problems:
        raise InvalidInput(_("请检查填写的内容。"), fields=problems)
    query = SearchQuery(
        q=asked.q,
        district=asked.district,
        street=asked.street,
        mode=asked.mode or "",
        age_months=None if when.is_whole else asked.age_months,
        near=position,
        radius_km=asked.radius_km,
        inclusive=asked.inclusive,
        demonstration=asked.demonstration,
        grade=asked.grade,
        sort=asked.sort,
        page=asked.page,
        page_size=asked.page_size,
    )
    return query, when


def _position(asked: SearchIn, streets: Any, problems: dict[str, str]) -> tuple[float, float] | None:
    if not asked.near:
        if asked.radius_km is not None:
            problems["near"] = _("要说明从哪里量距离。")
        if asked.sort == "distance":
            problems["near"] = _("按距离排要说明从哪里量。")
        return None
    near = read_near(asked.near)
    if near is None or (near.code and near.code not in streets):
        problems["near"] = _("请写「纬度,经度」或街道代码，例如 34.66,112.40。")
        return None
    position: tuple[float, float] | None = near.position or streets[near.code].centre
    if position is None:
        problems["near"] = _("还不知道这个街道的中心在哪里。")
    return position


def _when(asked: SearchIn, problems: dict[str, str]) -> CareNeed:
    starts = dt.time.fromisoformat(asked.starts) if asked.starts else None
    ends = dt.time.fromisoformat(asked.ends) if asked.ends else None
    if (starts is None) != (ends is None):
        problems["from" if starts is None else "to"] = _("来和走的时间要一起写。")
    elif starts is not None and ends is not None and ends <= starts:
        problems["to"] = _("走的时间要晚于来的时间。")
    if starts is not None and asked.date is None:
        problems["date"] = _("写了时间也要写日期。")
    return CareNeed(age_months=asked.age_months, day=asked.date, starts=starts, ends=ends)


def _hit(hit: Hit, found: Found, when: CareNeed, asked_mode: str) -> dict[str, Any]:
    document, places = hit.document, found.places.get(hit.pk)
    mode = shown_mode(document["prices"], asked_mode)
    located = document["latitude"] is not None
    return {
        **{name: document[name] for name in ("id", "name", "street", "address", "modes", "class_kinds")},
        **{name: document[name] for name in ("inclusive", "demonstration", "places")},
        "location": f"{document['latitude']:.6f},{document['longitude']:.6f}" if located else None,
        "distance_km": hit.distance_km,
        "grade": None,
        "remaining": _remaining(hit, found, when),
        "price_from": document["prices"].get(mode),
        "price_mode": mode or None,
        "amount": places.stay.amount if places and places.stay else None,
        "highlights": hit.highlights,
    }


def _remaining(hit: Hit, found: Found, when: CareNeed) -> int | None:
    """Places left: for the whole time asked, else the most at one time of the day; null without a day.

    Places that nobody vouches for any more are none, here as there.
    """
    if when.day is None:
        return None
    if found.free is not None:
        return found.free.get(hit.pk, 0)
    places = found.places.get(hit.pk)
    return places.day.free if places is not None and not places.stale else 0
