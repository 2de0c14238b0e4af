from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "directory.site"
    label = "site"

    def ready(self) -> None:
        """Tell the register how a profile's preview looks."""
        # Models can be imported only once the app registry is ready.
        from directory.register import ports
        from directory.site.views.detail import preview_context

        ports.profile_preview.register(preview_context)
