from __future__ import annotations

import datetime as dt

from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "booking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can only be imported once all apps are loaded.
        from booking.queries.policy import step_minutes_of
        from booking.queries.provider import BookingAvailability
        from booking.services import closing, expiry, generation, housekeeping, notices, personal_data
        from cms.core.jobs import register_job
        from cms.core.outbox import register_handler
        from cms.core.personal_data import register
        from directory.register.extension import (
            register_authorisation_lost,
            register_availability,
            register_reopened,
            register_step_minutes,
        )

        register_availability(BookingAvailability())
        register_step_minutes(step_minutes_of)
        register_authorisation_lost(closing.stop_care)
        register_reopened(closing.resume_care)
        register("bookings", personal_data.export_part, hold=personal_data.find_hold)
        register_handler(closing.TOPIC, closing.cancel_stopped)
        register_handler(notices.TOPIC_MOVED, notices.tell_move)
        register_handler(notices.TOPIC_REMINDER, notices.tell_reminder)
        register_job("booking.remind", notices.remind_tomorrow, at=dt.time(12))
        register_job("booking.expire", lambda now: expiry.expire_overdue(now=now), every=dt.timedelta(seconds=15))
        register_job("booking.cells", lambda now: generation.generate_cells(now=now), at=dt.time(3, 10))
        register_job("booking.housekeeping", lambda now: housekeeping.tidy(now=now), at=dt.time(3, 40))
