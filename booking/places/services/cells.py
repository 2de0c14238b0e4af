"""The one place that changes capacity cells.

Lock order everywhere: idempotency row → existing bookings by id → limits → credits → new bookings, ledger, child slots
→ cells by (pool, starts_at). A caller gathers all its deltas and calls :func:`change_cells` once, last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.db import connection

from booking.places.models import CapacityCell
from cms.core.errors import Refused
from cms.core.runtime.sql import among, execute, rows, with_tables
from directory.register.models import Institution

#: SQLite takes so many values in one statement.
BATCH = 500

LOCK = with_tables(
    "SELECT id FROM {CapacityCell} WHERE {among} ORDER BY pool_id, starts_at FOR NO KEY UPDATE", CapacityCell
)
#: capacity = max(target, taken) in the statement that changes taken: a place above target is never sold again.
CHANGE = with_tables(
    """
UPDATE {CapacityCell}
   SET taken = taken + %s,
       capacity = CASE WHEN target > taken + %s THEN target ELSE taken + %s END
 WHERE {among} AND taken + %s >= 0 {limit}
""",
    CapacityCell,
)
#: The institution still takes bookings, as the statement itself sees it. Parameter: its id.
STILL_TAKING = with_tables(
    f" AND EXISTS (SELECT 1 FROM {{Institution}} WHERE id = %s AND state = '{Institution.State.ACTIVE.value}')",  # noqa: S608  # names of ours
    Institution,
)
RETARGET = with_tables(
    "UPDATE {CapacityCell} SET target = %s, capacity = CASE WHEN taken > %s THEN taken ELSE %s END WHERE {among}",
    CapacityCell,
)
NUMBERS = with_tables("SELECT id, taken, target FROM {CapacityCell} WHERE {among}", CapacityCell)


class PlacesGone(Refused):
    """Not every cell could give what was asked; the caller's transaction must roll back.

    ``extra["deltas"]`` is what was asked.
    """

    code = "full"


def change_cells(deltas: Mapping[int, int], *, over_ok: bool = False, sold_by: int | None = None) -> None:
    """Change ``taken`` of cells by units: ``{cell id: +take | -release}``, inside the caller's transaction.

    A delta of 0 is a place that is given back and taken in one act: such a cell is looked at too, because a place
    above target is never passed on. Raises ``PlacesGone`` unless every cell changed. ``over_ok=True`` allows exceeding
    the target after staff confirmed it; capacity then follows taken. ``sold_by`` is the institution of a new booking:
    nothing is taken where it stopped taking bookings before these cells were locked.
    """
    lock_cells(deltas)
    by_units: dict[int, list[int]] = defaultdict(list)
    for cell, units in deltas.items():
        by_units[units].append(cell)
    for units, ids in sorted(by_units.items()):
        for batch in _batches(ids):
            if _change(batch, units, over_ok=over_ok, sold_by=sold_by) != len(batch):
                raise PlacesGone(deltas=dict(deltas))


def lock_cells(ids: Iterable[int]) -> None:
    """Lock cells in the one order by one statement; SQLite's single writer needs none."""
    wanted = list(ids)
    if wanted and connection.features.has_select_for_update:
        condition, parameters = among("id", wanted)
        rows(LOCK.format(among=condition), parameters)


def set_targets(targets: Mapping[int, int]) -> None:
    """Write what rules and roster now allow: ``{cell id: target}``; taken places stay taken (over by n)."""
    by_target: dict[int, list[int]] = defaultdict(list)
    for cell, target in targets.items():
        by_target[target].append(cell)
    lock_cells(targets)
    for target, ids in by_target.items():
        for batch in _batches(ids):
            condition, parameters = among("id", batch)
            execute(RETARGET.format(among=condition), [target, target, target, *parameters])


def over_by(deltas: Mapping[int, int]) -> int:
    """By how many children the cells would be over their target after the change, at the worst time."""
    worst = 0
    for batch in _batches(list(deltas)):
        condition, parameters = among("id", batch)
        for cell, taken, target in rows(NUMBERS.format(among=condition), parameters):
            worst = max(worst, taken + deltas[cell] - target)
    return worst


def _change(ids: list[int], units: int, *, over_ok: bool, sold_by: int | None) -> int:
    condition, wanted = among("id", ids)
    limited = units >= 0 and not over_ok
    limit = "AND taken + %s <= target" if limited else ""
    parameters = [units, units, units, *wanted, units, *([units] if limited else [])]
    if limited and sold_by is not None:
        limit += STILL_TAKING
        parameters.append(sold_by)
    return execute(CHANGE.format(among=condition, limit=limit), parameters)


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
