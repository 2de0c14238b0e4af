"""Cells ahead, from opening rules: what may be sold in each half hour up to the furthest day that is opened.

Target of a class cell = Σ over its groups open then of min(class places, caregivers on duty × ratio) − regular places;
of the house cell = filed places − regular places.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from booking.places.models import BookingPolicy, CapacityCell, CapacityPool
from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.models.policy import FURTHEST_DAYS
from booking.places.services.cells import set_targets
from booking.places.services.locking import lock_institution, retry_once_when_locked
from booking.places.stay_rules import ClosedPart
from booking.places.targets import group_target
from cms.core.calendar.times import at, day_bounds, local_date, minutes_of
from cms.core.runtime.failures import log_failure
from cms.core.runtime.sql import execute, moment_in, with_tables
from directory.register.models import ClassGroup, ClosingDay, Institution, OpeningRule

logger = logging.getLogger(__name__)

INSERT_ROWS = 400

INSERT_CELLS = with_tables(
    "INSERT INTO {CapacityCell} (pool_id, starts_at, ends_at, target, capacity, taken)"
    " VALUES {groups} ON CONFLICT (pool_id, starts_at) DO NOTHING",
    CapacityCell,
)

Key = tuple[str, dt.datetime]


class CellsNotMade(Exception):
    """Some institutions got no cells; the log names them, the next run tries them again."""


@dataclass(slots=True)
class CellPlan:
    """One institution with all that decides its cells."""

    institution: Institution
    raster: int
    groups: list[ClassGroup]
    rules: dict[int, list[OpeningRule]]
    closed: dict[dt.date, list[ClosedPart]]
    pools: dict[str, CapacityPool] = field(default_factory=dict)


def horizon(now: dt.datetime) -> tuple[dt.date, dt.date]:
    """Today and the last day for which cells are made: tomorrow's furthest, since tomorrow begins before the nightly
    job.
    """
    today = local_date(now)
    return today, today + dt.timedelta(days=FURTHEST_DAYS + 1)


def generate_cells(
    *, now: dt.datetime, institution_ids: Iterable[int], days: tuple[dt.date, dt.date] | None = None
) -> int:
    """Make missing cells and write new targets from now on; returns how many cells were made.

    ``days`` are the first and last day (inclusive), those of :func:`horizon` by default. Idempotent. Cells no longer
    covered by a rule get target 0 and keep what is taken. Each institution has its own transaction; raises ``Busy``.
    """
    first, last = days or horizon(now)
    return sum(
        retry_once_when_locked(lambda pk=pk: _generate(pk, first, last, now=now))  # type: ignore[misc]  # bound now
        for pk in institution_ids
    )


def generate_all(now: dt.datetime) -> int:
    """The nightly job: every institution with classes. Raises ``CellsNotMade`` at the end where one of them failed."""
    made, failed = 0, 0
    with_classes = ClassGroup.objects.values_list("institution_id", flat=True).distinct()
    for pk in sorted(with_classes):
        try:
            made += generate_cells(institution_ids=[pk], now=now)
        except Exception as error:  # any error: the next institution still gets its cells
            log_failure(logger, f"making cells of institution {pk}", error)
            failed += 1
    if failed:
        raise CellsNotMade(failed)
    return made


@transaction.atomic
def _generate(institution_id: int, first: dt.date, last: dt.date, *, now: dt.datetime) -> int:
    """Read and write under the institution's lock: everything that changes what is read here takes the lock too, so no
    plan is older than what it overwrites.
    """
    return _write(_read_plan(lock_institution(institution_id)), first, last, now=now)


def _write(plan: CellPlan, first: dt.date, last: dt.date, *, now: dt.datetime) -> int:
    _ensure_pools(plan)
    wanted = _wanted(plan, first, last, now=now)
    existing = _existing(plan, first, last, now=now)
    set_targets({pk: wanted.get(key, 0) for key, (pk, target) in existing.items() if wanted.get(key, 0) != target})
    missing = [(key, target) for key, target in wanted.items() if key not in existing]
    _insert(plan, missing)
    return len(missing)


def _read_plan(institution: Institution) -> CellPlan:
    """Rules, classes, closing days and pools of an institution that is locked."""
    raster = BookingPolicy.objects.filter(institution=institution).values_list("raster_minutes", flat=True).first()
    groups = list(ClassGroup.objects.filter(institution=institution, active=True).order_by("pk"))
    rules: dict[int, list[OpeningRule]] = defaultdict(list)
    for rule in OpeningRule.objects.filter(class_group__in=groups):
        rules[rule.class_group_id].append(rule)
    return CellPlan(
        institution=institution,
        raster=raster or BookingPolicy().raster_minutes,
        groups=groups,
        rules=rules,
        closed=_closed_parts(institution),
        pools=_pools_of(institution),
    )


def _closed_parts(institution: Institution) -> dict[dt.date, list[ClosedPart]]:
    closed: dict[dt.date, list[ClosedPart]] = defaultdict(list)
    rows = ClosingDay.objects.filter(institution=institution)
    for day, kind, starts, ends in rows.values_list("date", "class_kind", "from_minute", "to_minute"):
        closed[day].append(ClosedPart(kind, starts, ends))
    return closed


def _pools_of(institution: Institution) -> dict[str, CapacityPool]:
    pools = CapacityPool.objects.filter(institution=institution, kind=CapacityPool.Kind.CARE)
    return {pool.bucket: pool for pool in pools}


def _ensure_pools(plan: CellPlan) -> None:
    """One pool for each class kind that is run and one for the house; a class no longer run is switched off."""
    run = {group.kind for group in plan.groups}
    run |= {HOUSE_BUCKET} if run else set()
    missing = run - plan.pools.keys()
    CapacityPool.objects.bulk_create(
        [
            CapacityPool(
                kind=CapacityPool.Kind.CARE,
                institution=plan.institution,
                district_id=plan.institution.district_id,
                bucket=bucket,
                raster_minutes=plan.raster,
            )
            for bucket in sorted(missing)
        ],
        ignore_conflicts=True,
    )
    if missing:
        plan.pools = _pools_of(plan.institution)
    for bucket, pool in plan.pools.items():
        wanted = (bucket in run, plan.raster, plan.institution.district_id)
        if (pool.active, pool.raster_minutes, pool.district_id) != wanted:
            pool.active, pool.raster_minutes, pool.district_id = wanted
            pool.save(update_fields=["active", "raster_minutes", "district"])


def _wanted(plan: CellPlan, first: dt.date, last: dt.date, *, now: dt.datetime) -> dict[Key, int]:
    """``{(bucket, starts_at): target}`` for all cells from now on."""
    found: dict[Key, int] = {}
    by_weekday = {weekday: _weekday_targets(plan, weekday) for weekday in range(7)}
    open_to_all = plan.institution.looks_after_children
    day = first
    while day <= last:
        closed = plan.closed.get(day)
        targets = _weekday_targets(plan, day.weekday(), closed) if closed else by_weekday[day.weekday()]
        midnight = at(day, dt.time.min)
        for (bucket, minute), target in targets.items():
            starts_at = midnight + dt.timedelta(minutes=minute)
            if starts_at >= now:
                found[bucket, starts_at] = target if open_to_all else 0
        day += dt.timedelta(days=1)
    return found


def _weekday_targets(plan: CellPlan, weekday: int, closed: Sequence[ClosedPart] = ()) -> dict[tuple[str, int], int]:
    """``{(bucket, minute of the day): target}`` of one weekday; a closed class counts as not open."""
    targets: dict[tuple[str, int], int] = defaultdict(int)
    regular: dict[int, int] = defaultdict(int)
    for group in plan.groups:
        for rule in plan.rules.get(group.pk, ()):
            if rule.weekday != weekday:
                continue
            target = group_target(group, rule)
            for minute in _raster_minutes(rule, plan.raster):
                if any(part.covers(group.kind, minute, minute + plan.raster) for part in closed):
                    continue
                targets[group.kind, minute] += target
                regular[minute] += rule.regular_places
    house = filed_places(plan)
    for minute, taken in regular.items():
        targets[HOUSE_BUCKET, minute] = max(0, house - taken)
    return dict(targets)


def filed_places(plan: CellPlan) -> int:
    """The places filed; where the list did not state them, those of the classes, each within the national standard."""
    return plan.institution.places or sum(group.places for group in plan.groups)


def _raster_minutes(rule: OpeningRule, raster: int) -> range:
    """Starts of the whole cells between opening and closing, on the raster of the day."""
    opens = -(-minutes_of(rule.opens) // raster) * raster
    closes = minutes_of(rule.closes) // raster * raster
    return range(opens, closes, raster)


def _existing(plan: CellPlan, first: dt.date, last: dt.date, *, now: dt.datetime) -> dict[Key, tuple[int, int]]:
    start, end = max(now, day_bounds(first)[0]), day_bounds(last)[1]
    bucket_of = {pool.pk: bucket for bucket, pool in plan.pools.items()}
    cells = CapacityCell.objects.filter(pool_id__in=bucket_of, starts_at__gte=start, starts_at__lt=end)
    return {
        (bucket_of[pool], starts_at): (pk, target)
        for pk, pool, starts_at, target in cells.values_list("pk", "pool_id", "starts_at", "target")
    }


def _insert(plan: CellPlan, missing: list[tuple[Key, int]]) -> None:
    """Many cells by plain multi-row INSERTs: a tenth of the ORM's time for a million rows."""
    length = dt.timedelta(minutes=plan.raster)
    for start in range(0, len(missing), INSERT_ROWS):
        part = missing[start : start + INSERT_ROWS]
        values: list[Any] = []
        for (bucket, starts_at), target in part:
            pool = plan.pools[bucket].pk
            values += [pool, moment_in(starts_at), moment_in(starts_at + length), target, target, 0]
        groups = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(part))
        execute(INSERT_CELLS.format(groups=groups), values)


def offering_changed(*, institution: Institution, now: dt.datetime) -> None:
    """Call after classes, hours, places, policy or closing days were saved: future cells follow."""
    generate_cells(institution_ids=[institution.pk], now=now)
