"""Questions that every search engine must answer alike: one suite, run on each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from directory.register.models import Institution
from directory.search import indexing
from directory.search.engine import FacetValue, SearchEngine, SearchQuery, SearchResult
from tests.factories.directory import (
    CareProductFactory,
    ClassGroupFactory,
    DistrictFactory,
    InstitutionFactory,
    TownshipFactory,
)

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
HERE = (34.66, 112.40)
KM = 1 / 111.195  # degrees of latitude

Ask = Callable[..., SearchResult]


def names(result: SearchResult) -> list[str]:
    return [hit.name for hit in result.hits]


def facet(result: SearchResult, name: str) -> dict[str, int]:
    return {each.value: each.count for each in result.facets[name]}


@pytest.fixture
def town(db: None) -> dict[str, Institution]:
    """Six institutions of two districts around one point, one of them without a position."""
    jianxi = DistrictFactory(slug="jianxi", code="410305", name="涧西区")
    hongqi = DistrictFactory(slug="hongqi", code="410702", name="红旗区")
    pearl = TownshipFactory(district=jianxi, code="410305001", name="珠江路街道")
    chong = TownshipFactory(district=jianxi, code="410305002", name="重庆路街道")
    east = TownshipFactory(district=hongqi, code="410702001", name="东街街道")

    def make(name: str, street: Any, km: float | None, **more: Any) -> Institution:
        position = (
            {"latitude": None, "longitude": None}
            if km is None
            else {"latitude": HERE[0] + km * KM, "longitude": HERE[1]}
        )
        more = {"inclusive_places": 0, "filed_modes": [], **more}
        return InstitutionFactory(name=name, district=street.district, township=street, public=True, **position, **more)

    found = {
        "xiaoman": make(
            "示例·小满托育园",
            pearl,
            0.5,
            address="珠江路88号",
            inclusive_places=10,
            is_demonstration=False,
            phone="0379-64600008",
            credit_code="91410305MARP00171K",
        ),
        "sunshine": make("示例·阳光托育中心", pearl, 2.5, address="西苑路3号", filed_modes=["half_day"]),
        "nursery": make("示例·童乐托儿所", chong, 1.0, address="武汉路21号", phone="029-86123456"),
        "class": make("示例·武汉路幼儿园托班", chong, 4.0, address="武汉路5号B座"),
        "unplaced": make("示例·向阳里照护点", chong, None, address="向阳里1号", inclusive_places=5),
        "east": make("示例·东街小天使乐园", east, 60.0, address="东街2号"),
    }
    Institution.objects.filter(pk=found["xiaoman"].pk).update(is_demonstration=True)
    CareProductFactory(institution=found["xiaoman"], hourly=True, fee=900)
    CareProductFactory(institution=found["nursery"], fee=6000)
    CareProductFactory(institution=found["class"], hourly=True, fee=700)
    CareProductFactory(institution=found["class"], fee=9000)
    ClassGroupFactory(institution=found["xiaoman"], kind="toddler", name="一班")
    ClassGroupFactory(institution=found["nursery"], kind="senior_toddler", name="二班")
    ClassGroupFactory(institution=found["class"], kind="mixed", name="三班")
    return found


class SearchContract:
    """Give ``engine`` and, where writes become visible late, ``settle``."""

    @pytest.fixture
    def settle(self) -> Callable[[], None]:
        return lambda: None

    @pytest.fixture
    def ask(self, town: dict[str, Institution], engine: SearchEngine, settle: Callable[[], None]) -> Ask:
        indexing.rebuild(now=NOW)
        settle()
        return lambda **question: engine.search(SearchQuery(**question))

    @pytest.mark.parametrize(
        ("q", "found"),
        [
            ("小满", ["示例·小满托育园"]),
            ("小滿", ["示例·小满托育园"]),
            ("⼩\u200b满\ufe0f", ["示例·小满托育园"]),
            ("ty", ["示例·小满托育园", "示例·阳光托育中心", "示例·童乐托儿所"]),
            ("tongyue", ["示例·童乐托儿所"]),
            ("tongle", ["示例·童乐托儿所"]),
            ("0379-6460 0008", ["示例·小满托育园"]),
            ("+86 379 64600008", ["示例·小满托育园"]),
            ("64600008", ["示例·小满托育园"]),
            ("4600008", []),
            ("86123456", ["示例·童乐托儿所"]),
            ("029-86123456", ["示例·童乐托儿所"]),
            ("+86 29 86123456", ["示例·童乐托儿所"]),
            ("91410305MARP00171K", ["示例·小满托育园"]),
            ("９1410305marp00171k", ["示例·小满托育园"]),
            ("91410305MARP00171", []),
            ("xiaoman", ["示例·小满托育园"]),
            ("xiaom", ["示例·小满托育园"]),
            ("xmty", ["示例·小满托育园"]),
            ("XMTY", ["示例·小满托育园"]),
            ("ｘｍｔｙ", ["示例·小满托育园"]),
            ("阳光托育园", ["示例·阳光托育中心"]),
            ("阳光 托班", ["示例·阳光托育中心"]),
            ("武汉路21", ["示例·童乐托儿所"]),
            ("b座", ["示例·武汉路幼儿园托班"]),
            ("满", ["示例·小满托育园"]),
            ("珠江路", ["示例·小满托育园", "示例·阳光托育中心"]),
            ("zjl", ["示例·小满托育园", "示例·阳光托育中心"]),
            ("红旗", ["示例·东街小天使乐园"]),
            ("hongqi", ["示例·东街小天使乐园"]),
            ("半日托", ["示例·阳光托育中心"]),
            ("半日制", ["示例·阳光托育中心"]),
            ("混合编班", ["示例·武汉路幼儿园托班"]),
            ("不存在的名字", []),
            ("an", []),
        ],
    )
    def test_words_find(self, ask: Ask, q: str, found: list[str]) -> None:
        result = ask(q=q)

        assert sorted(names(result)) == sorted(found)
        assert result.count == len(found)

    def test_what_is_like_the_words(self, ask: Ask) -> None:
        def nearest(q: str, **more: Any) -> list[str]:
            return names(ask(q=q, nearest=True, **more))

        assert nearest("小蛮")[0] == "示例·小满托育园"
        assert nearest("晓曼托育园") == ["示例·小满托育园"]
        assert nearest("xiaomann") == ["示例·小满托育园"]
        assert nearest("【涧西托育】阳光托育中心：空位、收费 https://example.org/xiaoman")[0] == "示例·阳光托育中心"
        assert nearest("向杨里") == ["示例·向阳里照护点"]
        assert nearest("小满", district="hongqi") == ["示例·东街小天使乐园"]
        assert [nearest(q) for q in ("托育中心", "附近", "qqqq", "xy")] == [[], [], [], []]

    def test_class_finds_its_synonyms_and_stands_first(self, ask: Ask) -> None:
        result = ask(q="托班")

        assert names(result)[0] == "示例·武汉路幼儿园托班"
        assert sorted(names(result)[1:]) == sorted(["示例·小满托育园", "示例·阳光托育中心", "示例·童乐托儿所"])

    @pytest.mark.parametrize("q", ["涧西", "澗西", "jianxi", "JIANXI", "涧西区"])
    def test_district_finds_all_of_it(self, ask: Ask, q: str) -> None:
        assert ask(q=q).count == 5

    @pytest.mark.parametrize("q", ["", "   ", "！？", "\x00", "··"])
    def test_question_without_letters_finds_everything(self, ask: Ask, q: str) -> None:
        assert ask(q=q).count == 6

    def test_filters(self, ask: Ask) -> None:
        assert ask(district="hongqi").count == 1
        assert ask(street="410305001").count == 2
        assert names(ask(inclusive=True, sort="name")) == ["示例·向阳里照护点", "示例·小满托育园"]
        assert names(ask(demonstration=True)) == ["示例·小满托育园"]
        assert names(ask(mode="hourly", sort="name")) == ["示例·武汉路幼儿园托班", "示例·小满托育园"]
        assert ask(district="nowhere").count == 0

    def test_age_keeps_institutions_with_a_class_for_it(self, ask: Ask) -> None:
        assert names(ask(age_months=13)) == ["示例·小满托育园"]
        assert sorted(names(ask(age_months=20))) == ["示例·小满托育园", "示例·武汉路幼儿园托班"]
        assert ask(age_months=40).count == 0

    def test_facets_leave_their_own_filter_out(self, ask: Ask) -> None:
        result = ask(district="jianxi", mode="hourly")

        assert facet(result, "street") == {"410305001": 1, "410305002": 1}
        assert facet(result, "mode") == {"full_day": 2, "half_day": 1, "hourly": 2}
        assert facet(result, "class_kind") == {"toddler": 1, "mixed": 1}
        assert facet(result, "inclusive") == {"true": 1}
        assert facet(result, "demonstration") == {"true": 1}

    def test_facets_are_ordered(self, ask: Ask) -> None:
        result = ask()

        assert list(result.facets["street"]) == [
            FacetValue("410305002", 3),
            FacetValue("410305001", 2),
            FacetValue("410702001", 1),
        ]
        assert [each.value for each in result.facets["class_kind"]] == ["toddler", "senior_toddler", "mixed"]

    def test_near_orders_by_distance_and_puts_the_unplaced_last(self, ask: Ask) -> None:
        result = ask(near=HERE, sort="distance", district="jianxi")

        assert [(hit.name, hit.distance_km) for hit in result.hits] == [
            ("示例·小满托育园", 0.5),
            ("示例·童乐托儿所", 1.0),
            ("示例·阳光托育中心", 2.5),
            ("示例·武汉路幼儿园托班", 4.0),
            ("示例·向阳里照护点", None),
        ]

    def test_radius_leaves_the_unplaced_out(self, ask: Ask) -> None:
        result = ask(near=HERE, radius_km=3.0)

        assert names(result) == ["示例·小满托育园", "示例·童乐托儿所", "示例·阳光托育中心"]
        assert facet(result, "street") == {"410305001": 2, "410305002": 1}

    def test_price_order_puts_the_unknown_last(self, ask: Ask) -> None:
        result = ask(sort="price", district="jianxi")

        assert names(result)[:3] == ["示例·武汉路幼儿园托班", "示例·小满托育园", "示例·童乐托儿所"]

    def test_price_order_is_by_the_asked_mode(self, town: dict[str, Institution], ask: Ask) -> None:
        """By the hour 托班 is the cheapest; by the day it is dearer than 童乐."""
        found = [names(ask(sort="price", mode=mode)) for mode in ("hourly", "full_day")]

        assert found == [
            ["示例·武汉路幼儿园托班", "示例·小满托育园"],
            ["示例·童乐托儿所", "示例·武汉路幼儿园托班"],
        ]

    def test_by_price_those_who_can_stand_by_what_the_asked_hours_cost(
        self, ask: Ask, town: dict[str, Institution]
    ) -> None:
        free = {town["class"].pk: 9, town["nursery"].pk: 1, town["east"].pk: 3}
        amounts = {town["class"].pk: 6400, town["nursery"].pk: 6300, town["east"].pk: 6400}

        first = ask(sort="price", first=free, amounts=amounts)
        alone = ask(sort="price", first=free, amounts=amounts, ids=frozenset(free), near=HERE)
        by_name = ask(sort="name", first=free, amounts=amounts)

        able = ["示例·童乐托儿所", "示例·武汉路幼儿园托班", "示例·东街小天使乐园"]
        assert names(first)[:4] == [*able, "示例·小满托育园"]
        assert names(alone) == able
        assert names(by_name)[:3] == ["示例·东街小天使乐园", "示例·童乐托儿所", "示例·武汉路幼儿园托班"]

    def test_name_order_is_by_sound(self, ask: Ask) -> None:
        assert names(ask(sort="name")) == [
            "示例·东街小天使乐园",
            "示例·童乐托儿所",
            "示例·武汉路幼儿园托班",
            "示例·向阳里照护点",
            "示例·小满托育园",
            "示例·阳光托育中心",
        ]

    def test_ids_keep_only_these(self, ask: Ask, town: dict[str, Institution]) -> None:
        result = ask(ids=frozenset([town["nursery"].pk, town["class"].pk, 999_999]), q="托班")

        assert names(result) == ["示例·武汉路幼儿园托班", "示例·童乐托儿所"]
        assert ask(ids=frozenset()).count == 0

    def test_those_with_places_come_first(self, ask: Ask, town: dict[str, Institution]) -> None:
        free = {town["class"].pk: 2, town["unplaced"].pk: 9}

        result = ask(first=free, near=HERE, sort="distance", district="jianxi")

        assert result.first_count == 2
        assert result.count == 5
        assert names(result) == [
            "示例·武汉路幼儿园托班",
            "示例·向阳里照护点",
            "示例·小满托育园",
            "示例·童乐托儿所",
            "示例·阳光托育中心",
        ]

    def test_most_places_first(self, ask: Ask, town: dict[str, Institution]) -> None:
        free = {town["class"].pk: 2, town["nursery"].pk: 7, town["xiaoman"].pk: 2}

        result = ask(ids=frozenset(free), first=free, sort="remaining")

        assert names(result) == ["示例·童乐托儿所", "示例·武汉路幼儿园托班", "示例·小满托育园"]

    def test_pages_do_not_overlap(self, ask: Ask) -> None:
        pages = [names(ask(sort="name", page=page, page_size=4)) for page in (1, 2, 3)]

        assert [len(page) for page in pages] == [4, 2, 0]
        assert len({*pages[0], *pages[1]}) == 6
        assert ask(sort="name", page=100_000, page_size=200).count == 6

    @pytest.mark.parametrize(
        ("q", "field", "marked"),
        [
            ("小满", "name", "示例·<mark>小满</mark>托育园"),
            ("xiaom", "name", "示例·<mark>小满</mark>托育园"),
            ("xmt", "name", "示例·<mark>小满托</mark>育园"),
            ("珠江路88", "address", "<mark>珠江路88</mark>号"),
        ],
    )
    def test_hits_are_marked(self, ask: Ask, q: str, field: str, marked: str) -> None:
        assert ask(q=q).hits[0].highlights[field] == marked

    def test_marks_are_escaped(self, ask: Ask, town: dict[str, Institution], settle: Callable[[], None]) -> None:
        Institution.objects.filter(pk=town["xiaoman"].pk).update(name="<b>小满</b>托育园")
        indexing.index_institutions([town["xiaoman"].pk], now=NOW)
        settle()

        assert ask(q="小满").hits[0].highlights["name"] == "&lt;b&gt;<mark>小满</mark>&lt;/b&gt;托育园"

    def test_changes_are_seen(self, ask: Ask, town: dict[str, Institution], settle: Callable[[], None]) -> None:
        Institution.objects.filter(pk=town["xiaoman"].pk).update(name="示例·大满托育园", latitude=None, longitude=None)
        Institution.objects.filter(pk=town["nursery"].pk).update(is_public=False, state="draft")
        newcomer = InstitutionFactory(name="示例·禾苗托育园", district=town["east"].district, public=True)
        indexing.index_institutions([town["xiaoman"].pk, town["nursery"].pk, newcomer.pk], now=NOW)
        settle()

        assert ask(q="小满").count == 0
        assert names(ask(q="damantuoyu")) == ["示例·大满托育园"]
        assert ask(q="童乐").count == 0
        assert names(ask(q="禾苗")) == ["示例·禾苗托育园"]
        assert names(ask(near=HERE, radius_km=0.7)) == ["示例·禾苗托育园"]
        assert ask().count == 6
