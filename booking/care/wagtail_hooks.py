"""Words of the admin's history for what institutions do with their days."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    """Closing days and opening them again."""
    actions.register_action("booking.close", _("设为休息"), _("设为休息"))
    actions.register_action("booking.reopen", _("重新开放"), _("重新开放"))
