"""Centres of townships and districts as staff enter them."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.errors import InvalidInput
from directory.districts.services.facts import correct_district
from directory.register.services import townships
from tests.factories.directory import TownshipFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("latitude", "longitude", "refused"),
    [
        (90.0, 180.0, False),
        (-90.0, -180.0, False),
        (90.1, 112.0, True),
        (34.6, 180.1, True),
        (-90.1, 112.0, True),
        (34.6, -180.1, True),
        (34.6, None, True),
        (None, None, False),
    ],
)
def test_entered_centre_is_a_place_on_earth(latitude: float | None, longitude: float | None, refused: bool) -> None:
    township = TownshipFactory()
    centre = {"centre_latitude": latitude, "centre_longitude": longitude}
    acts = (
        lambda: townships.correct_township(township=township, values=centre | {"centre_is_manual": True}, now=NOW),
        lambda: correct_district(district=township.district, values=centre),
    )

    for act in acts:
        if refused:
            with pytest.raises(InvalidInput) as caught:
                act()
            assert list(caught.value.fields) == ["centre_latitude"]
        else:
            assert (act().centre_latitude, act().centre_longitude) == (latitude, longitude)


def test_half_a_centre_doesnt_matter_where_it_is_computed() -> None:
    values = {"centre_is_manual": False, "centre_latitude": 34.6, "centre_longitude": None}

    township = townships.correct_township(township=TownshipFactory(), values=values, now=NOW)

    assert (township.centre_latitude, township.centre_longitude) == (None, None)
