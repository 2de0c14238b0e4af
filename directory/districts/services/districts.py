"""What staff correct of a district itself."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.districts.models import District
from directory.districts.services.checking import assign, lock_row, save_checked
from directory.districts.services.history import differences, record


@transaction.atomic
def correct_district(*, district: District, values: dict[str, Any], actor: AbstractBaseUser | None = None) -> District:
    """Change what is known of a district: its centre and how far it reaches."""
    district = lock_row(district)
    changes = differences(district, values)
    assign(district, values)
    save_checked(district)
    record(instance=district, action="wagtail.edit", actor=actor, changes=changes)
    versions.bump(PUBLIC_PAGES)
    return district
