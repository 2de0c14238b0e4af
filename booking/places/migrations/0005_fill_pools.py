"""The district of the pools that an institution has; parenting knows that of its sessions'."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill_pools(apps: Any, schema_editor: Any) -> None:
    """An institution has a handful of pools: one statement."""
    institutions = apps.get_model("directory", "Institution").objects.filter(pk=OuterRef("institution_id"))
    pools = apps.get_model("booking", "CapacityPool").objects.filter(district=None, institution__isnull=False)
    pools.update(district_id=Subquery(institutions.values("district_id")))



class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0004_district_and_start"),
    ]

    operations = [migrations.RunPython(fill_pools, migrations.RunPython.noop)]
