"""A rectification of the first release cancelled what was booked: it closed the institution."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    """Only those under way; ended ones left nothing behind."""
    institutions = apps.get_model("directory", "Institution").objects
    institutions.filter(state="under_rectification", rectification_kind="").update(rectification_kind="closes")


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_rectification_kind")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
