from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from directory.register.models import Authorisation, ClassGroup, Institution, Title
from directory.site.components.record_page import (
    Fact,
    asked_parts,
    by_institution,
    child_links,
    class_links,
    facts,
    tags,
    week_title,
)
from directory.site.components.tags import Tag
from directory.site.queries.children import AskedChild
from directory.site.queries.detail import InstitutionRecord
from directory.site.queries.finding import CareNeed
from tests.factories.site import make_week

CHANGED = dt.datetime(2026, 11, 2, 16, 30, tzinfo=dt.UTC)
FILING = {"basis": "filing", "office": "区卫健局", "source_title": "名单", "source_url": "https://example.org/"}


def record(**more: Any) -> InstitutionRecord:
    values: dict[str, Any] = {
        "institution": Institution(places=0, inclusive_places=0, changed_at=CHANGED),
        "profile": None,
        "photos": [],
        "authorisation": Authorisation(),
        "titles": [],
        "class_groups": [],
        "products": [],
        "closing_days": [],
    }
    return InstitutionRecord(**{**values, **more})


def house(**more: Any) -> Institution:
    return Institution(**{"places": 0, "inclusive_places": 0, "changed_at": CHANGED, **more})


def test_nothing_unknown_is_made_up() -> None:
    assert tags(record()) == []
    assert facts(record()) == []


@pytest.mark.parametrize(("basis", "text"), [("filing", "已备案"), ("permit", "已许可")])
def test_tags(basis: str, text: str) -> None:
    everything = record(
        institution=house(is_demonstration=True, inclusive_places=1), authorisation=Authorisation(pk=1, basis=basis)
    )

    assert tags(everything) == [Tag("filed", text), Tag("show", "示范"), Tag("inclusive", "普惠")]


@pytest.mark.parametrize(
    ("more", "fact"),
    [
        (
            {"number": "备0001", "from_date": dt.date(2025, 3, 1)},
            Fact("备案", "备0001", "2025年3月1日，区卫健局，名单", "https://example.org/"),
        ),
        ({}, Fact("备案", "没有编号", "日期待核，区卫健局，名单", "https://example.org/")),
        (
            {"basis": "permit", "number": "许1", "until_date": dt.date(2028, 3, 1)},
            Fact("许可", "许1，有效期至 2028年3月1日", "日期待核，区卫健局，名单", "https://example.org/"),
        ),
    ],
)
def test_authorisation(more: dict[str, Any], fact: Fact) -> None:
    assert facts(record(authorisation=Authorisation(**{"pk": 1, **FILING, **more}))) == [fact]


@pytest.mark.parametrize(
    ("until", "span"), [(None, "2026年1月10日起"), (dt.date(2027, 1, 9), "2026年1月10日至2027年1月9日")]
)
def test_title(until: dt.date | None, span: str) -> None:
    title = Title(
        kind=Title.Kind.values[0],
        name="区级示范",
        office="区卫健局",
        source_title="公示",
        from_date=dt.date(2026, 1, 10),
        until_date=until,
    )

    [fact] = facts(record(titles=[title]))

    assert (fact.value, fact.source) == ("区级示范", f"{span}，区卫健局，公示")


@pytest.mark.parametrize(
    ("nature", "code", "value", "source"),
    [
        ("non_profit", "52410702000000000L", "非营利性（民政部门登记）", "统一社会信用代码 52*************00L"),
        ("", "91410702000000000X", "企业（市场监管部门登记）", "统一社会信用代码 91*************00X"),
        ("for_profit", None, "营利性", ""),
        ("", "00410702000000000X", "没有登记信息", "统一社会信用代码 00*************00X"),
    ],
)
def test_registration(nature: str, code: str | None, value: str, source: str) -> None:
    found = facts(record(institution=house(nature=nature, credit_code=code)))

    assert found == [Fact("登记", value, source)]


@pytest.mark.parametrize(("inclusive", "value"), [(0, "60 个"), (20, "60 个，普惠 20 个")])
def test_places(inclusive: int, value: str) -> None:
    found = facts(record(institution=house(places=60, inclusive_places=inclusive)))

    assert found == [Fact("托位", value, "备案材料")]


