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
        """Kept pages go stale when an editor publishes; the directory learns the site's own district."""
        from cms.pages import queries, receivers  # models are needed, so not before the apps are ready
        from directory.districts import ports

        receivers.connect()
        ports.site_district.register(queries.site_district)
