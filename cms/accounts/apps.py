"""People who sign in: parents, institution staff, district staff."""

from __future__ import annotations

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People who sign in: parents, institution staff, district staff."""

    name = "cms.accounts"
    label = "accounts"
    verbose_name = "账号"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register texts, personal data, the daily clean-up and the checks."""
        # Models can be imported only once the apps are loaded.
        from cms.accounts import checks, housekeeping, ports
        from cms.accounts.family.components.own_data import describe
        from cms.accounts.family.services import children, own_data
        from cms.accounts.messaging.components.me_card import messages_card
        from cms.accounts.messaging.services import text_messages
        from cms.core.runtime import kernel_ports
        from cms.core.runtime.kernel_ports import Job, OutboxHandler, PersonalDataPart

        ports.cards.register("messages", messages_card)
        texts = OutboxHandler(text_messages.deliver, label=_("短信"))
        kernel_ports.outbox_handlers.register(text_messages.TOPIC, texts)
        part = PersonalDataPart(own_data.export_part, describe, children.erase_children_of)
        kernel_ports.personal_data.register("family", part)
        kernel_ports.jobs.register("accounts: remove old rows", Job(housekeeping.remove_old_rows, at=dt.time(3, 50)))
        checks.register_all()
