"""What `/readyz` reports: one entry per part, each registered by the app that owns it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection

logger = logging.getLogger(__name__)

# Returns a short description of the part; raises if the part does not work.
Probe = Callable[[], str]


@dataclass(frozen=True)
class Part:
    """A part of the site; without an essential one the site can't serve at all."""

    name: str
    probe: Probe
    essential: bool


_parts: dict[str, Part] = {}


def register_part(name: str, fn: Probe, *, essential: bool = False) -> None:
    """Add a part, or replace the one of that name."""
    _parts[name] = Part(name, fn, essential)


def examine() -> tuple[bool, dict[str, dict[str, Any]]]:
    """Whether the site can serve, and every part's state, what it said and the milliseconds it took."""
    able = True
    report: dict[str, dict[str, Any]] = {}
    for part in _parts.values():
        started = time.perf_counter()
        try:
            entry: dict[str, Any] = {"ok": True, "detail": part.probe()}
        except Exception as problem:  # any exception is the part's state, never the page's
            logger.warning("health part %s failed: %s", part.name, type(problem).__name__)
            entry = {"ok": False, "detail": type(problem).__name__}
            able = able and not part.essential
        entry["milliseconds"] = round((time.perf_counter() - started) * 1000, 1)
        report[part.name] = entry
    return able, report


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.vendor


def _cache() -> str:
    cache.set("health", "1", timeout=10)
    if cache.get("health") != "1":
        raise RuntimeError("the cache forgot what it was given")
    return "redis" if settings.REDIS_URL else "local memory"


def register_own_parts() -> None:
    """The parts every site has; search and jobs are registered by their owners."""
    register_part("database", _database, essential=True)
    register_part("cache", _cache)
