"""How many calls a user may make with tokens: counted per user, never per address.

A row written for every call would cost each of them a statement, and SQLite its one writer. So a process counts
in memory and writes down every twentieth call: all processes together see the limit with an error of at most
twenty calls a process. Once a process has met the limit it refuses every call until the minute is over.
"""

from __future__ import annotations

import datetime as dt
import threading

from django.conf import settings

from cms.core.web.limits import Limit, LimitReached, count_hit

STEP = 20
WINDOW = dt.timedelta(minutes=1)
MAX_KEPT = 5000

_lock = threading.Lock()
_calls: dict[int, int] = {}
_refused_until: dict[int, dt.datetime] = {}


def count_call(user_id: int, *, now: dt.datetime) -> None:
    """Count one call. Raises ``LimitReached`` (429) when the user's minute is used up."""
    with _lock:
        until = _refused_until.get(user_id, now)
        if now < until:
            raise LimitReached(_limit(), seconds=int((until - now).total_seconds()))
        if len(_calls) >= MAX_KEPT:
            _calls.clear()
        count = _calls[user_id] = _calls.get(user_id, 0) + 1
        if count >= STEP:
            del _calls[user_id]
    if count >= STEP:
        _write_down(user_id, now=now)


def _limit() -> Limit:
    return Limit("api-user", settings.API_CALLS_PER_MINUTE // STEP, WINDOW)


def _write_down(user_id: int, *, now: dt.datetime) -> None:
    try:
        count_hit(_limit(), who=str(user_id), now=now)
    except LimitReached as reached:
        with _lock:
            if len(_refused_until) >= MAX_KEPT:
                _refused_until.clear()
            _refused_until[user_id] = now + dt.timedelta(seconds=reached.seconds)
        raise


def forget_calls() -> None:
    """Forget all counts (tests)."""
    with _lock:
        _calls.clear()
        _refused_until.clear()
