"""Demo data and the developer inbox; never in production."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Demo data and the developer inbox; never in production."""

    name = "cms.demo"
    label = "demo"
    verbose_name = "演示"
