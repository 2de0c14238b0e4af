"""Where a township lies: the mean of its institutions that have not ended, unless staff have entered a centre."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Avg

from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.districts.models import Township
from directory.districts.services.checking import assign, lock_row, save_checked
from directory.districts.services.history import differences, record
from directory.register.models import Institution
from directory.register.services.changes import institutions_changed


@transaction.atomic
def recompute_centre(*, township: Township) -> Township:
    """Set the centre to the mean of the institutions that have coordinates and have not ended, drafts included.

    An entered centre stays, also one that staff have entered since ``township`` was read.
    """
    township = lock_row(township)
    if township.centre_is_manual:
        return township
    mean = (
        Institution.objects.filter(township=township, latitude__isnull=False)
        .exclude(state=Institution.State.ENDED)
        .aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))
    )
    township.centre_latitude, township.centre_longitude = mean["latitude"], mean["longitude"]
    township.save(update_fields=["centre_latitude", "centre_longitude"])
    return township


@transaction.atomic
def correct_township(
    *, township: Township, values: dict[str, Any], now: dt.datetime, actor: AbstractBaseUser | None = None
) -> Township:
    """Change a township. With ``centre_is_manual`` False the centre is computed again.

    A new name reaches the search index: institutions are found by the name of their township.
    """
    township = lock_row(township)
    changes = differences(township, values)
    assign(township, values)
    if not township.centre_is_manual:
        township.centre_latitude = township.centre_longitude = None
    save_checked(township)
    township = recompute_centre(township=township)
    record(instance=township, action="wagtail.edit", actor=actor, changes=changes)
    if "name" in changes:
        named = Institution.objects.filter(township=township, is_public=True).order_by("pk")
        institutions_changed(institution_ids=named.values_list("pk", flat=True), now=now)
    versions.bump(PUBLIC_PAGES)
    return township
