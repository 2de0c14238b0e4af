"""Wagtail says that a class session was published or taken down; the act itself is a service.

The signals are the one place through which every publishing goes: the editor's button, a revision published from code,
a scheduled one. The hooks (``after_publish``, ``after_unpublish``) are called by the admin's views alone. A receiver
is given no time, so it reads the clock as a view would.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context
from wagtail.signals import published, unpublished

from cms.core.calendar.times import now
from parenting.classes.models import ClassSession
from parenting.classes.services.publishing import apply_session, take_down_session


def connect() -> None:
    """Called once, when the apps are ready."""
    published.connect(_published, sender=ClassSession, dispatch_uid="parenting.apply_session")
    unpublished.connect(_unpublished, sender=ClassSession, dispatch_uid="parenting.take_down_session")


def _published(sender: type[ClassSession], instance: ClassSession, **kwargs: Any) -> None:
    apply_session(session=instance, now=now())


def _unpublished(sender: type[ClassSession], instance: ClassSession, **kwargs: Any) -> None:
    # Taking a session down without a word would leave families standing at the door.
    # The signal does not say who did it; the admin's own record of the act does.
    actor = get_active_log_context().user
    take_down_session(session=instance, reason=_("主办方撤下了这场课堂"), actor=actor, now=now())
