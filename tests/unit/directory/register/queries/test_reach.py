"""Which institutions a rule reaches."""

from __future__ import annotations

from typing import Any

import pytest

from directory.districts.models import District, Rule
from directory.districts.ports import RuleReach
from directory.register.models import Institution
from directory.register.queries.reach import reach_of
from tests.factories.directory import CareProductFactory, DistrictFactory, InstitutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> District:
    return DistrictFactory(code="410305")


def rule(district: District | None = None, **values: Any) -> Rule:
    return Rule(district=district, **{"kind": "places_per_thousand", "value": 4.5, **values})


def test_all_of_the_district_but_those_that_have_ended(district: District) -> None:
    InstitutionFactory(district=district)
    InstitutionFactory(district=district, public=True)
    InstitutionFactory(district=district, state=Institution.State.ENDED)
    InstitutionFactory()

    assert reach_of(rule(district)) == RuleReach(2, 0)


@pytest.mark.parametrize(
    ("level", "area", "count"), [("nation", "", 3), ("province", "41", 2), ("city", "4103", 1), ("city", "4199", 0)]
)
def test_levels_above_reach_by_the_code(district: District, level: str, area: str, count: int) -> None:
    for code in ("410702", "120117"):
        InstitutionFactory(district=DistrictFactory(code=code))
    InstitutionFactory(district=district)

    assert reach_of(rule(level=level, area=area)).institutions == count


def test_who_has_a_mode_that_is_not_named_is_counted_once(district: District) -> None:
    both = InstitutionFactory(district=district, public=True, filed_modes=["hourly", "full_day"])
    CareProductFactory(institution=both)
    InstitutionFactory(district=district, filed_modes=["hourly"])
    InstitutionFactory(district=district)
    offers = InstitutionFactory(district=district, public=True)
    CareProductFactory(institution=offers)
    CareProductFactory(institution=InstitutionFactory(district=district, public=True), active=False)
    CareProductFactory(institution=InstitutionFactory(public=True))

    assert reach_of(rule(district, kind="care_modes", value=["hourly"])) == RuleReach(5, 2)
    assert reach_of(rule(district, kind="care_modes", value=["hourly", "full_day"])) == RuleReach(5, 0)
    assert reach_of(rule(district, kind="care_modes", value=None)) == RuleReach(5, 0)
    assert reach_of(rule(district, kind="other", value=["hourly"])) == RuleReach(5, 0)


def test_three_queries(district: District, django_assert_num_queries: Any) -> None:
    for _number in range(3):
        CareProductFactory(institution=InstitutionFactory(district=district, public=True))

    with django_assert_num_queries(3):
        reach_of(rule(district, kind="care_modes", value=["hourly"]))
