"""What `/readyz` reports: one entry per check, each registered by the app that owns it."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from cms.core.runtime.kernel_ports import HealthCheck, health_checks

logger = logging.getLogger(__name__)


def examine() -> tuple[bool, dict[str, dict[str, Any]]]:
    """Whether the site can serve; by check whether it passed, what it said and the milliseconds it took."""
    able = True
    report: dict[str, dict[str, Any]] = {}
    for name, check in health_checks.all().items():
        started = time.perf_counter()
        try:
            entry: dict[str, Any] = {"ok": True, "detail": check.probe()}
        except Exception as problem:  # any exception is the check's result, never the page's
            logger.warning("health check %s failed: %s", name, type(problem).__name__)
            entry = {"ok": False, "detail": type(problem).__name__}
            able = able and not check.essential
        entry["milliseconds"] = round((time.perf_counter() - started) * 1000, 1)
        report[name] = entry
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


def register_own_checks() -> None:
    """The checks of every site; search and jobs are registered by their owners."""
    health_checks.register("database", HealthCheck(_database, essential=True))
    health_checks.register("cache", HealthCheck(_cache))
