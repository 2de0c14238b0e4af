"""Rules as staff enter, correct, preview and remove them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from cms.core.errors import InvalidInput
from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.districts.models import PolicyDocument, Rule
from directory.districts.services.rules import (
    DocumentIsDraft,
    NoDrafts,
    preview_rule,
    put_in_force,
    remove_rule,
    save_document,
    save_rule,
)
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import DistrictFactory, PolicyDocumentFactory, RuleFactory
from tests.factories.pages import make_draft_plan

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 26)
ONE = dt.timedelta(days=1)
OVERLAP = "这段时间已有一条施行的同类规定，请先给那一条写上「有效期至」。"


def values(**changes: Any) -> dict[str, Any]:
    document = changes.pop("document", None) or PolicyDocumentFactory()
    return {
        "district": document.district,
        "document": document,
        "kind": "places_per_thousand",
        "value": 4.5,
        "text": "每千人口托位 4.5 个",
        "quote": "每千人口托位4.5个",
    } | changes


def test_a_rule_is_entered_then_corrected_from_what_is_stored() -> None:
    actor = StaffUserFactory()
    rule = save_rule(now=NOW, values=values(), actor=actor)
    stale = Rule.objects.get(pk=rule.pk)
    save_rule(now=NOW, values={"label": "托位数"}, rule=rule, actor=actor)

    changed = save_rule(now=NOW, values={"value": 4.6}, rule=stale, actor=actor)

    assert (changed.label, changed.value) == ("托位数", 4.6)
    assert Rule.objects.get() == changed
    assert [(row.action, row.data["changes"], row.user) for row in ModelLogEntry.objects.order_by("pk")] == [
        ("wagtail.create", {}, actor),
        ("wagtail.edit", {"label": ["", "托位数"]}, actor),
        ("wagtail.edit", {"value": ["4.5", "4.6"]}, actor),
    ]


def test_a_rule_without_its_sentence_or_kind_is_refused() -> None:
    for change, field in (({"text": ""}, "text"), ({"kind": "rumour"}, "kind"), ({"kind": ""}, "kind")):
        with pytest.raises(InvalidInput) as caught:
            save_rule(now=NOW, values=values(**change))
        assert list(caught.value.fields) == [field]

    assert (Rule.objects.count(), ModelLogEntry.objects.count()) == (0, 0)


def test_a_rule_without_its_document_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        save_rule(now=NOW, values=values() | {"document": None})

    assert list(caught.value.fields) == ["document"]


@pytest.mark.parametrize("value", [0, "4.5", float("nan"), True, "a\0"])
def test_a_value_that_its_kind_cannot_have_is_refused_at_its_field(value: object) -> None:
    rule = RuleFactory(value=4.5)

    with pytest.raises(InvalidInput) as caught:
        save_rule(now=NOW, values={"value": value}, rule=rule)

    assert caught.value.fields == {"value": "请写一个大于 0 的数字，例如 4.5。"}
    rule.refresh_from_db()
    assert rule.value == 4.5


def test_area_that_does_not_fit_the_level_is_refused_in_words() -> None:
    with pytest.raises(InvalidInput) as caught:
        save_rule(now=NOW, values=values(level="city", area="4103"))

    assert list(caught.value.fields) == ["area"]


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ((None, None), (None, None), True),
        ((None, DAY), (DAY, None), True),
        ((None, DAY), (DAY + ONE, None), False),
        ((DAY + ONE, None), (None, DAY), False),
        ((DAY, None), (None, DAY), True),
        ((DAY, DAY), (DAY, DAY), True),
    ],
)
def test_one_rule_of_a_kind_holds_at_a_time(first: Any, second: Any, refused: bool) -> None:
    old = RuleFactory(valid_from=first[0], valid_until=first[1])
    new = values(document=old.document, valid_from=second[0], valid_until=second[1])

    if refused:
        with pytest.raises(InvalidInput) as caught:
            save_rule(now=NOW, values=new)
        assert caught.value.fields == {"valid_from": OVERLAP}
    else:
        assert save_rule(now=NOW, values=new).pk


@pytest.mark.parametrize("other", ["kind", "draft", "district", "level"])
def test_rules_of_other_kinds_states_and_places_stand_beside_each_other(other: str) -> None:
    old = RuleFactory()
    changes: dict[str, dict[str, Any]] = {
        "kind": {"kind": "video_days", "value": 90},
        "draft": {"state": "draft"},
        "district": {"district": DistrictFactory()},
        "level": {"level": "nation", "district": None},
    }

    assert save_rule(now=NOW, values=values(document=old.document, **changes[other])).pk
    assert Rule.objects.count() == 2


def test_upper_rules_of_two_cities_stand_beside_each_other_and_of_one_do_not() -> None:
    document = PolicyDocumentFactory(district=None, is_plan=False)
    city = values(document=document, level="city", area="4103", district=None)
    save_rule(now=NOW, values=city)
    save_rule(now=NOW, values=city | {"area": "4104"})

    with pytest.raises(InvalidInput):
        save_rule(now=NOW, values=city)


@pytest.mark.parametrize("kind", ["milestone", "other"])
def test_milestones_may_be_many(kind: str) -> None:
    rule = RuleFactory(kind=kind, value=None)

    assert save_rule(now=NOW, values=values(document=rule.document, kind=kind, value=None)).pk


def test_a_rule_corrected_does_not_stand_in_its_own_way() -> None:
    rule = RuleFactory()

    assert save_rule(now=NOW, values={"text": "新"}, rule=rule).text == "新"


@pytest.mark.parametrize(("given", "stored"), [("in_force", "draft"), ("draft", "draft"), ("to_check", "to_check")])
def test_what_a_draft_document_says_is_a_draft(given: str, stored: str) -> None:
    page = make_draft_plan(DistrictFactory())

    assert save_rule(now=NOW, values=values(document=page.document, state=given)).state == stored


def test_what_another_document_says_is_in_force_beside_a_draft_plan() -> None:
    page = make_draft_plan(DistrictFactory())
    other = PolicyDocumentFactory(district=page.district, is_plan=False)

    assert save_rule(now=NOW, values=values(document=other)).state == "in_force"


def test_preview_says_what_would_change_and_writes_nothing() -> None:
    rule = RuleFactory(label="旧名")

    shown = preview_rule(values={"value": 5, "label": "旧名", "due_year": 2030}, rule=rule)

    assert (shown.before, shown.rule.value, shown.rule.due_year) == ({"value": 4.5, "due_year": None}, 5, 2030)
    rule.refresh_from_db()
    assert (rule.value, rule.due_year, ModelLogEntry.objects.count()) == (4.5, None, 0)


def test_preview_of_a_new_rule_shows_what_it_will_hold() -> None:
    given = values()

    shown = preview_rule(values=given)

    assert shown.before == {
        "kind": "",
        "text": "",
        "value": None,
        "quote": "",
        "district": None,
        "document": None,
    }
    assert Rule.objects.count() == 0


def test_preview_refuses_what_saving_would() -> None:
    old = RuleFactory()
    for change in ({"value": 0}, {"text": ""}, {}):
        with pytest.raises(InvalidInput):
            preview_rule(values=values(document=old.document, **change))


def test_a_removed_rule_leaves_its_kind_in_the_history() -> None:
    rule, other = RuleFactory(), RuleFactory()

    remove_rule(now=NOW, rule=rule)

    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.data, entry.content_changed) == ("wagtail.delete", {"kind": rule.kind}, True)
    assert list(Rule.objects.all()) == [other]


def test_rules_of_a_document_are_put_in_force_together() -> None:
    actor, first = StaffUserFactory(), RuleFactory(state="draft")
    second = RuleFactory(state="draft", kind="vouchers", value=True, district=first.district, document=first.document)
    waiting = RuleFactory(state="to_check", kind="video_days", value=90, document=first.document)
    other = RuleFactory(state="draft")

    assert put_in_force(now=NOW, document=first.document, actor=actor) == 2

    states = dict(Rule.objects.values_list("pk", "state"))
    assert states == {first.pk: "in_force", second.pk: "in_force", waiting.pk: "to_check", other.pk: "draft"}
    assert [(row.action, row.user) for row in ModelLogEntry.objects.all()] == [("wagtail.edit", actor)] * 2
    with pytest.raises(NoDrafts):
        put_in_force(now=NOW, document=first.document)


def test_rules_of_a_draft_document_stay_drafts() -> None:
    page = make_draft_plan(DistrictFactory())
    rule = RuleFactory(state="draft", document=page.document)

    with pytest.raises(DocumentIsDraft):
        put_in_force(now=NOW, document=page.document)

    rule.refresh_from_db()
    assert rule.state == "draft"


def test_nothing_is_put_in_force_where_one_would_hold_beside_another() -> None:
    held = RuleFactory()
    plan = PolicyDocumentFactory(district=held.district)
    first = RuleFactory(state="draft", kind="vouchers", value=True, district=held.district, document=plan)
    RuleFactory(state="draft", district=held.district, document=plan)

    with pytest.raises(InvalidInput):
        put_in_force(now=NOW, document=plan)

    first.refresh_from_db()
    assert first.state == "draft"


def test_a_document_is_entered_and_corrected() -> None:
    actor = StaffUserFactory()
    document = save_document(values={"slug": "prices", "title": "收费通知", "district": DistrictFactory()}, actor=actor)
    stale = PolicyDocument.objects.get(pk=document.pk)
    save_document(values={"number": "1号"}, document=document, actor=actor)

    changed = save_document(values={"url": "https://example.cn/"}, document=stale, actor=actor)

    assert (changed.number, changed.url, changed.citation) == ("1号", "https://example.cn/", "收费通知（1号）")
    assert [(row.action, row.data["changes"], row.user) for row in ModelLogEntry.objects.order_by("pk")] == [
        ("wagtail.create", {}, actor),
        ("wagtail.edit", {"number": ["", "1号"]}, actor),
        ("wagtail.edit", {"url": ["", "https://example.cn/"]}, actor),
    ]
    with pytest.raises(InvalidInput) as caught:
        save_document(values={"title": ""}, document=changed)
    assert list(caught.value.fields) == ["title"]


def test_public_pages_are_made_again_after_each_act(monkeypatch: pytest.MonkeyPatch) -> None:
    bumped: list[str] = []
    given, document, rule = values(), PolicyDocumentFactory(), RuleFactory()
    monkeypatch.setattr(versions, "bump", bumped.append)

    save_rule(now=NOW, values=given)
    save_document(values={"number": "1号"}, document=document)
    remove_rule(now=NOW, rule=rule)

    assert bumped == [PUBLIC_PAGES] * 3
