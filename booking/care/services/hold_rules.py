"""What an attempt comes to: the cheapest product of these hours and its cells, or a named refusal. No query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from booking.care.services.hold_data import CellFacts, HoldFacts, HoldRequest, PoolFacts, ProductFacts
from booking.places import refusals, stay_rules
from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.stay_rules import StayProblem
from cms.core.calendar.times import age_in_months, at

UNITS = 1


@dataclass(slots=True)
class PlacesToTake:
    """Product, pools and cells of an attempt; ``short`` are the cells that have no place left."""

    product: ProductFacts
    own: PoolFacts
    house: PoolFacts
    cells: dict[int, int]
    short: list[int]


def choose_places(request: HoldRequest, facts: HoldFacts, given_back: Mapping[int, int]) -> PlacesToTake:
    """All rules, most telling first; ``given_back`` are units that the replaced holds give back.

    Raises the refusals of ``booking.places.refusals``, all but ``Full``: that is for the caller to say, who may
    still clear away what ran out.
    """
    if not facts.is_public:
        raise refusals.NotThere
    closed_all_day = any(part.is_all for part in facts.closed)
    _refuse(stay_rules.standing_problem(takes_bookings=facts.takes_bookings, closed=closed_all_day))
    _refuse(stay_rules.span_problem(request.starts_at, request.ends_at))
    bucket, own, house = _pools_of_child(request, facts)
    product = _cheapest_matching_product(request, facts)
    _refuse(stay_rules.notice_problem(facts.terms, request.mode, request.starts_at, request.now))
    if _is_closed(request, facts, bucket):
        raise refusals.STAY_PROBLEMS[StayProblem.CLOSED]
    if facts.elsewhere:
        raise refusals.Duplicate
    cells = [cell for pool in (own, house) for cell in _asked_cells(pool, request)]
    short = [cell.id for cell in cells if cell.free + given_back.get(cell.id, 0) < UNITS]
    return PlacesToTake(product, own, house, {cell.id: UNITS for cell in cells}, short)


def _refuse(problem: StayProblem | None) -> None:
    if problem is not None:
        raise refusals.STAY_PROBLEMS[problem]


def _pools_of_child(request: HoldRequest, facts: HoldFacts) -> tuple[str, PoolFacts, PoolFacts]:
    """The class by the age on the day of service, its pool and that of the house."""
    bucket = stay_rules.bucket_for(facts.pools.keys(), age_in_months(facts.birth_date, request.day))
    house = facts.pools.get(HOUSE_BUCKET)
    if bucket is None or house is None:
        raise refusals.AgeNotTaken
    return bucket, facts.pools[bucket], house


def _is_closed(request: HoldRequest, facts: HoldFacts, bucket: str) -> bool:
    """Whether the class is closed at any time of the stay."""
    midnight = at(request.day, dt.time.min)
    starts, ends = (int((moment - midnight).total_seconds()) // 60 for moment in (request.starts_at, request.ends_at))
    return any(part.covers(bucket, starts, ends) for part in facts.closed)


def _cheapest_matching_product(request: HoldRequest, facts: HoldFacts) -> ProductFacts:
    offered = [p for p in facts.products if p.mode == request.mode and request.product in (None, p.public_id)]
    if not offered:
        raise refusals.NoSuchProduct
    stay = request.starts_at, request.ends_at
    problems = {p.id: stay_rules.stay_problem(p, facts.terms, *stay, request.day) for p in offered}
    matching = [p for p in offered if problems[p.id] is None]
    if not matching:
        raise refusals.STAY_PROBLEMS[_most_telling(problems.values())]
    return min(matching, key=lambda p: (stay_rules.price(p, facts.terms, *stay), p.id))


def _most_telling(problems: Iterable[StayProblem | None]) -> StayProblem:
    """Of several products: how to come closer to one of them tells more than being outside all."""
    order = (StayProblem.TOO_SHORT, StayProblem.BAD_STEP, StayProblem.OUTSIDE_HOURS)
    found = set(problems)
    return next(problem for problem in order if problem in found)


def _asked_cells(pool: PoolFacts, request: HoldRequest) -> list[CellFacts]:
    """The pool's cells that make up the stay without a gap; a missing cell is not bookable."""
    starts, ends = (int(moment.timestamp()) // 60 for moment in (request.starts_at, request.ends_at))
    if (ends - starts) % pool.raster or [cell.minute for cell in pool.cells] != list(range(starts, ends, pool.raster)):
        raise refusals.OutsideHours
    return pool.cells
