"""Figures of the first release become rules with kind and value, and keep their words, sources and history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet
from wagtail.models import ModelLogEntry

from cms.pages.models import PolicyPage
from directory.districts.models import PolicyDocument, Rule

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
BEFORE = [("directory", "0007_fill_rectification_kind"), ("districts", None), ("pages", "0003_words_of_constraints")]
NATIONAL = "托育机构登记和备案办法（试行）（国卫办人口发〔2019〕25号）"
PLAN = "实施方案（红政办〔2022〕34号）"
#: key, value, source title, text, due year → kind, value, text where it changes.
FACTS: list[tuple[dict[str, Any], tuple[str, Any]]] = [
    ({"key": "places-per-thousand", "value": 5.3, "due_year": 2025}, ("places_per_thousand", 5.3)),
    ({"key": "video-days", "value": "九十"}, ("video_days", None)),
    ({"key": "milestone-2023", "value": None, "due_year": 2023}, ("milestone", None)),
    ({"key": "lifetime-ban", "value": 1}, ("lifetime_ban", None)),
    ({"key": "coverage-population", "value": {"from": 1, "to": 2}}, ("coverage_population", {"from": 1, "to": 2})),
    (
        {"key": "fire-document", "value": ["acceptance", "assessment_report"]},
        ("fire_document", [{"subject": "fire", "any_of": ["acceptance", "assessment_report"]}]),
    ),
    ({"key": "licence-document", "value": ["own_words"]}, ("licence_document", None)),
    (
        {"key": "staff-documents", "value": ["qualification", "health"]},
        (
            "staff_documents",
            [
                {"subject": "staff_qualification", "any_of": ["qualification"]},
                {"subject": "staff_health", "any_of": ["health_certificate"]},
            ],
        ),
    ),
    (
        {"key": "filing-documents", "value": ["health_evaluation", "fire_safety", "premises"]},
        (
            "filing_documents",
            [
                {"subject": "fire", "any_of": ["fire_safety"]},
                {"subject": "health_evaluation", "any_of": ["health_evaluation"]},
                {"subject": "premises", "any_of": ["premises"]},
            ],
        ),
    ),
    (
        {"key": "food-permit", "value": ["if_meals"]},
        ("food_permit", [{"subject": "food", "any_of": ["food_permit"], "when": "meals"}]),
    ),
    (
        {"key": "health-evaluation", "value": None},
        ("health_evaluation", [{"subject": "health_evaluation", "any_of": ["health_evaluation"]}]),
    ),
    ({"key": "care-modes", "value": None}, ("care_modes", ["hourly"])),
    ({"key": "voucher", "value": True}, ("vouchers", True)),
    (
        {"key": "parenting-lead", "value": 2, "unit": "次/月", "text": "每月不少于 1 次，区妇联牵头"},
        ("parenting_lead", ["womens_federation"]),
    ),
    ({"key": "refusal-days", "value": 10, "source_title": NATIONAL}, ("refusal_days", 10)),
    ({"key": "own-figure", "value": 7, "source_title": "收费通知"}, ("other", None)),
    ({"key": "public-posts", "value": 100, "is_draft": True}, ("public_posts", 100)),
]


class FirstRelease:
    """The districts as the first release knew them, with a policy page of each."""

    def __init__(self) -> None:
        self.executor = MigrationExecutor(connection)
        self.executor.migrate(BEFORE)
        self.apps = self.executor.loader.project_state([BEFORE[0], BEFORE[2]]).apps

    def district(self, slug: str, **values: Any) -> Any:
        code = f"99000{len(slug)}"
        given = {"slug": slug, "code": code, "name": slug, "full_name": slug, "plan_state": "in_force"}
        return self.apps.get_model("directory", "District").objects.create(**given | values)

    def fact(self, district: Any, **values: Any) -> Any:
        given = {"label": "名称", "text": "说明", "source_title": district.plan_title, "quote": "原文"}
        return self.apps.get_model("directory", "DistrictFact").objects.create(district=district, **given | values)

    def page(self, district: Any, slug: str) -> int:
        """A policy page of the district with a revision, past the page tree, which is of no matter here."""
        number = self.apps.get_model("pages", "PolicyPage").objects.count() + 1
        type_id = ContentType.objects.get(app_label="pages", model="policypage").pk
        revision = self.apps.get_model("wagtailcore", "Revision").objects.create(
            content_type_id=type_id, base_content_type_id=type_id, object_id="0", created_at=NOW, content={"slug": slug}
        )
        page = self.apps.get_model("pages", "PolicyPage").objects.create(
            title="方案",
            draft_title="方案",
            slug=slug,
            path=f"00019{number:03}",
            depth=2,
            content_type_id=type_id,
            locale_id=self.apps.get_model("wagtailcore", "Locale").objects.values_list("pk", flat=True)[0],
            latest_revision_id=revision.pk,
            issuer="区政府",
            district_id=district.pk,
        )
        return int(page.pk)

    def upgrade(self) -> None:
        self.executor.loader.build_graph()
        self.executor.migrate(self.executor.loader.graph.leaf_nodes())


def rules_of(district: Any) -> QuerySet[Rule]:
    return Rule.objects.filter(district_id=district.pk).order_by("pk")


def test_figures_of_the_first_release_become_rules() -> None:
    """One history, since each way back to the first release takes seconds."""
    old = FirstRelease()
    district = old.district("a", plan_title=PLAN, care_modes=["hourly"], has_vouchers=True)
    facts = [old.fact(district, **{"text": "说明", **fact}) for fact, _rule in FACTS]
    old.fact(district, key="receipt-days", value=5, source_title=NATIONAL, quote="")
    old.fact(district, key="filing-documents-national", value=["premises"], source_title=NATIONAL, quote="")
    old.fact(district, key="registrars", value=None, text="登记机关及时推送，没有写几天")
    bands = old.fact(district, key="area-per-place", value=[], text="60 个同属两档；150 个以上没有规定")
    ticked = old.district("bb", plan_state="draft", care_modes=["full_day"], has_vouchers=True)
    unticked = old.district("ccc", has_vouchers=False)
    old.fact(unticked, key="voucher", value=True, source_title="通知")
    pages = [old.page(district, "other"), old.page(district, "plan-a"), old.page(ticked, "fang-an")]
    pages += [old.page(unticked, "one"), old.page(unticked, "two")]
    type_of_facts = ContentType.objects.create(app_label="directory", model="districtfact")
    for number, fact in enumerate(facts[:2]):
        entry = {"content_type": type_of_facts, "object_id": str(fact.pk), "label": "x"}
        ModelLogEntry.objects.create(action="wagtail.edit", timestamp=NOW, data={"number": number}, **entry)

    old.upgrade()

    plan = PolicyDocument.objects.get(slug="plan-a")
    assert (plan.title, plan.number, plan.is_plan, plan.district_id) == (
        "实施方案",
        "红政办〔2022〕34号",
        True,
        district.pk,
    )
    rules = list(
        Rule.objects.filter(district_id=district.pk)
        .exclude(kind__in=("classes_a_month", "area_per_place", "registrars"))
        .order_by("pk")
    )
    assert [(rule.kind, rule.value) for rule in rules] == [expected for _fact, expected in FACTS]
    assert [(rule.text, rule.due_year, rule.quote, rule.label) for rule in rules] == [
        (fact.text, fact.due_year, "原文", "名称") for fact in facts
    ]
    assert [rule.kind for rule in rules if rule.document_id != plan.pk] == ["refusal_days", "other"]
    assert [rule.document.title for rule in rules if rule.kind in ("refusal_days", "other")] == [
        "托育机构登记和备案办法（试行）",
        "收费通知",
    ]
    assert [rule.kind for rule in rules if rule.state == "draft"] == ["public_posts"]
    assert Rule.objects.get(kind="classes_a_month").value == 2
    assert Rule.objects.get(kind="area_per_place").text == bands.text.replace("150 个以上", "超过 150 个")
    assert Rule.objects.get(kind="registrars").text == "登记机关及时推送"
    national = Rule.objects.filter(level="nation").order_by("pk")
    assert [(rule.kind, rule.document.slug) for rule in national] == [
        (kind, "national-filing") for kind in ("receipt_days", "refusal_days", "filing_documents")
    ]
    assert [
        (rule.kind, rule.value, rule.state) for rule in Rule.objects.filter(district_id=ticked.pk).order_by("pk")
    ] == [
        ("care_modes", ["full_day"], "draft"),
        ("vouchers", True, "draft"),
    ]
    assert [(rule.kind, rule.value) for rule in rules_of(unticked)] == [("vouchers", False)]
    moved = ModelLogEntry.objects.filter(content_type__model="rule").order_by("pk")
    assert [entry.object_id for entry in moved] == [str(rule.pk) for rule in rules[:2]]
    linked = [PolicyPage.objects.get(pk=pk) for pk in pages]
    other = PolicyDocument.objects.get(slug="plan-bb")
    assert [page.document_id for page in linked] == [None, plan.pk, other.pk, None, None]
    drafts = [page.latest_revision.content.get("document") for page in linked]
    assert drafts == [None, plan.pk, other.pk, None, None]
