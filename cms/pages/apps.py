"""The Wagtail pages."""

from __future__ import annotations

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The only Wagtail page models, their blocks and the site's settings."""

    name = "cms.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "页面"

    def ready(self) -> None:
        """Kept pages go stale when an editor publishes."""
        from cms.pages import receivers  # models are needed, so not before the apps are ready

        receivers.connect()
