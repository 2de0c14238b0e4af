"""What the page of a district shows, in its order."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.errors import NotFound
from directory.districts.queries.figures import district_figures
from tests.factories.directory import DistrictFactory, PolicyDocumentFactory, RuleFactory, TownshipFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 26)


def test_rules_plan_and_townships_are_the_districts_own_in_order(django_assert_num_queries) -> None:
    other, district = DistrictFactory(), DistrictFactory()
    PolicyDocumentFactory(district=district, is_plan=False)
    plan = PolicyDocumentFactory(district=district)
    second = RuleFactory(district=district, kind="video_days", value=90, document=plan)
    first = RuleFactory(district=district, document=plan)
    RuleFactory(district=district, valid_until=DAY - dt.timedelta(days=1))
    b, a = (TownshipFactory(district=district, code=code) for code in ("990009002", "990009001"))
    TownshipFactory(district=district, kind="zone")
    TownshipFactory(district=other)
    RuleFactory(district=other)

    with django_assert_num_queries(4):
        found = district_figures(district.slug, day=DAY)

    assert (found.district, found.plan, found.book.rules) == (district, plan, (first, second))
    assert (found.book.day, found.townships) == (DAY, [a, b])
    with pytest.raises(NotFound):
        district_figures("nowhere", day=DAY)


def test_district_without_a_plan_has_none() -> None:
    district = PolicyDocumentFactory(is_plan=False).district

    assert district_figures(district.slug, day=DAY).plan is None
