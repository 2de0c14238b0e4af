"""``manage.py check_ledger [--json]``: recompute capacity from the ledger; exit 1 on a difference."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from booking.places.models import Booking, CapacityCell
from booking.places.queries.ledger import ledger_differences


class Command(BaseCommand):
    help = "Recompute every capacity cell from the ledger and report differences."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON alone")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(ledger_differences())
        counted = {"cells": CapacityCell.objects.count(), "bookings": Booking.objects.count()}
        if options["json"]:
            self.stdout.write(json.dumps({**counted, "differences": [d.as_dict() for d in found]}))
        else:
            for difference in found:
                self.stdout.write(
                    f"{difference.what} {difference.pk}: is {difference.found}, should be {difference.expected}"
                )
            self.stdout.write(
                f"{counted['cells']} cells and {counted['bookings']} bookings checked, {len(found)} differences."
            )
        if found:
            sys.exit(1)
