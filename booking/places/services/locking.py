"""One retry on lock trouble, then a kind refusal; and the lock of an institution's offering."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

from django.db import OperationalError, connection

from booking.places.refusals import Busy
from directory.register.models import Institution

T = TypeVar("T")
#: PostgreSQL: deadlock_detected, lock_not_available.
RETRIABLE = frozenset({"40P01", "55P03"})
#: Whether an act that began outside any transaction is being tried: a transaction that is open now is that act's.
_tries_whole: ContextVar[bool] = ContextVar("tries_whole", default=False)


class Outdated(Exception):
    """What was read before the lock was changed by somebody else until the lock was there."""


def retry_once_when_locked(act: Callable[[], T]) -> T:
    """Call ``act``, once more after a deadlock, a lock timeout or ``Outdated``; then ``Busy``.

    ``act`` is a whole transaction that reads what it decides on: the second time nothing of the first is left. Inside
    the transaction of another such act it is a part of it, and the whole is tried again. Inside a transaction that
    nobody tries again (the directory's) it is a savepoint: the second try has let go of its own locks, not of those
    that the transaction took before.
    """
    if _tries_whole.get() and connection.in_atomic_block:
        return act()
    token = _tries_whole.set(not connection.in_atomic_block)
    try:
        return _try_twice(act)
    finally:
        _tries_whole.reset(token)


def _try_twice(act: Callable[[], T]) -> T:
    for attempt in (1, 2):
        try:
            return act()
        except (OperationalError, Outdated) as error:
            if isinstance(error, OperationalError) and not is_lock_trouble(error):
                raise
            if attempt == 2:
                raise Busy from error
    raise AssertionError("the second attempt returns or raises")


def is_lock_trouble(error: OperationalError) -> bool:
    """Whether the database gave up waiting for somebody else's lock."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state in RETRIABLE or "database is locked" in str(error)


def lock_institution(institution_id: int) -> Institution:
    """The institution as it is now, locked until the transaction ends: before every act that sets targets.

    Not ``FOR UPDATE``: bookings refer to the row, and their commit would wait for us while we wait for their cells.
    """
    return Institution.objects.select_for_update(no_key=True).get(pk=institution_id)
