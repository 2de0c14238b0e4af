"""Publishes and takes down what editors planned: pages, classes, institutions' profiles, whatever has drafts.

Wagtail leaves this to a command that stops at the first row that fails; here each row is its own transaction.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, Page, Revision

from cms.core.errors import Refused
from cms.core.runtime.failures import log_failure
from cms.pages.queries import PUBLICATION_REFUSED, overdue_publications

logger = logging.getLogger(__name__)

#: Rows that one run changes, per kind; the next run takes the rest. What fails does not count: it holds nothing back.
AT_ONCE = 100


class ScheduledPublishingFailed(Exception):
    """Some rows could not be published or taken down; they are tried again at the next run."""


def publish_scheduled(now: dt.datetime) -> int:
    """Take down what has expired, then publish what is due; returns how many rows were published or taken down.

    Each row is read again under its lock. A publication that a rule refuses is given up: see ``_publish``. Any other
    failure is logged and the row stays due; ``ScheduledPublishingFailed`` at the end records the job as failed.
    """
    done = failed = 0
    for name, keys, act in _kinds(now):
        changed, lost = _run(name, keys, act)
        done, failed = done + changed, failed + lost
    if failed:
        raise ScheduledPublishingFailed
    return done


def _kinds(now: dt.datetime) -> Iterable[tuple[str, list[Any], Callable[[Any], bool]]]:
    """Each kind of act with the keys of its rows, read when the kinds before it are done."""
    for model in _models_with_drafts():
        expired = model._default_manager.filter(live=True, expire_at__lte=now).order_by("expire_at", "pk")
        yield f"expiry of {model.__name__}", list(expired.values_list("pk", flat=True)), partial(_expire, model, now)
    due = list(overdue_publications(now).values_list("pk", flat=True))
    yield "publication of revision", due, partial(_publish, now)


def _run(name: str, keys: Iterable[Any], act: Callable[[Any], bool]) -> tuple[int, int]:
    """How many rows the act changed, and with how many it failed."""
    done = failed = 0
    for pk in keys:
        if done == AT_ONCE:
            break
        try:
            with transaction.atomic():
                done += act(pk)
        except Exception as error:  # logged and reported at the end, when the others have had their turn
            log_failure(logger, f"{name} {pk}", error)
            failed += 1
    return done, failed


def _expire(model: type[Any], now: dt.datetime, pk: Any) -> bool:
    """Take the row down if it is still to be."""
    live = model._default_manager.select_for_update(no_key=True).filter(pk=pk, live=True, expire_at__lte=now)
    row = live.first()
    if row is None:
        return False
    row.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True


def _publish(now: dt.datetime, pk: int) -> bool:
    """Publish the revision if it is still planned. What a rule refuses can't succeed before somebody edits it."""
    revision = overdue_publications(now).select_for_update(no_key=True).filter(pk=pk).first()
    if revision is None:
        return False
    try:
        with transaction.atomic():
            revision.publish(log_action="wagtail.publish.scheduled")
    except (Refused, ValidationError) as refusal:
        _give_up(pk, refusal)
        return False
    return True


def _give_up(pk: int, refusal: Refused | ValidationError) -> None:
    """Take the plan back and note why, which the staff's start page shows until there is a newer draft."""
    revision = Revision.objects.get(pk=pk)
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    reason = "；".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
    log(instance=revision.content_object, action=PUBLICATION_REFUSED, revision=revision, data={"reason": reason})


def _models_with_drafts() -> list[type[Any]]:
    drafts = [model for model in apps.get_models() if issubclass(model, DraftStateMixin)]
    return [Page, *(model for model in drafts if not issubclass(model, Page))]
