"""Choices of the districts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    IN_FORCE = "in_force", _("已施行")
    DRAFT = "draft", _("征求意见稿")
    UNKNOWN = "unknown", _("日期待核")


class TownshipKind(models.TextChoices):
    STREET = "street", _("街道")
    TOWN = "town", _("镇")
    ZONE = "zone", _("开发区")


class Department(models.TextChoices):
    MATERNAL_CHILD_HEALTH = "maternal_child_health", _("妇幼保健")
    HEALTH_COMMISSION = "health_commission", _("卫健")
