"""Rehearsal (or, without services, embedded) settings for the bench, apart from everything else on the same services.

Pages are cached only if BENCH_PAGE_CACHE asks for it.
"""

from __future__ import annotations

import os

if os.environ.get("REDIS_URL"):
    from cms.settings.rehearsal import *  # noqa: F403
else:
    from cms.settings.dev import *  # noqa: F403

PAGE_CACHE_SECONDS = int(os.environ.get("BENCH_PAGE_CACHE", "0"))
CACHES["default"]["KEY_PREFIX"] = os.environ.get("BENCH_RUN", "bench")  # noqa: F405
CELERY_TASK_DEFAULT_QUEUE = "bench"
ELASTICSEARCH_INDEX_PREFIX = "tuoyu-bench"
