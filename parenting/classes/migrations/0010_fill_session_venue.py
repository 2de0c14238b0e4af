"""Where the families of published sessions believe them to be: what the published text says."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    """Those noted by the running release already are left alone."""
    session = apps.get_model("parenting", "ClassSession").objects.filter(pk=OuterRef("session_id"))
    places = apps.get_model("parenting", "SessionPlaces").objects.filter(venue="")
    places.update(venue=Subquery(session.values("venue")), address=Subquery(session.values("address")))


class Migration(migrations.Migration):
    dependencies = [("parenting", "0009_session_venue")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
