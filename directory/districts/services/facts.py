"""A district's figures and rules: each is data with its source."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.core.errors import InvalidInput
from cms.core.runtime import versions
from cms.core.web.api_input import is_usable
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.districts.models import District, DistrictFact
from directory.districts.services.checking import assign, lock_row, save_checked
from directory.districts.services.history import differences, record


@transaction.atomic
def save_fact(
    *,
    district: District,
    values: dict[str, Any],
    fact: DistrictFact | None = None,
    actor: AbstractBaseUser | None = None,
) -> DistrictFact:
    """Enter or correct one figure. What a draft plan says is a draft, regardless of what was entered.

    Raises ``InvalidInput``, also for a value that no database can store.
    """
    row = DistrictFact(district=district) if fact is None else lock_row(fact)
    changes = differences(row, values) if fact else {}
    assign(row, values)
    _check_value(row.value)
    row.is_draft = row.is_draft or (row.district.is_draft and row.source_title == row.district.plan_title)
    save_checked(row)
    record(
        instance=row,
        action="wagtail.edit" if changes or fact else "wagtail.create",
        actor=actor,
        changes=changes,
    )
    versions.bump(PUBLIC_PAGES)
    return row


@transaction.atomic
def remove_fact(*, fact: DistrictFact, actor: AbstractBaseUser | None = None) -> None:
    """Take a figure away that was entered by mistake."""
    record(instance=fact, action="wagtail.delete", actor=actor, key=fact.key)
    fact.delete()
    versions.bump(PUBLIC_PAGES)


@transaction.atomic
def correct_district(*, district: District, values: dict[str, Any], actor: AbstractBaseUser | None = None) -> District:
    """Change what is known of a district: its plan's state and title, its modes, its centre."""
    district = lock_row(district)
    changes = differences(district, values)
    assign(district, values)
    save_checked(district)
    record(instance=district, action="wagtail.edit", actor=actor, changes=changes)
    versions.bump(PUBLIC_PAGES)
    return district


def _check_value(value: object) -> None:
    """Python reads ``NaN``, ``Infinity`` and NUL from JSON; the databases' JSON has none of them."""
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        is_storable = False
    else:
        is_storable = is_usable(value)
    if not is_storable:
        words = str(_("这个数值存不了，请直接写数字，例如 4.5。"))
        raise InvalidInput(words, fields={"value": words})
