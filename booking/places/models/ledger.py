"""What each booking holds, and the answers to repeated requests."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from booking.places.models.booking import Booking
from booking.places.models.capacity import CapacityCell
from cms.accounts.models import Child


class BookingCell(models.Model):
    """The ledger: a booking takes ``units`` of a cell. Rows go when the place is given back.

    ``starts_at`` is the cell's: what is still to come, and what is old, is known without the cells.
    """

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="cells")
    cell = models.ForeignKey(CapacityCell, on_delete=models.PROTECT, related_name="bookings")
    units = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "cell"], name="booking_cell_once"),
            models.CheckConstraint(condition=Q(units__gte=1), name="booking_cell_takes_something"),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.cell_id}"


class ChildSlot(models.Model):
    """A child is somewhere in one quarter of an hour: it can't be in two places. Rows go on release."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="slots")
    slot_at = models.DateTimeField()
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="child_slots")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["child", "slot_at"], name="child_slot_once")]

    def __str__(self) -> str:
        return f"{self.child_id} {self.slot_at}"


class IdempotencyKey(models.Model):
    """The stored answer of a request that changed something, written in its transaction."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    answer = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "key"], name="idempotency_key_once"),
            models.CheckConstraint(condition=~Q(key=""), name="idempotency_key_not_empty"),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]

    def __str__(self) -> str:
        return self.key
