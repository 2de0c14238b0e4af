"""``manage.py demo``: sample data, fixed seed, relative to the day; a second run the same day changes nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from booking.places.models import Booking, CapacityCell
from cms.core.calendar.times import now as clock
from cms.core.runtime.outbox import drain
from cms.core.runtime.progress import ProgressBar
from cms.demo.data.institutions import BOARD, SAMPLES
from cms.demo.services import bookings, content, institutions, people, sessions, staff
from directory.districts.enums import Department
from directory.districts.models import District
from directory.register.models import Institution
from parenting.classes.models import ClassSession


class Command(BaseCommand):
    """Goes through services, so what it makes is what people would have made.

    The demo accounts, children and bookings belong to the district filled first; another gets its institutions.
    """

    help = "Fill the site with sample data, relative to today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--district", default="jianxi", help="slug of the district that is filled")
        parser.add_argument("--institutions", type=int, default=len(SAMPLES), help="this many institutions, for load")
        parser.add_argument(
            "--cells", type=int, default=institutions.CELLS_LIMIT, help="how many of them get classes and cells"
        )
        parser.add_argument("--parents", type=int, default=0, help="this many parents with a child each, for load")
        parser.add_argument("--tokens", help="file for one session token a line")
        parser.add_argument("--json", action="store_true", help="print JSON alone")

    def handle(self, *args: Any, **options: Any) -> None:
        district = District.objects.filter(slug=options["district"]).first()
        if district is None:
            raise CommandError(
                f"No district {options['district']!r}: run setup_site first, then name one of its districts."
            )
        self._check(options)
        self._fill(district, options)
        if options["parents"]:
            tokens = people.make_load_parents(count=options["parents"], now=clock())
            Path(options["tokens"]).write_text("\n".join(tokens) + "\n")
        self._report(district, options)

    def _check(self, options: dict[str, Any]) -> None:
        """Say what is wrong with the options before minutes of work."""
        for name in ("institutions", "cells", "parents"):
            if options[name] < 0:
                raise CommandError(f"--{name} counts from 0, not {options[name]}.")
        if options["parents"] and not options["tokens"]:
            raise CommandError("--parents needs --tokens FILE, where the session tokens go.")
        if options["tokens"]:
            try:
                Path(options["tokens"]).touch()
            except OSError as error:
                raise CommandError(f"--tokens {options['tokens']} can't be written: {error.strerror}.") from error

    def _fill(self, district: District, options: dict[str, Any]) -> None:
        now = clock()
        health = staff.make_staff(district=district, now=now)[Department.MATERNAL_CHILD_HEALTH]
        staff.publish_phones(district=district, now=now)
        samples = institutions.make_samples(district=district, now=now)
        board = next(i for i in samples if i.name == BOARD)
        staff.make_members(institution=board, inviter=health, now=now)
        other = next(i for i in samples if i.is_public and i != board)
        staff.make_second_manager(institution=other, inviter=health, now=now)
        people.make_demo_parent(now=now)
        people.make_second_parent(now=now)
        families = people.make_families(now=now)
        with_cells = self._load(district, options)
        bar = ProgressBar(sys.stderr, "Cells") if len(with_cells) > institutions.CHUNK else None
        institutions.top_up_cells(institution_ids=with_cells, now=now, progress=bar)
        institutions.vouch(institutions=[i for i in samples if i.pk in set(with_cells)], now=now)
        institutions.introduce_board(institution=board, actor=health)
        institutions.make_refusals(district=district, now=now)
        bookable = [i for i in samples if i.pk in set(with_cells)]
        bookings.fill_board(institution=board, now=now)
        bookings.fill_weeks(institutions=bookable, families=families, now=now)
        sessions.make_sessions(district=district, families=families, now=now)
        content.make_pages(district=district, now=now)
        # Twice: what the first round tells families asks for text messages of its own.
        for _round in range(2):
            people.drop_texts()
            while drain(now=clock()):
                people.drop_texts()

    def _load(self, district: District, options: dict[str, Any]) -> list[int]:
        bar = ProgressBar(sys.stderr, "Institutions") if options["institutions"] > len(SAMPLES) else None
        return institutions.make_load(
            district=district,
            count=options["institutions"],
            cells=options["cells"],
            now=clock(),
            progress=bar,
        )

    def _report(self, district: District, options: dict[str, Any]) -> None:
        counts = {
            "institutions": Institution.objects.filter(is_sample=True).count(),
            "cells": CapacityCell.objects.count(),
            "bookings": Booking.objects.count(),
            "classes": ClassSession.objects.count(),
            "parents": options["parents"],
        }
        if options["json"]:
            self.stdout.write(json.dumps({"counts": counts, "accounts": people.accounts(district)}, ensure_ascii=False))
            return
        self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))
        for role, account in people.accounts(district).items():
            self.stdout.write(f"{role}: " + ", ".join(f"{key} {value}" for key, value in account.items()))
