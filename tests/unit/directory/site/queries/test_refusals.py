from __future__ import annotations

import datetime as dt

import pytest

from directory.site.queries.refusals import published_refusals
from tests.factories.directory import DistrictFactory, RefusalFactory

pytestmark = pytest.mark.django_db


def test_published_ones_newest_first() -> None:
    day = dt.date(2026, 3, 1)
    old, first, second = (RefusalFactory(refused_date=each) for each in (day, dt.date(2026, 4, 1), dt.date(2026, 4, 1)))
    RefusalFactory(published_at=None)

    assert list(published_refusals()) == [second, first, old]


def test_of_one_district() -> None:
    RefusalFactory()
    own = RefusalFactory(district=DistrictFactory(slug="jianxi"))

    assert list(published_refusals(district_slug="jianxi")) == [own]
    assert list(published_refusals(district_slug="nowhere")) == []
