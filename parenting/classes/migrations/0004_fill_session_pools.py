"""The district of the pools of sessions, which booking can't know."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill_session_pools(apps: Any, schema_editor: Any) -> None:
    """A session has one pool: one statement. A pool whose session was deleted holds nothing and goes."""
    places = apps.get_model("parenting", "SessionPlaces").objects.filter(cell__pool_id=OuterRef("pk"))
    pools = apps.get_model("booking", "CapacityPool").objects.filter(kind="session", district=None)
    pools.update(district_id=Subquery(places.values("session__district_id")[:1]))
    pools.filter(cells__session_places=None, bookings=None).delete()



class Migration(migrations.Migration):
    dependencies = [
        ("parenting", "0003_signup_district"),
        ("booking", "0005_fill_pools"),
    ]

    operations = [migrations.RunPython(fill_session_pools, migrations.RunPython.noop)]
