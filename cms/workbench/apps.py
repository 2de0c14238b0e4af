from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkbenchConfig(AppConfig):
    """The institution's own space."""

    name = "cms.workbench"
    label = "workbench"

    def ready(self) -> None:
        # Models can be imported only once the app registry is ready.
        from directory.register.ports import WorkbenchSection, workbench_sections

        for order, name, label, managers_only in (
            (10, "today", _("今天"), False),
            (20, "week", _("周视图"), True),
            (90, "settings", _("设置"), True),
        ):
            workbench_sections.register(name, WorkbenchSection(order, label, f"workbench:{name}", managers_only))
