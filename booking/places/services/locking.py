"""One retry on a deadlock or a lock timeout, then a kind refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError

from booking.places.refusals import Busy

T = TypeVar("T")
#: PostgreSQL: deadlock_detected, lock_not_available.
RETRIABLE = frozenset({"40P01", "55P03"})


def retry_once_when_locked(act: Callable[[], T]) -> T:
    """Call ``act`` (a whole transaction), once more after a deadlock or lock timeout; then ``Busy``."""
    try:
        return act()
    except OperationalError as error:
        if not is_lock_trouble(error):
            raise
    try:
        return act()
    except OperationalError as error:
        if is_lock_trouble(error):
            raise Busy from error
        raise


def is_lock_trouble(error: OperationalError) -> bool:
    """Whether the database gave up waiting for somebody else's lock."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state in RETRIABLE or "database is locked" in str(error)
