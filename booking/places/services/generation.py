"""Cells ahead, from opening rules: what may be sold in each half hour of the next eight weeks.

Target of a class cell = Σ over its groups open then of min(class places, caregivers on duty × ratio) − regular places;
of the house cell = filed places − regular places (design.md 5).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from booking.places.models import BookingPolicy, CapacityCell, CapacityPool
from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.services.cells import set_targets
from booking.places.sql import moment_in
from cms.core.calendar.times import at, day_bounds, local_date, minutes_of
from directory.districts.class_kinds import CLASS_RULES
from directory.register.models import ClassGroup, ClosingDay, Institution, OpeningRule

WEEKS_AHEAD = 8
CHUNK = 50
INSERT_ROWS = 400

Key = tuple[str, dt.datetime]


@dataclass(slots=True)
class Plan:
    """One institution with all that decides its cells."""

    institution: Institution
    raster: int
    groups: list[ClassGroup]
    rules: dict[int, list[OpeningRule]]
    closed: set[dt.date]
    pools: dict[str, CapacityPool] = field(default_factory=dict)


def horizon(now: dt.datetime) -> tuple[dt.date, dt.date]:
    """Today and the last day for which cells are made."""
    today = local_date(now)
    return today, today + dt.timedelta(weeks=WEEKS_AHEAD)


def caregivers_on_duty(class_group: ClassGroup, starts_at: dt.datetime | None = None) -> int:
    """Caregivers in a class at a time; until rosters exist, those of the class at any time."""
    return class_group.caregivers


def generate_cells(
    *,
    now: dt.datetime,
    institution_ids: Iterable[int] | None = None,
    days: tuple[dt.date, dt.date] | None = None,
) -> int:
    """Make missing cells and write new targets from now on; returns how many cells were made.

    ``institution_ids`` None = all with classes; ``days`` are the first and last day (inclusive), eight weeks by
    default.
    Idempotent. Cells no longer covered by a rule get target 0 and keep what is taken.
    """
    first, last = days or horizon(now)
    made = 0
    for chunk in _chunks(_ids(institution_ids)):
        for plan in _plans(chunk):
            with transaction.atomic():
                made += _write(plan, first, last, now=now)
    return made


def _ids(wanted: Iterable[int] | None) -> list[int]:
    if wanted is not None:
        return list(wanted)
    with_classes = ClassGroup.objects.values_list("institution_id", flat=True).distinct()
    return sorted(with_classes)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _plans(ids: list[int]) -> list[Plan]:
    """The plans of some institutions in a fixed number of queries."""
    rasters = dict(BookingPolicy.objects.filter(institution__in=ids).values_list("institution_id", "raster_minutes"))
    groups: dict[int, list[ClassGroup]] = defaultdict(list)
    for group in ClassGroup.objects.filter(institution__in=ids, active=True).order_by("pk"):
        groups[group.institution_id].append(group)
    rules: dict[int, list[OpeningRule]] = defaultdict(list)
    for rule in OpeningRule.objects.filter(class_group__institution__in=ids, class_group__active=True):
        rules[rule.class_group_id].append(rule)
    closed: dict[int, set[dt.date]] = defaultdict(set)
    for institution_id, day in ClosingDay.objects.filter(institution__in=ids).values_list("institution_id", "date"):
        closed[institution_id].add(day)
    pools: dict[int, dict[str, CapacityPool]] = defaultdict(dict)
    for pool in CapacityPool.objects.filter(institution__in=ids, kind=CapacityPool.Kind.CARE):
        pools[pool.institution_id or 0][pool.bucket] = pool
    return [
        Plan(institution, rasters.get(pk, 30), groups[pk], rules, closed[pk], pools[pk])
        for pk, institution in sorted(Institution.objects.in_bulk(ids).items())
    ]


def _write(plan: Plan, first: dt.date, last: dt.date, *, now: dt.datetime) -> int:
    _ensure_pools(plan)
    wanted = _wanted(plan, first, last, now=now)
    existing = _existing(plan, first, last, now=now)
    retarget = {pk: wanted.get(key, 0) for key, (pk, target) in existing.items() if wanted.get(key, 0) != target}
    if retarget:
        set_targets(retarget)
    missing = [(key, target) for key, target in wanted.items() if key not in existing]
    _insert(plan, missing)
    return len(missing)


def _ensure_pools(plan: Plan) -> None:
    """One pool for each class kind that is run and one for the house; a class no longer run is switched off."""
    run = {group.kind for group in plan.groups}
    run |= {HOUSE_BUCKET} if run else set()
    missing = run - plan.pools.keys()
    CapacityPool.objects.bulk_create(
        [
            CapacityPool(
                kind=CapacityPool.Kind.CARE,
                institution=plan.institution,
                bucket=bucket,
                raster_minutes=plan.raster,
            )
            for bucket in sorted(missing)
        ],
        ignore_conflicts=True,
    )
    if missing:
        found = CapacityPool.objects.filter(institution=plan.institution, kind=CapacityPool.Kind.CARE)
        plan.pools = {pool.bucket: pool for pool in found}
    for bucket, pool in plan.pools.items():
        if pool.active != (bucket in run) or pool.raster_minutes != plan.raster:
            pool.active, pool.raster_minutes = bucket in run, plan.raster
            pool.save(update_fields=["active", "raster_minutes"])


def _wanted(plan: Plan, first: dt.date, last: dt.date, *, now: dt.datetime) -> dict[Key, int]:
    """``{(bucket, starts_at): target}`` for all cells from now on."""
    found: dict[Key, int] = {}
    by_weekday = {weekday: _weekday_targets(plan, weekday) for weekday in range(7)}
    open_to_all = plan.institution.takes_bookings
    day = first
    while day <= last:
        if day not in plan.closed:
            midnight = at(day, dt.time.min)
            for (bucket, minute), target in by_weekday[day.weekday()].items():
                starts_at = midnight + dt.timedelta(minutes=minute)
                if starts_at >= now:
                    found[bucket, starts_at] = target if open_to_all else 0
        day += dt.timedelta(days=1)
    return found


def _weekday_targets(plan: Plan, weekday: int) -> dict[tuple[str, int], int]:
    """``{(bucket, minute of the day): target}`` of one weekday."""
    targets: dict[tuple[str, int], int] = defaultdict(int)
    regular: dict[int, int] = defaultdict(int)
    for group in plan.groups:
        for rule in plan.rules.get(group.pk, ()):
            if rule.weekday != weekday:
                continue
            target = group_target(group, rule)
            for minute in _raster_minutes(rule, plan.raster):
                targets[group.kind, minute] += target
                regular[minute] += rule.regular_places
    house = filed_places(plan)
    for minute, taken in regular.items():
        targets[HOUSE_BUCKET, minute] = max(0, house - taken)
    return dict(targets)


def filed_places(plan: Plan) -> int:
    """The places filed; where the list did not state them, those of the classes, each within the national standard."""
    return plan.institution.places or sum(group.places for group in plan.groups)


def group_target(group: ClassGroup, rule: OpeningRule) -> int:
    """Places one class may sell: what its caregivers may look after, at most its places, less the regular children."""
    allowed = min(group.places, caregivers_on_duty(group) * CLASS_RULES[group.kind].ratio)
    return max(0, allowed - rule.regular_places)


def _raster_minutes(rule: OpeningRule, raster: int) -> range:
    """Starts of the whole cells between opening and closing, on the raster of the day."""
    opens = -(-minutes_of(rule.opens) // raster) * raster
    closes = minutes_of(rule.closes) // raster * raster
    return range(opens, closes, raster)


def _existing(plan: Plan, first: dt.date, last: dt.date, *, now: dt.datetime) -> dict[Key, tuple[int, int]]:
    start, end = max(now, day_bounds(first)[0]), day_bounds(last)[1]
    bucket_of = {pool.pk: bucket for bucket, pool in plan.pools.items()}
    cells = CapacityCell.objects.filter(pool_id__in=bucket_of, starts_at__gte=start, starts_at__lt=end)
    return {
        (bucket_of[pool], starts_at): (pk, target)
        for pk, pool, starts_at, target in cells.values_list("pk", "pool_id", "starts_at", "target")
    }


def _insert(plan: Plan, missing: list[tuple[Key, int]]) -> None:
    """Many cells by plain multi-row INSERTs: a tenth of the ORM's time for a million rows."""
    length = dt.timedelta(minutes=plan.raster)
    with connection.cursor() as cursor:
        for start in range(0, len(missing), INSERT_ROWS):
            part = missing[start : start + INSERT_ROWS]
            values: list[Any] = []
            for (bucket, starts_at), target in part:
                pool = plan.pools[bucket].pk
                values += [pool, moment_in(starts_at), moment_in(starts_at + length), target, target, 0]
            groups = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(part))
            cursor.execute(
                "INSERT INTO booking_capacitycell (pool_id, starts_at, ends_at, target, capacity, taken) "  # noqa: S608
                f"VALUES {groups} ON CONFLICT (pool_id, starts_at) DO NOTHING",
                values,
            )


def offering_changed(*, institution: Institution, now: dt.datetime) -> None:
    """Call after classes, hours, places, policy or closing days were saved: future cells follow."""
    generate_cells(institution_ids=[institution.pk], now=now)
