"""Saving an institution's booking rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from booking.places.models import Booking, BookingPolicy, CapacityCell, CapacityPool
from booking.places.services.cells import lock_cells
from booking.places.services.generation import offering_changed
from booking.places.services.locking import lock_institution, retry_once_when_locked
from booking.places.states import OPEN, SPENT
from cms.core.errors import InvalidInput
from directory.districts.services.history import differences, record
from directory.register.models import Institution
from directory.register.services.changes import institution_changed
from directory.register.services.fees import carry_hourly_fees


class RasterInUse(InvalidInput):
    """The raster can't change while there are future bookings."""

    code = "raster_in_use"
    message = _("已有以后的预约，暂时不能改时间格。")


class RulesOutOfStep(InvalidInput):
    """Minimum and step must be whole numbers of the raster."""

    code = "rules_out_of_step"
    message = _("最短时间和每步时间要是时间格的整数倍。")


class RulesOutOfRange(InvalidInput):
    """A rule is not one of the values that its field or its constraint allows; ``fields`` says which, where known."""

    code = "rules_out_of_range"
    message = _("有的数字不在允许的范围内。")


def save_policy(
    *, institution: Institution, values: dict[str, Any], now: dt.datetime, actor: AbstractBaseUser | None = None
) -> BookingPolicy:
    """Write the rules (``values`` by field name); future cells and hourly fees follow. Raises ``RasterInUse``,
    ``RulesOutOfRange``, ``RulesOutOfStep``, ``FeeNotWhole``, ``Busy``.
    """
    return retry_once_when_locked(lambda: _save(institution, values, now=now, actor=actor))


@transaction.atomic
def _save(
    institution: Institution, values: dict[str, Any], *, now: dt.datetime, actor: AbstractBaseUser | None
) -> BookingPolicy:
    lock_institution(institution.pk)
    policy = BookingPolicy.objects.filter(institution=institution).first() or BookingPolicy(institution=institution)
    changes = differences(policy, values)
    raster_before, step_before = policy.raster_minutes, policy.step_minutes
    for name, value in values.items():
        setattr(policy, name, value)
    _check(policy)
    if policy.raster_minutes != raster_before:
        _clear_cells(institution, now=now)
    if policy.step_minutes != step_before:
        carry_hourly_fees(institution_id=institution.pk, step_before=step_before, step=policy.step_minutes)
    policy.confirmed_at = now
    policy.save()
    record(instance=policy, action="booking.policy", actor=actor, changes=changes)
    offering_changed(institution=institution, now=now)
    institution_changed(institution_id=institution.pk, now=now)
    return policy


def _check(policy: BookingPolicy) -> None:
    try:
        policy.full_clean(validate_unique=False)
    except ValidationError as error:
        found = {name: " ".join(words) for name, words in error.message_dict.items() if name != NON_FIELD_ERRORS}
        raise RulesOutOfRange(fields=found) from error
    if policy.minimum_minutes % policy.raster_minutes or policy.step_minutes % policy.raster_minutes:
        raise RulesOutOfStep


def _clear_cells(institution: Institution, *, now: dt.datetime) -> None:
    """Remove the future cells of the old raster; none of them may be taken, nor be taken back with a mark."""
    coming = Booking.objects.filter(institution=institution, status__in=OPEN | SPENT, ends_at__gt=now)
    cells = CapacityCell.objects.filter(
        pool__institution=institution, pool__kind=CapacityPool.Kind.CARE, starts_at__gte=now
    )
    # From here on no hold takes one: it waits for the cells, then finds none.
    lock_cells(cells.values_list("pk", flat=True))
    if coming.exists() or cells.filter(taken__gt=0).exists():
        raise RasterInUse
    cells.filter(bookings__isnull=True).delete()
