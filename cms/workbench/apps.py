from __future__ import annotations

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """The institution's own space."""

    name = "cms.workbench"
    label = "workbench"
