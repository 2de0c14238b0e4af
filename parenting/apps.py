from __future__ import annotations

from django.apps import AppConfig


class ParentingConfig(AppConfig):
    name = "parenting"
    default_auto_field = "django.db.models.BigAutoField"