def test_classes_with_their_caregivers() -> None:
    groups = [
        ClassGroup(kind="infant", places=8, caregivers=2, confirmed_at=CHANGED),
        ClassGroup(kind="toddler", places=10, caregivers=3, confirmed_at=CHANGED + dt.timedelta(days=1)),
    ]

    assert facts(record(class_groups=groups)) == [
        Fact("班级", "乳儿班 8，托小班 10；当班保育人员 5 人", "机构填写，2026年11月3日")
    ]


def moment(day: int) -> dt.datetime:
    return dt.datetime(2026, 11, day, 16, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("confirmed", "source"),
    [
        ([moment(2)], "机构填写，2026年11月3日"),
        ([moment(9), moment(2)], "机构填写，2026年11月3日"),
        ([moment(2), None], "机构填写"),
        ([None], "机构填写"),
        ([], "机构填写"),
    ],
)
def test_what_the_institution_says_is_as_old_as_its_oldest_part(
    confirmed: list[dt.datetime | None], source: str
) -> None:
    assert by_institution(confirmed) == source


@pytest.mark.parametrize(("kind", "title"), [("senior_toddler", "托大班空位"), (None, "空位")])
def test_week_title_names_the_class(kind: str | None, title: str) -> None:
    assert week_title(make_week(class_kind=kind)) == title
    assert week_title(None) == "空位"


DAY = dt.date(2026, 12, 7)
TWIN = AskedChild("twin00000001", "安安", dt.date(2024, 12, 4))


@pytest.mark.parametrize(
    ("need", "words"),
    [
        (CareNeed(age_months=17), []),
        (CareNeed(day=DAY), ["12月7日 周一"]),
        (CareNeed(day=DAY, starts=dt.time(14)), ["12月7日 周一"]),
        (CareNeed(day=DAY, ends=dt.time(17)), ["12月7日 周一"]),
        (CareNeed(day=DAY, starts=dt.time(14), ends=dt.time(17)), ["12月7日 周一 14:00–17:00"]),
        (CareNeed(day=DAY, age_months=24), ["12月7日 周一", "那天满 24 个月，托大班"]),
        (CareNeed(day=DAY, age_months=24, child=TWIN), ["12月7日 周一", "安安那天满 24 个月，托大班"]),
    ],
)
def test_what_the_page_answers(need: CareNeed, words: list[str]) -> None:
    assert asked_parts(need) == words


def test_children_of_the_visitor_are_asked_for_by_their_age_on_the_day() -> None:
    other = AskedChild("other0000002", "豆豆", dt.date(2026, 12, 1))
    need = CareNeed(day=DAY, age_months=24, child=TWIN)

    assert child_links([TWIN, other], need, today=dt.date(2026, 11, 28)) == [
        {"href": "?age=24&child=twin00000001&date=2026-12-07", "text": "安安", "current": True},
        {"href": "?age=0&child=other0000002&date=2026-12-07", "text": "豆豆", "current": False},
    ]
    [link] = child_links([TWIN], CareNeed(birth_month=dt.date(2025, 6, 1)), today=dt.date(2026, 12, 3))
    assert link == {"href": "?age=23&child=twin00000001", "text": "安安", "current": False}
    assert child_links([other], CareNeed(), today=dt.date(2026, 11, 28))[0]["href"] == "?age=0&child=other0000002"


def test_classes_to_look_at() -> None:
    two = record(class_groups=[ClassGroup(kind="senior_toddler"), ClassGroup(kind="toddler")])
    need = CareNeed(day=DAY, age_months=17)

    assert class_links(two, need, make_week(class_kind="toddler")) == [
        {"href": "?date=2026-12-07", "text": "哪个班都行", "current": False},
        {"href": "?age=17&date=2026-12-07&class=toddler", "text": "托小班", "current": True},
        {"href": "?age=17&date=2026-12-07&class=senior_toddler", "text": "托大班", "current": False},
    ]
    assert [each["current"] for each in class_links(two, CareNeed(), make_week(class_kind=None))] == [
        True,
        False,
        False,
    ]
    assert [each["current"] for each in class_links(two, need, make_week(class_kind=None))] == [False, False, False]
    named = CareNeed(day=DAY, age_months=24, child=TWIN)
    assert [each["current"] for each in class_links(two, named, make_week(class_kind="toddler"))] == [False] * 3
    assert class_links(record(class_groups=[ClassGroup(kind="toddler")]), need, make_week()) == []
    assert class_links(two, need, None) == []
