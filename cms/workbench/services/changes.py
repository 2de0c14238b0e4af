"""Saving a setting: future cells follow in the same transaction; booked children it would push over are named first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from booking.places.models import Booking, CapacityCell
from booking.places.services.freshness import confirm_places
from booking.places.services.generation import offering_changed
from booking.places.services.locking import lock_institution, retry_once_when_locked
from cms.core.errors import Refused
from cms.workbench.queries.cells import CellNumbers, OverSpan, over_spans
from directory.register.models import Institution

T = TypeVar("T")


class WouldOverbook(Refused):
    """The change leaves bookings over capacity; ``spans`` and ``bookings`` say where. Nothing was saved."""

    code = "would_overbook"
    message = _("这样改，已经约好的宝宝会超出。")

    def __init__(self, spans: list[OverSpan], bookings: list[Booking]) -> None:
        super().__init__()
        self.spans = spans
        self.bookings = bookings


def apply_change(*, institution: Institution, act: Callable[[], T], accept_over: bool, now: dt.datetime) -> T:
    """Run ``act`` (a service that saves a setting) and write the new cells.

    Unless ``accept_over``, a change after which more children are booked than allowed, at a time when they were not so
    before, is rolled back and raises ``WouldOverbook``. Bookings themselves are never touched by a setting. Raises
    ``Busy``.
    """
    return retry_once_when_locked(lambda: _apply(institution, act, accept_over=accept_over, now=now))


@transaction.atomic
def _apply(institution: Institution, act: Callable[[], T], *, accept_over: bool, now: dt.datetime) -> T:
    lock_institution(institution.pk)
    before = _over_cells(institution, now)
    result = act()
    offering_changed(institution=institution, now=now)
    # Whoever sets the places says with it that they are right.
    confirm_places(institution=institution, actor=None, now=now)
    if not accept_over:
        after = _over_cells(institution, now)
        worse = {pk: cell for pk, cell in after.items() if pk not in before or cell.over > before[pk].over}
        if worse:
            raise WouldOverbook(over_spans(worse.values()), _bookings_in(institution, list(worse)))
    return result


def _over_cells(institution: Institution, now: dt.datetime) -> dict[int, CellNumbers]:
    found = CapacityCell.objects.filter(
        pool__institution_id=institution.pk, pool__kind="care", ends_at__gt=now, taken__gt=F("target")
    ).order_by("pool__bucket", "starts_at")
    names = ("pk", "pool__bucket", "starts_at", "ends_at", "target", "taken")
    return {pk: CellNumbers(*rest) for pk, *rest in found.values_list(*names)}


def _bookings_in(institution: Institution, cells: list[int]) -> list[Booking]:
    """Bookings that take part in the cells, by time; asked in pieces that every database takes."""
    found: dict[int, Booking] = {}
    for start in range(0, len(cells), 500):
        part = Booking.objects.filter(institution_id=institution.pk, cells__cell_id__in=cells[start : start + 500])
        found |= {booking.pk: booking for booking in part.select_related("child", "product", "pool").distinct()}
    return sorted(found.values(), key=lambda booking: (booking.starts_at, booking.pk))
