"""Whatever holds places is a booking."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from booking.places.enums import WAITING_STATES, ActingSide, BookingStatus, PlaceKind
from booking.places.models.capacity import CapacityPool
from cms.accounts.models import Child, Family
from cms.core.security.codes import new_public_id, new_reference
from directory.districts.class_kinds import CareMode
from directory.districts.models import District
from directory.register.models import CareProduct, Institution


class BookingSeries(models.Model):
    """Bookings made as one act: recurring care, later monthly enrolment."""

    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"series {self.pk}"


class Booking(models.Model):
    """Places held by a family for one day of care, one session or one visit. States move only through services.

    ``district`` is the pool's when the booking was made. It has no index of its own here and in the event: a district
    is most of the table, and who reads by district reads by day too.
    """

    Kind = PlaceKind
    Status = BookingStatus

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    reference = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    kind = models.CharField(max_length=10, choices=PlaceKind.choices)
    status = models.CharField(max_length=10, choices=BookingStatus.choices)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", db_index=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="bookings")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    series = models.ForeignKey(BookingSeries, on_delete=models.SET_NULL, null=True, blank=True, related_name="bookings")
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    product = models.ForeignKey(CareProduct, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings")
    pool = models.ForeignKey(CapacityPool, on_delete=models.PROTECT, related_name="bookings")
    mode = models.CharField(max_length=12, choices=CareMode.choices, blank=True)
    units = models.PositiveSmallIntegerField(default=1)
    service_date = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    amount = models.PositiveIntegerField(default=0, help_text="fen")
    credit = models.PositiveIntegerField(default=0, help_text="fen, from vouchers")
    free_cancel_until = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["institution", "service_date"], name="booking_institution_day"),
            models.Index(fields=["family", "-starts_at"], name="booking_family_recent"),
            models.Index(fields=["service_date", "status"], name="booking_day_status"),
            models.Index(fields=["expires_at"], name="booking_overdue", condition=Q(status__in=WAITING_STATES)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_ends_after_start"),
            models.CheckConstraint(condition=Q(credit__lte=F("amount")), name="booking_credit_within_amount"),
            models.CheckConstraint(condition=Q(units__gte=1), name="booking_takes_something"),
            models.CheckConstraint(
                condition=Q(mode__in=["", *CareMode.values]),
                name="booking_mode_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=PlaceKind.CARE.value, institution__isnull=False, product__isnull=False, child__isnull=False
                )
                & ~Q(mode="")
                | Q(kind__in=[PlaceKind.SESSION.value, PlaceKind.VISIT.value], product__isnull=True, mode=""),
                name="booking_kind_has_its_parts",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=WAITING_STATES) | Q(expires_at__isnull=False),
                name="booking_waiting_has_expiry",
            ),
            models.CheckConstraint(
                condition=Q(status__in=BookingStatus.values),
                name="booking_status_known",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(arrived_at__isnull=False, left_at__gte=F("arrived_at")),
                name="booking_left_after_arrived",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class BookingEvent(models.Model):
    """One move of a booking, or a correction of its times; only added, never changed.

    A mark at the door has no reason, an undoing ``undo``, a correction the words of who corrected.
    """

    Side = ActingSide

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="events")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_status = models.CharField(max_length=10, blank=True)
    to_status = models.CharField(max_length=10)
    side = models.CharField(max_length=12, choices=ActingSide.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=80, blank=True)
    released = models.JSONField(
        null=True, blank=True, help_text="what the move gave back: {cells: {cell id: units}, slots: [moment]}"
    )
    times = models.JSONField(
        null=True, blank=True, help_text="what became of when the child came and left: {arrived_at: [before, after]}"
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["booking", "at"], name="booking_event_order")]
        constraints = [models.CheckConstraint(condition=Q(side__in=ActingSide.values), name="booking_event_side_known")]

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"
