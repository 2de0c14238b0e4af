"""The shared kernel."""

from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Registers the project's own system checks and the health checks of every site."""

    name = "cms.core"
    label = "core"
    verbose_name = "基础"

    def ready(self) -> None:
        """Connect what must be known before the first request."""
        # Models can be imported only once every app is loaded.
        from django.conf import settings

        from cms.core import housekeeping
        from cms.core.runtime import checks, django_internals, health

        checks.register_all()
        health.register_own_checks()
        housekeeping.register_all()
        django_internals.merge_catalogs(settings.LANGUAGE_CODE)
        django_internals.keep_language_in_thread()
