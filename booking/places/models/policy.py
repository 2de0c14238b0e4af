"""Rules of booking as data, and how fresh the places are."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.register.models import Institution
from directory.register.ports import DEFAULT_STEP_MINUTES

#: The furthest day that any institution opens, counted from today. Cells reach one day further: the next day begins
#: before they are made.
FURTHEST_DAYS = 56


class BookingPolicy(models.Model):
    """An institution's booking rules: shown before booking and used by the engine. Without a row the defaults hold.

    ``confirmed_at``: when the institution last saved them itself; None where that was before anybody noted it.
    """

    institution = models.OneToOneField(Institution, on_delete=models.CASCADE, related_name="booking_policy")
    raster_minutes = models.PositiveSmallIntegerField(_("时间格（分钟）"), default=30)
    opens_days_ahead = models.PositiveSmallIntegerField(_("提前几天开放"), default=14)
    cutoff_minutes = models.PositiveSmallIntegerField(_("最晚提前多久（分钟）"), default=120)
    temporary_cutoff_minutes = models.PositiveSmallIntegerField(_("临时托最晚提前多久（分钟）"), default=0)
    minimum_minutes = models.PositiveSmallIntegerField(_("计时托最短（分钟）"), default=60)
    step_minutes = models.PositiveSmallIntegerField(_("计时托每步（分钟）"), default=DEFAULT_STEP_MINUTES)
    free_cancel_days_before = models.PositiveSmallIntegerField(_("免费取消：提前几天"), default=1)
    free_cancel_clock = models.TimeField(_("免费取消：几点前"), default=dt.time(14, 0))
    needs_acceptance = models.BooleanField(_("每次预约由机构确认"), default=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("预约规则")
        constraints = [
            models.CheckConstraint(condition=Q(raster_minutes__in=[15, 30]), name="booking_policy_raster_known"),
            models.CheckConstraint(
                condition=Q(opens_days_ahead__range=(1, FURTHEST_DAYS)), name="booking_policy_within_cells"
            ),
            models.CheckConstraint(condition=Q(step_minutes__in=[15, 30, 60]), name="booking_policy_step_known"),
            models.CheckConstraint(
                condition=Q(minimum_minutes__gte=15, minimum_minutes__lte=600), name="booking_policy_minimum_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"policy of {self.institution_id}"


class PlacesConfirmation(models.Model):
    """When the institution last said that its places are right; after three days (a setting) they are stale."""

    institution = models.OneToOneField(Institution, on_delete=models.CASCADE, related_name="places_confirmation")
    places_confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.institution_id} {self.places_confirmed_at}"
