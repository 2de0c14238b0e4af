"""Centres of townships and districts as staff enter them."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.errors import InvalidInput
from directory.districts.models import Township
from directory.districts.services.districts import correct_district
from directory.register.services import institutions, townships
from tests.factories.directory import InstitutionFactory, TownshipFactory
from tests.races import Late

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


@pytest.mark.parametrize("is_manual", [True, False])
def test_centre_entered_since_the_township_was_read_stays(monkeypatch: pytest.MonkeyPatch, is_manual: bool) -> None:
    township = TownshipFactory()
    institution = InstitutionFactory(district=township.district, township=township, latitude=34.6, longitude=112.4)
    centre = {"centre_is_manual": is_manual, "centre_latitude": 34.5, "centre_longitude": 112.5}

    def enter() -> None:
        townships.correct_township(township=Township.objects.get(pk=township.pk), values=centre, now=NOW)

    monkeypatch.setattr(institutions, "recompute_centre", Late(townships.recompute_centre, enter))

    institutions.correct_institution(institution=institution, values={"phone": "0379-11111111"}, now=NOW)

    township.refresh_from_db()
    found = (township.centre_is_manual, township.centre_latitude, township.centre_longitude)
    assert found == ((True, 34.5, 112.5) if is_manual else (False, 34.6, 112.4))
