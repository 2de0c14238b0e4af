from __future__ import annotations

import datetime as dt

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "booking.places"
    label = "booking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can only be imported once all apps are loaded.
        from booking.places import tasks
        from booking.places.queries.charged import was_charged
        from booking.places.queries.policy import POLICY_HISTORY, step_minutes_of
        from booking.places.queries.provider import availability
        from booking.places.queries.staff_work import STALE_PLACES
        from booking.places.services import generation
        from cms.core.runtime.kernel_ports import Job, jobs
        from directory.register import ports

        ports.free_places.register(availability)
        ports.institution_work.register("stale", STALE_PLACES)
        ports.step_minutes.register(step_minutes_of)
        ports.timeline.register("policy", POLICY_HISTORY)
        ports.fee_charged.register(was_charged)
        # It goes through every institution, one transaction each.
        lease = dt.timedelta(hours=1)
        jobs.register("booking.cells", Job(generation.generate_all, at=dt.time(3, 10), lease=lease))
        jobs.register("booking.housekeeping", Job(tasks.delete_expired_keys, at=dt.time(3, 40)))
