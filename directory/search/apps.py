from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "directory.search"
    label = "search"

    def ready(self) -> None:
        # Models can be imported only once the app registry is ready.
        from directory.search import jobs

        jobs.register_all()
