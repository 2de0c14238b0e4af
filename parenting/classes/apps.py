from __future__ import annotations

import datetime as dt

from django.apps import AppConfig


class ClassesConfig(AppConfig):
    name = "parenting.classes"
    label = "parenting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can only be imported once all apps are loaded.
        from cms.accounts import ports
        from cms.core.runtime.jobs import register_job
        from cms.core.runtime.outbox import register_handler
        from cms.core.runtime.personal_data import register
        from cms.core.web.staff_scope import register_scope
        from parenting.classes import receivers
        from parenting.classes.components.me_card import classes_card
        from parenting.classes.models import ClassSession
        from parenting.classes.services import notices, personal_data, publishing

        ports.cards.register("classes", classes_card)
        receivers.connect()
        register_scope(ClassSession, "district")
        register("classes", personal_data.export_part)
        register_handler(publishing.TOPIC_CANCELLED, publishing.cancel_signups)
        register_handler(notices.TOPIC_REMINDER, notices.tell_reminder)
        register_job("parenting.reminder", notices.remind_tomorrow, every=dt.timedelta(minutes=30))
