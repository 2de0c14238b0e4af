"""Runs of the demo at a moment of its day, a Thursday."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import time_machine
from django.apps import apps
from django.core.management import call_command

from cms.core.calendar.times import at

DAY = dt.date(2026, 11, 26)
MORNING = at(DAY, dt.time(10))


def run_demo(moment: dt.datetime, *args: str) -> dict[str, Any]:
    """`manage.py demo --json` at that moment; its standard output, which must be JSON alone."""
    out = io.StringIO()
    with time_machine.travel(moment, tick=False):
        call_command("demo", *args, "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def count_rows() -> dict[str, int]:
    """How many rows each model of the site has."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}
