from __future__ import annotations

import datetime as dt

from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "directory.lists"
    label = "lists"

    def ready(self) -> None:
        # Models can be imported only once the app registry is ready.
        from cms.core.runtime.kernel_ports import Job, jobs
        from directory.lists.tasks import prune_list_uploads

        jobs.register("directory.prune_lists", Job(prune_list_uploads, every=dt.timedelta(hours=1)))
