"""The one place that changes capacity cells.

Lock order everywhere: idempotency row → limits → credits → bookings, ledger, child slots → cells, and cells by
(pool, starts_at). A caller gathers all its deltas and calls :func:`change_cells` once, last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection

from booking.places.sql import marks
from cms.core.errors import Refused

BATCH = 500

LOCK = "SELECT id FROM booking_capacitycell WHERE id IN ({ids}) ORDER BY pool_id, starts_at FOR NO KEY UPDATE"
#: capacity = max(target, taken) in the statement that changes taken: a place above target is never sold again.
CHANGE = """
UPDATE booking_capacitycell
   SET taken = taken + %s,
       capacity = CASE WHEN target > taken + %s THEN target ELSE taken + %s END
 WHERE id IN ({ids}) AND taken + %s >= 0 {limit}
"""
RETARGET = """
UPDATE booking_capacitycell
   SET target = %s, capacity = CASE WHEN taken > %s THEN taken ELSE %s END
 WHERE id IN ({ids})
"""


class PlacesGone(Refused):
    """Not every cell could give what was asked; the caller's transaction must roll back."""

    code = "full"


def change_cells(deltas: Mapping[int, int], *, over_ok: bool = False) -> None:
    """Change ``taken`` of cells by units: ``{cell id: +take | -release}``, inside the caller's transaction.

    Raises ``PlacesGone`` unless every cell changed. ``over_ok`` lets a child in who stands at the door although the
    class is over (the institution was asked); capacity then follows taken.
    """
    wanted = {cell: units for cell, units in deltas.items() if units}
    lock_cells(wanted)
    by_units: dict[int, list[int]] = defaultdict(list)
    for cell, units in wanted.items():
        by_units[units].append(cell)
    for units, ids in sorted(by_units.items()):
        for batch in _batches(ids):
            _change(batch, units, over_ok=over_ok)


def lock_cells(ids: Iterable[int]) -> None:
    """Lock cells in the one order; SQLite's single writer needs none."""
    if not connection.features.has_select_for_update:
        return
    with connection.cursor() as cursor:
        wanted = list(ids)
        if wanted:
            cursor.execute(LOCK.format(ids=marks(len(wanted))), wanted)


def set_targets(targets: Mapping[int, int]) -> None:
    """Write what rules and roster now allow: ``{cell id: target}``; taken places stay taken (over by n)."""
    by_target: dict[int, list[int]] = defaultdict(list)
    for cell, target in targets.items():
        by_target[target].append(cell)
    for batch in _batches(list(targets)):
        lock_cells(batch)
    with connection.cursor() as cursor:
        for target, ids in by_target.items():
            for batch in _batches(ids):
                cursor.execute(RETARGET.format(ids=marks(len(batch))), [target, target, target, *batch])


def _change(ids: list[int], units: int, *, over_ok: bool) -> None:
    limit = "" if over_ok or units < 0 else "AND taken + %s <= capacity"
    parameters = [units, units, units, *ids, units, *([units] if limit else [])]
    with connection.cursor() as cursor:
        cursor.execute(CHANGE.format(ids=marks(len(ids)), limit=limit), parameters)
        if cursor.rowcount != len(ids):
            raise PlacesGone


def _batches(ids: list[int]) -> Iterable[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
