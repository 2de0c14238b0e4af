from __future__ import annotations

from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "booking.flow"
    label = "flow"

    def ready(self) -> None:
        # Models can only be imported once all apps are loaded.
        from booking.flow.components.me_card import bookings_card
        from cms.accounts import ports

        ports.cards.register("bookings", bookings_card)
