from __future__ import annotations

import datetime as dt

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the apps below what the directory knows, and the job runner what to do daily."""
        # Models can be imported only once the app registry is ready.
        from cms.accounts.extension import register_posts
        from cms.core.jobs import register_job
        from directory.models import InstitutionProfile
        from directory.queries.people import posts_of
        from directory.search import jobs as search_jobs
        from directory.tasks import expire_authorisations, prune_list_uploads
        from directory.views.detail import preview_context

        register_posts(posts_of)
        InstitutionProfile.preview_context = staticmethod(preview_context)
        register_job("directory.expire", expire_authorisations, at=dt.time(0, 5))
        register_job("directory.prune_lists", prune_list_uploads, every=dt.timedelta(hours=1))
        search_jobs.register_all()
