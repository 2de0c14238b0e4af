"""What writing institutions in batches shares: the batches, their history, and who is notified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.models import ModelLogEntry

from directory.districts.models import Township
from directory.districts.services.history import without_personal
from directory.register.services.changes import institutions_changed
from directory.register.services.townships import recompute_centre

BATCH = 500
Item = TypeVar("Item")
Progress = Callable[[int], None]


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """``BATCH`` items at a time."""
    source = iter(items)
    while batch := list(islice(source, BATCH)):
        yield batch


def record_batch(
    rows: Sequence[tuple[models.Model, dict[str, list[str]]]],
    *,
    action: str,
    now: dt.datetime,
    actor: AbstractBaseUser | None,
) -> None:
    """History entries of a batch by one INSERT, as ``changes.record`` writes them one by one."""
    if not rows:
        return
    content_type = ContentType.objects.get_for_model(rows[0][0], for_concrete_model=False)
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=content_type,
            object_id=str(instance.pk),
            label=str(instance),
            action=action,
            timestamp=now,
            user=actor,
            data=_data(changes),
            content_changed=True,
        )
        for instance, changes in rows
    )


def _data(changes: dict[str, list[str]]) -> dict[str, Any]:
    shown = without_personal(changes)
    return {"import": True, "changes": shown} if shown else {"import": True}


def announce(pks: list[int], unannounced: list[int] | None, *, now: dt.datetime) -> None:
    """Have the institutions indexed, or leave that to the caller who collects them in ``unannounced``."""
    if unannounced is None:
        institutions_changed(institution_ids=pks, now=now)
    else:
        unannounced += pks


def recompute_centres(township_ids: Iterable[int]) -> None:
    """Set the centres of townships again in which institutions were written, each locked in the order of their keys."""
    for township in Township.objects.filter(pk__in=set(township_ids)).order_by("pk"):
        recompute_centre(township=township)
