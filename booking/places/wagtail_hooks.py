"""Words of the admin's history for the booking rules."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def register_actions(actions: LogActionRegistry) -> None:
    """Institutions save their booking rules."""
    actions.register_action("booking.policy", _("修改预约规则"), _("修改预约规则"))
