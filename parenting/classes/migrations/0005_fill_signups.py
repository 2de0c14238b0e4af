"""The district of sign-ups: their booking's."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill_signups(apps: Any, schema_editor: Any) -> None:
    """A district has some thousands of sign-ups: one statement."""
    bookings = apps.get_model("booking", "Booking").objects.filter(pk=OuterRef("booking_id"))
    signups = apps.get_model("parenting", "ClassSignup").objects.filter(district=None)
    signups.update(district_id=Subquery(bookings.values("district_id")))



class Migration(migrations.Migration):
    dependencies = [
        ("parenting", "0004_fill_session_pools"),
        ("booking", "0006_fill_bookings"),
    ]

    operations = [migrations.RunPython(fill_signups, migrations.RunPython.noop)]
