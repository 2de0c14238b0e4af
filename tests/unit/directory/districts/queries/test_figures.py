"""A district's figures in their order."""

from __future__ import annotations

import pytest

from cms.core.errors import NotFound
from directory.districts.queries.figures import district_figures
from tests.factories.directory import DistrictFactFactory, DistrictFactory, TownshipFactory

pytestmark = pytest.mark.django_db


def test_figures_and_townships_are_the_districts_own_in_order(django_assert_num_queries) -> None:
    other, district = DistrictFactory(), DistrictFactory()
    third = DistrictFactFactory(district=district, position=2)
    second = DistrictFactFactory(district=district, position=1, pk=9002)
    first = DistrictFactFactory(district=district, position=1, pk=9001)
    b, a = (TownshipFactory(district=district, code=code) for code in ("990009002", "990009001"))
    TownshipFactory(district=district, kind="zone")
    TownshipFactory(district=other)
    DistrictFactFactory(district=other)

    with django_assert_num_queries(3):
        found = district_figures(district.slug)

    assert (found.district, found.facts) == (district, [first, second, third])
    assert found.townships == [a, b]
    with pytest.raises(NotFound):
        district_figures("nowhere")
