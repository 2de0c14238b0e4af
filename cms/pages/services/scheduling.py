"""Publishes and takes down what editors planned: pages, classes, institutions' profiles, whatever has drafts.

Wagtail leaves this to a command that stops at the first row that fails; here each row is its own transaction.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.apps import apps
from django.db import transaction
from wagtail.models import DraftStateMixin, Page

from cms.core.runtime.failures import log_failure
from cms.pages.queries import overdue_publications

logger = logging.getLogger(__name__)

#: Rows of one run, per kind; the next run takes the rest.
AT_ONCE = 100


class ScheduledPublishingFailed(Exception):
    """Some rows could not be published or taken down; they are tried again at the next run."""


def publish_scheduled(now: dt.datetime) -> int:
    """Take down what has expired, then publish what is due; returns how many rows changed.

    One row that fails holds nothing back: it is logged and stays due. Raises ``ScheduledPublishingFailed`` at the end
    if there was one, so that the job is recorded as failed.
    """
    acts = [*_expiries(now), *_publications(now)]
    done = sum(_try(name, act) for name, act in acts)
    if done < len(acts):
        raise ScheduledPublishingFailed
    return done


def _expiries(now: dt.datetime) -> Iterator[tuple[str, Callable[[], object]]]:
    for model in _models_with_drafts():
        expired = model._default_manager.filter(live=True, expire_at__lte=now).order_by("expire_at", "pk")
        for row in expired[:AT_ONCE]:
            act = partial(row.unpublish, set_expired=True, log_action="wagtail.unpublish.scheduled")
            yield f"expiry of {model.__name__} {row.pk}", act


def _publications(now: dt.datetime) -> Iterator[tuple[str, Callable[[], object]]]:
    for revision in overdue_publications(now)[:AT_ONCE]:
        act = partial(revision.publish, log_action="wagtail.publish.scheduled")
        yield f"publication of revision {revision.pk}", act


def _models_with_drafts() -> list[type[Any]]:
    drafts = [model for model in apps.get_models() if issubclass(model, DraftStateMixin)]
    return [Page, *(model for model in drafts if not issubclass(model, Page))]


def _try(name: str, act: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            act()
    except Exception as error:  # logged and reported at the end, when the others have had their turn
        log_failure(logger, name, error)
        return False
    return True
