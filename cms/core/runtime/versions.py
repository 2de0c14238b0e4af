"""Counters whose rise makes cached pages stale: in Redis in service mode, in the database otherwise."""

from __future__ import annotations

import threading
import time
from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models import F

from cms.core.models import CacheVersion
from cms.core.runtime.django_internals import pending_commit_callbacks

# Every process asks the shared counter this often at most; a hit in between costs nothing.
LOOK_EVERY_SECONDS = 1.0
_PREFIX = "version:"
# What tells how old a look is; tests let it stand still, or a slow machine would ask once more than a quick one.
clock = time.monotonic
_seen: dict[str, tuple[int, float]] = {}
_lock = threading.Lock()


def current(name: str) -> int:
    """The version as this process last saw it, at most a second old; 0 if it can't be read."""
    seen = _seen.get(name)
    now = clock()
    if seen is not None and now - seen[1] < LOOK_EVERY_SECONDS:
        return seen[0]
    version = _read(name)
    with _lock:
        _seen[name] = (version, now)
    return version


def bump(name: str) -> None:
    """Make everything cached under the name stale, once the surrounding transaction has committed.

    Ten thousand calls in one transaction raise the version once.
    """
    for act in pending_commit_callbacks():
        if isinstance(act, partial) and act.func is _raise and act.args == (name,):
            return
    transaction.on_commit(partial(_raise, name))


def forget_seen() -> None:
    """Ask the shared counter again at the next look (tests, and after a bump in this process)."""
    with _lock:
        _seen.clear()


def _read(name: str) -> int:
    try:
        if settings.SHARED_STATE == "cache":
            return int(cache.get_or_set(_PREFIX + name, 1, timeout=None) or 0)
        return CacheVersion.objects.filter(name=name).values_list("version", flat=True).first() or 0
    except (DatabaseError, OSError, ValueError):
        return 0


def _raise(name: str) -> None:
    if settings.SHARED_STATE == "cache":
        cache.add(_PREFIX + name, 1, timeout=None)
        cache.incr(_PREFIX + name)
    elif not CacheVersion.objects.filter(name=name).update(version=F("version") + 1):
        CacheVersion.objects.get_or_create(name=name, defaults={"version": 1})
    forget_seen()
