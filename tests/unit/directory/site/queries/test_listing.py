from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from directory.register import ports
from directory.register.models import Institution
from directory.register.ports import PricedPlaces
from directory.search.engine import SearchQuery
from directory.search.indexing import rebuild
from directory.search.near import Near
from directory.site.queries.finding import CareNeed
from directory.site.queries.listing import PAGE_SIZE, ListQuestion, find_page
from tests.factories.directory import DistrictFactory, InstitutionFactory
from tests.factories.site import AT_PEARL, HERE, JIANXI, PEARL, SUZHOU, THURSDAY, WHOLE

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("more", "position"),
    [
        ({}, None),
        ({"near": HERE}, (34.66, 112.40)),
        ({"near": AT_PEARL, "near_street": PEARL}, PEARL.centre),
        ({"near": AT_PEARL}, None),
        ({"near": Near(SUZHOU.code, code=SUZHOU.code), "near_street": SUZHOU}, None),
    ],
)
def test_position(more: dict[str, Any], position: tuple[float, float] | None) -> None:
    assert ListQuestion(**more).position == position


@pytest.mark.parametrize(
    ("sort", "more", "chosen"),
    [
        ("", {}, "name"),
        ("", {"q": "园"}, "relevance"),
        ("", {"near": HERE}, "distance"),
        ("", {"near": HERE, "q": "园"}, "distance"),
        ("distance", {}, "name"),
        ("distance", {"q": "园"}, "relevance"),
        ("distance", {"near": HERE, "q": "园"}, "distance"),
        ("relevance", {}, "name"),
        ("relevance", {"near": HERE}, "name"),
        ("relevance", {"near": HERE, "q": "园"}, "relevance"),
        ("price", {"near": HERE, "q": "园"}, "price"),
        ("name", {"near": HERE, "q": "园"}, "name"),
        ("remaining", {"near": HERE, "q": "园"}, "name"),
        ("remaining", {"need": CareNeed(age_months=17, day=THURSDAY)}, "name"),
        ("remaining", {"need": WHOLE, "near": HERE}, "remaining"),
    ],
)
def test_order(sort: str, more: dict[str, Any], chosen: str) -> None:
    assert ListQuestion(sort=sort, **more).chosen_sort == chosen


@pytest.mark.parametrize(
    ("more", "narrowed"),
    [
        ({}, False),
        ({"district": JIANXI, "sort": "price", "near": HERE, "show_all": True}, False),
        ({"q": "园"}, True),
        ({"street": "410305001"}, True),
        ({"mode": "hourly"}, True),
        ({"inclusive": True}, True),
        ({"demonstration": True}, True),
        ({"radius": 3.0}, True),
        ({"need": CareNeed(age_months=0)}, True),
        ({"need": CareNeed(age_months=17, day=THURSDAY)}, False),
        ({"need": CareNeed(day=THURSDAY)}, False),
    ],
)
def test_narrowed(more: dict[str, Any], narrowed: bool) -> None:
    assert ListQuestion(**more).is_narrowed is narrowed


def test_whole_search() -> None:
    question = ListQuestion(
        district=JIANXI,
        need=CareNeed(age_months=17),
        q="园",
        street="410305001",
        mode="hourly",
        near=HERE,
        radius=3.0,
        inclusive=True,
        demonstration=True,
        sort="price",
    )

    assert question.search_query(page=4) == SearchQuery(
        q="园",
        district="jianxi",
        street="410305001",
        mode="hourly",
        age_months=17,
        near=(34.66, 112.40),
        radius_km=3.0,
        inclusive=True,
        demonstration=True,
        sort="price",
        page=4,
        page_size=20,
    )


def test_bare_search() -> None:
    assert ListQuestion().search_query(page=1) == SearchQuery(sort="name")


@pytest.mark.parametrize(("day", "age_months"), [(None, 17), (THURSDAY, None)])
def test_age_filters_only_without_a_day(day: dt.date | None, age_months: int | None) -> None:
    question = ListQuestion(need=CareNeed(age_months=17, day=day))

    assert question.search_query(page=1).age_months == age_months


def test_distance_counts_only_from_a_place() -> None:
    assert ListQuestion(radius=3.0).search_query(page=1).radius_km is None


class Free:
    """Stands for booking: who has places."""

    def __init__(self, free: dict[int, int]) -> None:
        self.free = free

    def institutions_with_places(self, **asked: Any) -> dict[int, int]:
        return self.free

    def institutions_with_prices(self, **asked: Any) -> dict[int, PricedPlaces]:
        return {pk: PricedPlaces(places, 100 * pk) for pk, places in self.free.items()}

    def on_day(self, **asked: Any) -> dict[int, Any]:
        return {}


@pytest.mark.django_db
class TestFindPage:
    """Over an index of more than one page."""

    @pytest.fixture
    def full(self) -> list[int]:
        district = DistrictFactory(slug="jianxi")
        for number in range(PAGE_SIZE + 1):
            InstitutionFactory(name=f"示例{number:02d}园", district=district, public=True)
        rebuild(now=NOW)
        return list(Institution.objects.order_by("name").values_list("pk", flat=True))

    @pytest.mark.parametrize(("page", "slots"), [(1, slice(0, 20)), (2, slice(20, 21)), (3, slice(20, 21))])
    def test_page_asked_for_or_the_last(self, full: list[int], page: int, slots: slice) -> None:
        found = find_page(ListQuestion(district=JIANXI, page=page), now=NOW)

        assert [hit.pk for hit in found.result.hits] == full[slots]

    def test_last_page_may_be_full(self, full: list[int]) -> None:
        Institution.objects.filter(pk=full[-1]).update(is_public=False)
        rebuild(now=NOW)

        found = find_page(ListQuestion(district=JIANXI, page=2), now=NOW)

        assert [hit.pk for hit in found.result.hits] == full[:20]

    def test_nothing_found(self, full: list[int]) -> None:
        found = find_page(ListQuestion(district=JIANXI, q="没有这家", page=2), now=NOW)

        assert (found.result.hits, found.result.count) == ([], 0)

    @pytest.mark.parametrize(("show_all", "first"), [(False, 4), (True, 0)])
    def test_who_can_take_the_child_comes_first_unless_all_are_wanted(
        self, full: list[int], show_all: bool, first: int
    ) -> None:
        question = ListQuestion(district=JIANXI, need=WHOLE, show_all=show_all)

        with ports.free_places.replaced_by(Free({full[4]: 2})):
            found = find_page(question, now=NOW)

        assert found.result.hits[0].pk == full[first]
        assert found.free == {full[4]: 2}
