"""The district of bookings (their pool's) and of their events, and the moment of ledger rows (their cell's)."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery

BATCH = 10_000


class NoDistrict(Exception):
    """Pools that belong to no institution and no session: somebody gives them a district, then migrates again."""


def fill_bookings(apps: Any, schema_editor: Any) -> None:
    """Each table in batches of ids. Raises ``NoDistrict`` before anything is written."""
    pools, bookings, events, ledger, cells = (
        apps.get_model("booking", name).objects
        for name in ("CapacityPool", "Booking", "BookingEvent", "BookingCell", "CapacityCell")
    )
    without = list(pools.filter(district=None).order_by("pk").values_list("pk", flat=True)[:20])
    if without:
        raise NoDistrict(f"pools {', '.join(map(str, without))}")
    fill(bookings, district_id=pools.filter(pk=OuterRef("pool_id")).values("district_id"))
    fill(events, district_id=bookings.filter(pk=OuterRef("booking_id")).values("district_id"))
    fill(ledger, starts_at=cells.filter(pk=OuterRef("cell_id")).values("starts_at"))


def fill(rows: Any, **column: Any) -> None:
    """Write one column of the rows that have none, by ranges of their ids."""
    ((name, values),) = column.items()
    last = rows.order_by("-pk").values_list("pk", flat=True).first() or 0
    for start in range(0, last, BATCH):
        part = rows.filter(pk__gt=start, pk__lte=start + BATCH, **{name: None})
        part.update(**{name: Subquery(values)})



class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0005_fill_pools"),
        ("parenting", "0004_fill_session_pools"),
    ]

    operations = [migrations.RunPython(fill_bookings, migrations.RunPython.noop)]
