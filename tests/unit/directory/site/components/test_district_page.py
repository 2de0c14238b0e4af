"""The words of a district's page: figures, marks, groups, sources."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from directory.districts.models import District, PolicyDocument
from directory.districts.ports import PolicyCard
from directory.districts.queries.figures import district_figures
from directory.site.components.district_page import FactLine, Figure, PageWords, Source, page_words
from tests.factories.directory import DistrictFactory, PolicyDocumentFactory, RuleFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 26)


@pytest.fixture
def district() -> District:
    return DistrictFactory(code="410305")


@pytest.fixture
def plan(district: District) -> PolicyDocument:
    return PolicyDocumentFactory(district=district, title="实施方案", number="1号")


def card(**values: Any) -> PolicyCard:
    given = {
        "url": "/policies/plan/",
        "title": "方案",
        "state": "现行有效",
        "is_draft": False,
        "issuer": "",
        "number": "",
        "issued_date": None,
        "expires_date": None,
    }
    return PolicyCard(**given | values)


def words(district: District, cards: dict[int, PolicyCard] | None = None) -> PageWords:
    return page_words(district_figures(district.slug, day=DAY), cards or {}, filed=7)


def national(**values: Any) -> Any:
    document, _made = PolicyDocument.objects.get_or_create(slug="national", defaults={"title": "办法"})
    return RuleFactory(district=None, level="nation", document=document, **values)


def test_district_without_rules_has_its_count_alone(district: District) -> None:
    found = words(district)

    assert (found.filed, found.figures, found.first, found.folded, found.quotes, found.sources) == (
        7,
        [],
        [],
        [],
        [],
        [],
    )
    assert found.is_draft is False


def test_figures_are_the_target_and_what_parents_ask(district: District, plan: PolicyDocument) -> None:
    RuleFactory(district=district, document=plan, value=5.3, due_year=2025)
    RuleFactory(district=district, document=plan, kind="video_days", value=90)
    RuleFactory(district=district, document=plan, kind="classes_a_month", value=1)

    assert words(district).figures == [
        Figure("每千人口托位目标", "5.3", "个", "2025 年已过，暂无完成数据"),
        Figure("录像保存", "90", "天", ""),
    ]


@pytest.mark.parametrize(
    ("kinds", "name"),
    [
        (("classes_a_month", "receipt_days"), "育儿指导次数"),
        (("receipt_days",), "备案回执时限"),
    ],
)
def test_third_figure_is_the_first_there_is(district: District, kinds: tuple[str, ...], name: str) -> None:
    for kind in kinds:
        RuleFactory(district=district, kind=kind, value=5)

    assert [figure.name for figure in words(district).figures] == [name]


def test_proposed_target_is_said_to_be_one_and_gives_way_to_one_in_force(
    district: District, plan: PolicyDocument
) -> None:
    RuleFactory(district=district, document=plan, value=None, state="draft", text="没有写")
    RuleFactory(district=district, document=plan, value=4.1, state="draft")
    proposed = words(district).figures
    national(value=4.5)

    assert [(figure.name, figure.number) for figure in proposed] == [("每千人口托位（拟定）", "4.1")]
    assert [(figure.name, figure.number) for figure in words(district).figures] == [("每千人口托位目标", "4.5")]


def test_target_that_nobody_gives_is_no_figure(district: District) -> None:
    RuleFactory(district=district, value=None)
    RuleFactory(district=district, kind="vouchers", value=True, state="draft")

    assert words(district).figures == []


def test_lines_are_in_groups_and_in_the_order_of_parents(district: District, plan: PolicyDocument) -> None:
    for kind, value in (
        ("video_days", 90),
        ("vouchers", True),
        ("places_per_thousand", 5.3),
        ("receipt_days", 5),
        ("validity_years", 5),
        ("issue", None),
        ("other", None),
        ("lifetime_ban", None),
    ):
        RuleFactory(district=district, document=plan, kind=kind, value=value, text=kind, quote="")

    found = words(district)

    assert [line.text for line in found.first] == ["vouchers", "video_days", "lifetime_ban"]
    assert [(group.title, [line.text for line in group.lines]) for group in found.folded] == [
        ("目标", ["places_per_thousand"]),
        ("办托育机构要知道的", ["receipt_days", "other"]),
    ]
    assert found.quotes == []


@pytest.mark.parametrize(
    ("plan_is_draft", "state", "mark"),
    [
        (False, "in_force", ""),
        (False, "draft", "征求意见稿"),
        (True, "draft", ""),
        (True, "in_force", "已施行"),
    ],
)
def test_mark_says_what_the_banner_does_not(
    district: District, plan: PolicyDocument, plan_is_draft: bool, state: str, mark: str
) -> None:
    RuleFactory(
        district=district, document=plan, kind="vouchers", value=True, state=state, label="券", text="有", due_year=2030
    )

    found = words(district, {plan.pk: card(is_draft=plan_is_draft)})

    assert found.first == [FactLine("券", "有", "目标年份 2030", mark)]
    assert found.is_draft is plan_is_draft


def test_rule_of_an_upper_level_is_named_as_one(district: District, plan: PolicyDocument) -> None:
    national(kind="vouchers", value=True)

    for is_draft in (False, True):
        assert words(district, {plan.pk: card(is_draft=is_draft)}).first[0].mark == "全国规定"


def test_documents_are_named_once_the_districts_own_first(district: District, plan: PolicyDocument) -> None:
    national(kind="receipt_days", value=5)
    bare = PolicyDocumentFactory(district=district, is_plan=False, title="通知", url="https://example.cn/")
    for document, kind in ((plan, "vouchers"), (plan, "care_modes"), (bare, "other")):
        value = {"vouchers": True, "care_modes": ["hourly"], "other": None}[kind]
        RuleFactory(district=district, document=document, kind=kind, value=value, label="名", quote=f"{kind}原文")
    cards = {plan.pk: card(issuer="区政府", issued_date=dt.date(2022, 11, 15))}

    found = words(district, cards)

    assert found.sources == [
        Source("实施方案（1号）", "/policies/plan/", "区政府　2022年11月15日", "现行有效"),
        Source("通知", "https://example.cn/", "", ""),
        Source("办法", "", "", ""),
    ]
    assert FactLine("名", "「vouchers原文」", "", "") in found.quotes


def test_card_with_a_date_alone_says_the_date(district: District, plan: PolicyDocument) -> None:
    RuleFactory(district=district, document=plan)

    for values, known in (({"issued_date": dt.date(2022, 11, 15)}, "2022年11月15日"), ({"issuer": "区政府"}, "区政府")):
        assert words(district, {plan.pk: card(**values)}).sources[0].known == known
