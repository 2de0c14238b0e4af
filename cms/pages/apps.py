"""The Wagtail pages."""

from __future__ import annotations

import datetime as dt

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The only Wagtail page models, their blocks and the site's settings."""

    name = "cms.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "页面"

    def ready(self) -> None:
        """Cached pages are dropped when an editor publishes, planned ones are published; the districts ask here."""
        from cms.core.runtime.kernel_ports import Job, jobs
        from cms.pages import checks, queries, receivers  # models are needed, so not before the apps are ready
        from cms.pages.components import late_publications, unfilled_texts
        from cms.pages.services.permissions import follow_office_rights
        from cms.pages.services.scheduling import publish_scheduled
        from directory.districts import ports
        from directory.register.ports import staff_lines

        receivers.connect()
        ports.policy_cards.register(queries.policy_cards)
        ports.office_rights.register("pages", follow_office_rights)
        ports.site_district.register(queries.site_district)
        staff_lines.register("pages.late_publications", late_publications)
        staff_lines.register("pages.unfilled_texts", unfilled_texts)
        checks.register_all()
        jobs.register("pages.publish_scheduled", Job(publish_scheduled, every=dt.timedelta(minutes=1)))
