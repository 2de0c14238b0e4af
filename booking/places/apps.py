from __future__ import annotations

import datetime as dt

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "booking.places"
    label = "booking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can only be imported once all apps are loaded.
        from booking.places.queries.policy import step_minutes_of
        from booking.places.queries.provider import availability
        from booking.places.services import generation, housekeeping
        from cms.core.runtime.jobs import register_job
        from directory.register import ports

        ports.free_places.register(availability)
        ports.step_minutes.register(step_minutes_of)
        register_job("booking.cells", generation.generate_all, at=dt.time(3, 10))
        register_job("booking.housekeeping", lambda now: housekeeping.tidy(now=now), at=dt.time(3, 40))
