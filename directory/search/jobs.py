"""What the outbox and the job runner call. Light: what reads pinyin is imported when there is work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from cms.core.calendar.times import local_date
from cms.core.runtime import outbox
from cms.core.runtime.kernel_ports import HealthCheck, Job, OutboxHandler, health_checks, jobs, outbox_handlers
from directory.search import circuit
from directory.search.begun_fees import announce_begun
from directory.search.compacting import compact

TOPIC = "search.index"
REBUILD_TOPIC = "search.rebuild"
CATCH_UP_EVERY = dt.timedelta(minutes=5)
COMPACTED_AT = dt.time(3, 40)
FEES_BEGIN_AT = dt.time(0, 6)


def index_changed(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Bring ``{"institutions": [pks]}`` up to date; repeating it changes nothing.

    Those of several that fail get a message of their own each: they are tried again and given up apart from the others.
    """
    from directory.search.indexing import index_institutions  # noqa: PLC0415  # pypinyin only where jobs run

    # The first release wrote one message per institution.
    _send_again(index_institutions(payload.get("institutions") or [payload["institution"]], now=now).failed, key, now)


def rebuild(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Make the whole index again; those that fail get a message of their own."""
    from directory.search import indexing  # noqa: PLC0415  # pypinyin only where jobs run

    _send_again(indexing.rebuild(now=now).failed, key, now)


def _send_again(failed: Iterable[int], key: str, now: dt.datetime) -> None:
    outbox.emit_many([outbox.Effect(TOPIC, f"{key}:{pk}", {"institutions": [pk]}) for pk in failed], now=now)


def catch_up(now: dt.datetime) -> None:
    """Every few minutes: repair what no message repairs."""
    from directory.search import indexing  # noqa: PLC0415  # pypinyin only where jobs run

    indexing.catch_up(now)


def announce_fees(now: dt.datetime) -> int:
    """Index again where a fee has begun since; after midnight. What a missed night left is found for a month."""
    return announce_begun(day=local_date(now), now=now)


def register_all() -> None:
    """Handlers, jobs and health check of search."""
    outbox_handlers.register(TOPIC, OutboxHandler(index_changed, label=_("更新机构搜索")))
    outbox_handlers.register(REBUILD_TOPIC, OutboxHandler(rebuild, label=_("重建机构搜索")))
    jobs.register("search.catch_up", Job(catch_up, every=CATCH_UP_EVERY))
    jobs.register("search.fees", Job(announce_fees, at=FEES_BEGIN_AT))
    jobs.register("search.compact", Job(compact, at=COMPACTED_AT))
    health_checks.register("search", HealthCheck(circuit.health))
