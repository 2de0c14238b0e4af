"""A parent's own pages across the apps."""

from __future__ import annotations

from django.apps import AppConfig


class MeConfig(AppConfig):
    """A parent's own pages across the apps."""

    name = "cms.me"
    label = "me"
    verbose_name = "我的"
