from __future__ import annotations

import datetime as dt

from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "booking.care"
    label = "care"

    def ready(self) -> None:
        # Models can only be imported once all apps are loaded.
        from booking.care.services import closing, expiry, notices, personal_data
        from cms.core.runtime.jobs import register_job
        from cms.core.runtime.outbox import register_handler
        from cms.core.runtime.personal_data import register
        from directory.register import ports

        ports.standing_lost.register("care", closing.stop_care)
        ports.offering_changed.register("care", closing.resume_care)
        register("bookings", personal_data.export_part, hold=personal_data.find_hold)
        register_handler(closing.TOPIC, closing.cancel_stopped)
        register_handler(notices.TOPIC_MOVED, notices.send_move_notice)
        register_handler(notices.TOPIC_REMINDER, notices.tell_reminder)
        register_job("booking.remind", notices.remind_tomorrow, at=notices.REMINDER_CLOCK)
        register_job("booking.expire", lambda now: expiry.expire_overdue(now=now), every=dt.timedelta(seconds=15))
