"""Rehearsal (or, without services, embedded) settings for the bench; pages are kept only if BENCH_PAGE_CACHE asks."""

from __future__ import annotations

import os

if os.environ.get("REDIS_URL"):
    from cms.settings.rehearsal import *  # noqa: F403
else:
    from cms.settings.dev import *  # noqa: F403

PAGE_CACHE_SECONDS = int(os.environ.get("BENCH_PAGE_CACHE", "0"))
