"""Drain the outbox and run due jobs, for a site without Celery."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from cms.core import tasks

PAUSE_SECONDS = 2.0


class Command(BaseCommand):
    """Runs until a signal stops it; with `--once`, until nothing is due any more."""

    help = "Drain the outbox and run due jobs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--once` for cron and for tests."""
        parser.add_argument("--once", action="store_true", help="stop when nothing is left that is due")

    def handle(self, *args: Any, **options: Any) -> None:
        """Jobs may write messages, so they run first."""
        stop = threading.Event()
        if not options["once"]:
            self._stop_on_signal(stop)
        while True:
            names = tasks.run_due_jobs()
            tried = tasks.drain_outbox()
            if (names or tried) and options["verbosity"] > 1:
                self.stdout.write(f"{len(names)} jobs, {tried} messages")
            if options["once"]:
                return
            close_old_connections()
            if stop.wait(PAUSE_SECONDS):
                return

    def _stop_on_signal(self, stop: threading.Event) -> None:
        """Finish what is being done, then leave."""

        def set_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, set_stop)
        signal.signal(signal.SIGINT, set_stop)
