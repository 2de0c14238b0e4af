from __future__ import annotations

import datetime as dt

from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "directory.lists"
    label = "lists"

    def ready(self) -> None:
        # Models can be imported only once the app registry is ready.
        from cms.core.runtime.jobs import register_job
        from directory.lists.tasks import prune_list_uploads

        register_job("directory.prune_lists", prune_list_uploads, every=dt.timedelta(hours=1))
