"""Web server: two processes of two threads each; docs/adr/0004-web-server.md has the figures."""

from __future__ import annotations

import gc
import os
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "2"))
worker_class = "gthread"
worker_connections = 1000
# A rush of parents waits in the queue of the socket instead of being turned away.
backlog = 2048
keepalive = 5
timeout = 60
graceful_timeout = 10
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112  # a RAM disk, for heartbeats
loglevel = "warning"


def post_worker_init(worker: Any) -> None:
    """What a worker has loaded stays for good: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
