"""A run: the town that the chosen parts share, then the parts, each with its time."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from collections.abc import Sequence

from django.db import connection

from tests.bench.ground import DAYS_AHEAD, Ground, Options
from tests.bench.inside import local_date, now
from tests.bench.pages import weekday_ahead
from tests.bench.parts import Part
from tests.bench.report import HEAD, Report


def say(words: str) -> None:
    """What is going on."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def run(arguments: argparse.Namespace) -> Report:
    """Prepare and measure."""
    report = Report(connection.vendor, cores=os.cpu_count() or 1, load=round(os.getloadavg()[0], 2))
    if report.machine_is_busy:
        say(f"The machine is busy (load {report.load:g} on {report.cores} cores): figures in seconds will say little.")
    parts: Sequence[Part] = arguments.parts
    ground = Ground(_options(arguments))
    town = [part for part in parts if part.town]
    if town:
        began = time.monotonic()
        say(f"Preparing {arguments.institutions:,} institutions …")
        ground.lay_town(places=any(part.places for part in town))
        report.seconds["preparing"] = round(time.monotonic() - began, 1)
    say("\n" + HEAD.rstrip())
    for part in parts:
        began = time.monotonic()
        module, function = part.act.split(".")
        getattr(importlib.import_module(f"tests.bench.{module}"), function)(report, ground)
        report.seconds[part.name] = round(time.monotonic() - began, 1)
    say("\n" + ", ".join(f"{name} {seconds:.0f} s" for name, seconds in report.seconds.items()))
    return report


def _options(arguments: argparse.Namespace) -> Options:
    # The large town is asked about one day: ten thousand institutions with a fortnight of cells are seven million.
    asked = (weekday_ahead() - local_date(now())).days if arguments.large else 0
    return Options(
        institutions=arguments.institutions,
        parents=0 if arguments.large else arguments.parents,
        rows=arguments.rows,
        first_day=asked,
        last_day=arguments.days or asked or DAYS_AHEAD,
        changes=arguments.changes,
    )
