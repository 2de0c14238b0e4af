"""The index knows a price for each mode: what is indexed already is indexed again by the job runner."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone

TOPIC, KEY = "search.rebuild", "directory.0013_index_again"


def ask_for_rebuild(apps: Any, schema_editor: Any) -> None:
    if not apps.get_model("directory", "SearchEntry").objects.exists():
        return
    now = timezone.now()
    outbox = apps.get_model("core", "OutboxMessage").objects
    outbox.get_or_create(topic=TOPIC, key=KEY, defaults={"payload": {}, "created_at": now, "available_at": now})


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_job_failures"),
        ("directory", "0012_product_without_fee"),
    ]

    operations = [migrations.RunPython(ask_for_rebuild, migrations.RunPython.noop)]
