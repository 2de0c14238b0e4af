from __future__ import annotations

import datetime as dt

from django.apps import AppConfig


class DistrictsConfig(AppConfig):
    name = "directory.districts"
    label = "districts"

    def ready(self) -> None:
        # Models can be imported only once the app registry is ready.
        from cms.accounts import ports
        from cms.core.runtime.kernel_ports import Job, jobs
        from directory.districts import scope
        from directory.districts.components.child_class import class_of_child
        from directory.districts.tasks import follow_rules

        ports.child_class.register(class_of_child)
        jobs.register("districts.office_rights", Job(follow_rules, at=dt.time(0, 15)))
        scope.register_all()
