from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "directory.site"
    label = "site"

    def ready(self) -> None:
        """Tell the register how a profile's preview looks."""
        # Models can be imported only once the app registry is ready.
        from directory.register.models import InstitutionProfile
        from directory.site.views.detail import preview_context

        InstitutionProfile.preview_context = staticmethod(preview_context)
