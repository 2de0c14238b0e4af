from __future__ import annotations

import datetime as dt

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "directory.register"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the apps below what the register knows, and the job runner what to do daily; listen to Wagtail."""
        # Models can be imported only once the app registry is ready.
        from cms.accounts import ports
        from cms.core.runtime.kernel_ports import Job, PersonalDataPart, jobs, personal_data
        from directory.districts.ports import rule_reach
        from directory.register import receivers, scope
        from directory.register.components.own_data import describe
        from directory.register.ports import institution_work, timeline
        from directory.register.queries.people import posts_of
        from directory.register.queries.reach import reach_of
        from directory.register.queries.timeline import OWN_PARTS
        from directory.register.queries.work import OWN_WORK
        from directory.register.services.personal_data import export_part
        from directory.register.tasks import expire_authorisations, forget_invites

        ports.posts.register(posts_of)
        rule_reach.register(reach_of)
        personal_data.register("work", PersonalDataPart(export_part, describe))
        scope.register_all()
        receivers.connect()
        for key, work in OWN_WORK.items():
            institution_work.register(key, work)
        for key, part in OWN_PARTS.items():
            timeline.register(key, part)
        jobs.register("directory.expire", Job(expire_authorisations, at=dt.time(0, 5)))
        jobs.register("directory.invites", Job(forget_invites, at=dt.time(0, 10)))
