"""What the outbox and the job runner call. Light: what reads pinyin is imported when there is work."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cms.core.runtime import health, jobs, outbox
from directory.search import circuit

TOPIC = "search.index"
CATCH_UP_EVERY = dt.timedelta(minutes=5)


def index_changed(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Bring ``{"institution": pk}`` or ``{"institutions": [pks]}`` up to date; repeating it changes nothing."""
    from directory.search.indexing import index_institutions  # noqa: PLC0415  # pypinyin only where jobs run

    pks = payload.get("institutions") or [payload["institution"]]
    index_institutions(pks, now=now)


def catch_up(now: dt.datetime) -> None:
    """Every few minutes: mend what no message will."""
    from directory.search import indexing  # noqa: PLC0415  # pypinyin only where jobs run

    indexing.catch_up(now)


def register_all() -> None:
    """Handler, job and health part of search."""
    outbox.register_handler(TOPIC, index_changed)
    jobs.register_job("search.catch_up", catch_up, every=CATCH_UP_EVERY)
    health.register_part("search", circuit.health)
