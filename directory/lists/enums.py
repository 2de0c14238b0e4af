"""Choices of the official lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CoordinateSystem(models.TextChoices):
    WGS84 = "wgs84", _("WGS-84（国家测绘、GPS）")
    GCJ02 = "gcj02", _("GCJ-02（高德、腾讯地图）")
    BD09 = "bd09", _("BD-09（百度地图）")
