"""Choices of places and bookings."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.districts.class_kinds import CareMode

#: half_month is a word of one district's plan until there are series: a stay of one day must not cost half a month.
BOOKABLE_MODES = (CareMode.FULL_DAY, CareMode.HALF_DAY, CareMode.HOURLY, CareMode.TEMPORARY)


class PlaceKind(models.TextChoices):
    """What a pool's places are for, and so what a booking of them is."""

    CARE = "care", _("托育")
    SESSION = "session", _("课堂")
    VISIT = "visit", _("入户")


class BookingStatus(models.TextChoices):
    HELD = "held", _("已保留")
    REQUESTED = "requested", _("等机构答复")
    CONFIRMED = "confirmed", _("已预约")
    ARRIVED = "arrived", _("在园")
    COMPLETED = "completed", _("已完成")
    ABSENT = "absent", _("没来")
    CANCELLED = "cancelled", _("已取消")
    DECLINED = "declined", _("机构未接受")
    EXPIRED = "expired", _("已过时")


#: States that end by themselves at ``expires_at``.
WAITING_STATES = [BookingStatus.HELD.value, BookingStatus.REQUESTED.value]


class ActingSide(models.TextChoices):
    """Who moved a booking."""

    PARENT = "parent", _("家长")
    INSTITUTION = "institution", _("机构")
    STAFF = "staff", _("工作人员")
    SITE = "site", _("网站")
