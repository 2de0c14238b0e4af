"""Pools of places and their cells in time."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from booking.places.enums import PlaceKind
from directory.districts.models import District
from directory.register.models import Institution

#: The pool of the whole house; a care booking takes places of it and of its class pool.
HOUSE_BUCKET = "all"


class CapacityPool(models.Model):
    """A set of places of one kind. ``bucket`` is an age class, ``mixed`` or ``all``; ``raster_minutes`` 0 =
    single cells. ``district`` follows the institution's or the session's.
    """

    Kind = PlaceKind

    kind = models.CharField(max_length=10, choices=PlaceKind.choices)
    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, null=True, blank=True, related_name="capacity_pools"
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", db_index=False)
    bucket = models.CharField(max_length=20)
    raster_minutes = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True, help_text="the class is run now; written with its cells")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "bucket"], condition=Q(kind=PlaceKind.CARE.value), name="capacity_pool_care_once"
            ),
            models.CheckConstraint(condition=Q(raster_minutes__in=[0, 15, 30]), name="capacity_pool_raster_known"),
            models.CheckConstraint(
                condition=~Q(kind=PlaceKind.CARE.value) | Q(institution__isnull=False),
                name="capacity_pool_care_has_institution",
            ),
            models.CheckConstraint(condition=~Q(bucket=""), name="capacity_pool_has_bucket"),
            models.CheckConstraint(condition=Q(kind__in=PlaceKind.values), name="capacity_pool_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.bucket} of {self.institution_id}"


class CapacityCell(models.Model):
    """Places of a pool in one half-open piece of time.

    ``target`` is what rules and roster allow; ``capacity`` = max(target, taken), so a place above target is never sold
    again; over by ``taken - target``. Only ``booking.places.services.cells`` writes here.
    """

    pool = models.ForeignKey(CapacityPool, on_delete=models.CASCADE, related_name="cells")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    target = models.PositiveSmallIntegerField()
    capacity = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "starts_at"], name="capacity_cell_once"),
            models.CheckConstraint(
                condition=Q(taken__gte=0) & Q(taken__lte=F("capacity")), name="capacity_cell_never_oversold"
            ),
            models.CheckConstraint(condition=Q(capacity__gte=F("target")), name="capacity_cell_holds_target"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="capacity_cell_ends_after_start"),
        ]
        # No index on target, capacity or taken: their updates stay in the page (HOT) on PostgreSQL.
        indexes = [models.Index(fields=["starts_at", "pool"], name="capacity_cell_by_time")]

    def __str__(self) -> str:
        return f"{self.pool_id} {self.starts_at}"
