"""Demo data and the developer inbox; never in production."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Demo data and the developer inbox; never in production."""

    name = "cms.demo"
    label = "demo"
    verbose_name = "演示"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The developer inbox wants a copy of every text."""
        # Models can be imported only once the apps are loaded.
        from cms.accounts.messaging.sms import register_copy
        from cms.demo.services.inbox import keep_text

        register_copy(keep_text)
