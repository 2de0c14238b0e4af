from __future__ import annotations

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClassesConfig(AppConfig):
    name = "parenting.classes"
    label = "parenting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can only be imported once all apps are loaded.
        from booking.care import ports as care_ports
        from cms.accounts import ports
        from cms.core.runtime import kernel_ports
        from cms.core.runtime.kernel_ports import Job, OutboxHandler, PersonalDataPart
        from cms.core.web.staff_scope import register_scope
        from directory.districts import ports as district_ports
        from directory.register import ports as register_ports
        from parenting.classes import receivers
        from parenting.classes.components.me_card import classes_card
        from parenting.classes.components.own_data import describe
        from parenting.classes.components.staff_lines import stranded_classes
        from parenting.classes.models import ClassSession
        from parenting.classes.queries.impact import touched_classes
        from parenting.classes.queries.signups import page_of_booking
        from parenting.classes.queries.staff import CLASS_HISTORY
        from parenting.classes.rights import OFFICE_PERMISSIONS
        from parenting.classes.services import notices, personal_data, publishing

        ports.cards.register("classes", classes_card)
        care_ports.class_page.register(page_of_booking)
        register_ports.timeline.register("classes", CLASS_HISTORY)
        district_ports.office_permissions.register("classes", OFFICE_PERMISSIONS)
        register_ports.impact.register("classes", touched_classes)
        register_ports.staff_lines.register("classes.stranded", stranded_classes)
        receivers.connect()
        register_scope(ClassSession, "district")
        part = PersonalDataPart(personal_data.export_part, describe, find_hold=personal_data.find_hold)
        kernel_ports.personal_data.register("classes", part)
        handlers = kernel_ports.outbox_handlers
        handlers.register(
            publishing.TOPIC_CANCELLED, OutboxHandler(publishing.cancel_signups, label=_("取消课堂的报名"))
        )
        handlers.register(notices.TOPIC_NOTICES, OutboxHandler(notices.send_notices, label=_("课堂变动的通知")))
        handlers.register(notices.TOPIC_REMINDER, OutboxHandler(notices.send_reminder, label=_("课堂前一天的提醒")))
        kernel_ports.jobs.register("parenting.reminder", Job(notices.remind_tomorrow, every=dt.timedelta(minutes=30)))
