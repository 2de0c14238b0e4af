from __future__ import annotations

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    name = "booking.care"
    label = "care"

    def ready(self) -> None:
        # Models can only be imported once all apps are loaded.
        from booking.care import tasks
        from booking.care.components.own_data import describe
        from booking.care.queries.affected import touched_by_stop
        from booking.care.queries.bookings import count_coming_bookings
        from booking.care.queries.staff_work import UNANSWERED_REQUESTS
        from booking.care.services import closing, notices, personal_data, stop_notices, stopped
        from cms.accounts import ports as accounts_ports
        from cms.core.calendar.reminders import REMIND_FROM
        from cms.core.runtime import kernel_ports
        from cms.core.runtime.kernel_ports import Job, OutboxHandler, PersonalDataPart
        from directory.register import ports

        accounts_ports.coming_bookings.register(count_coming_bookings)
        ports.institution_work.register("unanswered", UNANSWERED_REQUESTS)
        ports.standing_lost.register("care", closing.stop_care)
        ports.offering_changed.register("care", closing.resume_care)
        ports.impact.register("care", touched_by_stop)
        part = PersonalDataPart(personal_data.export_part, describe, find_hold=personal_data.find_hold)
        kernel_ports.personal_data.register("bookings", part)
        handlers = kernel_ports.outbox_handlers
        cancelling = OutboxHandler(stopped.cancel_stopped, versions=stopped.READABLE, label=_("取消停止托育后的预约"))
        handlers.register(stopped.TOPIC, cancelling)
        several = OutboxHandler(stop_notices.send_family_notice, label=_("停止托育的通知"))
        handlers.register(stop_notices.TOPIC, several)
        handlers.register(notices.TOPIC_MOVED, OutboxHandler(notices.send_move_notice, label=_("改时间的通知")))
        handlers.register(notices.TOPIC_REMINDER, OutboxHandler(notices.send_reminder, label=_("预约前一天的提醒")))
        kernel_ports.jobs.register("booking.remind", Job(notices.remind_tomorrow, at=REMIND_FROM))
        kernel_ports.jobs.register("booking.end", Job(tasks.end_unanswered, at=dt.time(2, 30)))
        kernel_ports.jobs.register("booking.expire", Job(tasks.expire_overdue, every=dt.timedelta(seconds=15)))
