"""Sample institutions offer what their district has."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.demo.services.institutions import make_samples
from directory.districts.models import District
from directory.districts.services.setup import setup_districts
from directory.register.models import CareProduct, Institution

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("slug", "filed", "offered"),
    [
        ("huyi", ["hourly", "temporary", "half_month"], {"hourly", "temporary"}),
        (
            "ninghe",
            ["full_day", "half_day", "hourly", "temporary"],
            {"full_day", "half_day", "hourly", "temporary"},
        ),
    ],
)
def test_samples_offer_what_the_district_has(slug: str, filed: list[str], offered: set[str]) -> None:
    setup_districts()

    make_samples(district=District.objects.get(slug=slug), now=NOW)

    assert {tuple(row.filed_modes) for row in Institution.objects.all()} == {tuple(filed)}
    assert set(CareProduct.objects.values_list("mode", flat=True)) == offered
