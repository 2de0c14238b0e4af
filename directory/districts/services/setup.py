"""What an empty site needs of the directory: the five districts with townships and rules, and the offices' groups.

Idempotent: what staff have entered or changed since stays as it is.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from typing import Any

from django.db import transaction

from directory.districts.enums import OFFICES
from directory.districts.models import District, Office, Township
from directory.districts.services.offices import ensure_office
from directory.districts.services.setup_rules import DATA, setup_plan, setup_upper_rules

#: Kinds of the statistical list → ours.
KINDS = {
    "street": Township.Kind.STREET,
    "town": Township.Kind.TOWN,
    "development_zone": Township.Kind.ZONE,
}


@transaction.atomic
def setup_districts() -> list[District]:
    """Create the five districts, their townships and rules where they are absent."""
    setup_upper_rules()
    with (DATA / "districts.json").open(encoding="utf-8") as handle:
        districts = [_setup_district(entry, position) for position, entry in enumerate(json.load(handle))]
    _setup_townships({district.code: district for district in districts})
    return districts


@transaction.atomic
def setup_offices(*, now: dt.datetime) -> list[Office]:
    """Every office of every district with its group; the rights that staff have changed stay as they are."""
    return [
        ensure_office(district=district, department=department, now=now)
        for district in District.objects.order_by("position", "pk")
        for department in OFFICES
    ]


def _setup_district(entry: dict[str, Any], position: int) -> District:
    plan, is_draft, rules = entry.pop("plan"), entry.pop("is_draft"), entry.pop("rules")
    latitude, longitude = entry.pop("centre")
    district, _created = District.objects.get_or_create(
        slug=entry["slug"],
        defaults={**entry, "centre_latitude": latitude, "centre_longitude": longitude, "position": position},
    )
    setup_plan(district=district, plan=plan, is_draft=is_draft, rules=rules)
    return district


def _setup_townships(districts: dict[str, District]) -> None:
    known = set(Township.objects.values_list("code", flat=True))
    with (DATA / "townships.csv").open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["township_code"] not in known]
    Township.objects.bulk_create(
        Township(
            district=districts[row["district_code"]],
            code=row["township_code"],
            name=row["township"],
            kind=KINDS[row["kind"]],
        )
        for row in rows
    )
