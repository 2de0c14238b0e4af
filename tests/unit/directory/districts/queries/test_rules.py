"""Which rule holds: level, state, day; documents as the union of all levels."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from directory.districts.models import District, Rule
from directory.districts.queries.rules import (
    care_modes_of,
    district_care_modes,
    has_drafts,
    in_order,
    public_rules,
    rule_book,
    rules_to_check,
    upper_rules,
)
from directory.districts.services.setup import setup_districts
from tests.factories.directory import DistrictFactory, PolicyDocumentFactory, RuleFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 26)
ONE = dt.timedelta(days=1)
ALL_MODES = ("full_day", "half_day", "hourly", "temporary")


def upper(level: str, area: str = "", **values: Any) -> Rule:
    document = PolicyDocumentFactory(district=None, is_plan=False)
    return RuleFactory(level=level, area=area, district=None, document=document, **values)


@pytest.fixture
def district() -> District:
    return DistrictFactory(code="410305")


def target(district: District) -> Any:
    return rule_book(district, DAY).value("places_per_thousand")


def test_nearest_level_that_speaks_holds(district: District) -> None:
    seen = [target(district)]
    for level, area, value in (("nation", "", 1), ("province", "41", 2), ("city", "4103", 3)):
        upper(level, area, value=value)
        seen.append(target(district))
    RuleFactory(district=district, value=4)
    seen.append(target(district))

    assert seen == [None, 1, 2, 3, 4]


def test_rules_of_other_places_do_not_reach(district: District) -> None:
    RuleFactory(value=1)
    upper("province", "42", value=2)
    upper("city", "4104", value=3)

    assert target(district) is None
    assert list(public_rules(district, DAY)) == []


def test_level_that_says_it_in_words_alone_does_not_speak(district: District) -> None:
    upper("nation", value=1)
    RuleFactory(district=district, value=None)

    assert target(district) == 1


@pytest.mark.parametrize("state", ["draft", "to_check"])
def test_only_what_is_in_force_holds(district: District, state: str) -> None:
    upper("nation", value=1)
    RuleFactory(district=district, value=2, state=state)

    assert target(district) == 1


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "holds"),
    [
        (None, None, True),
        (DAY, None, True),
        (DAY + ONE, None, False),
        (None, DAY, True),
        (None, DAY - ONE, False),
        (DAY, DAY, True),
    ],
)
def test_rule_holds_from_its_first_day_to_its_last(
    district: District, valid_from: dt.date | None, valid_until: dt.date | None, holds: bool
) -> None:
    RuleFactory(district=district, valid_from=valid_from, valid_until=valid_until)

    assert target(district) == (4.5 if holds else None)


def test_what_is_to_check_is_staffs_alone(district: District) -> None:
    own = RuleFactory(district=district, kind="video_days", value=90, state="to_check")
    city = upper("city", "4103", state="to_check")
    RuleFactory(state="to_check")
    RuleFactory(district=district)
    proposed = RuleFactory(district=district, kind="vouchers", value=True, state="draft")

    assert rules_to_check(district) == [city, own]
    assert [rule.state for rule in rule_book(district, DAY).rules] == ["in_force", "draft"]
    assert rule_book(district, DAY).rules[1] == proposed


def test_rules_of_the_levels_above_are_read_apart_from_the_districts_own(district: District) -> None:
    city = upper("city", "4103", kind="price_float", value=20)
    nation = upper("nation", state="draft")
    upper("city", "4103", state="to_check")
    upper("city", "4104")
    RuleFactory(district=district)

    assert upper_rules(district) == [nation, city]


def test_book_is_one_query(district: District, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        RuleFactory(district=district, kind="milestone", value=None)

    with django_assert_num_queries(1):
        book = rule_book(district, DAY)
        assert len({rule.document.title for rule in book.rules}) == 3


def test_order_is_kind_then_level_then_year_then_age(district: District) -> None:
    late = RuleFactory(district=district, kind="milestone", value=None, due_year=2025)
    early = RuleFactory(district=district, kind="milestone", value=None, due_year=2023)
    nation = upper("nation")
    own = RuleFactory(district=district)
    second = RuleFactory(district=district)

    assert in_order(Rule.objects.order_by("-pk")) == [own, second, nation, early, late]


def test_modes_are_those_of_the_rule_else_all_but_the_half_month(district: District) -> None:
    before = district_care_modes(district, DAY)
    RuleFactory(district=district, kind="care_modes", value=["temporary", "half_month", "hourly"])

    assert (before, district_care_modes(district, DAY)) == (ALL_MODES, ("hourly", "temporary", "half_month"))


@pytest.mark.parametrize(
    ("value", "state", "has"),
    [(True, "in_force", True), (False, "in_force", False), (True, "draft", False), (True, "to_check", False)],
)
def test_vouchers_need_a_rule_in_force(district: District, value: bool, state: str, has: bool) -> None:
    RuleFactory(district=district, kind="vouchers", value=value, state=state)

    assert rule_book(district, DAY).has_vouchers() is has


def test_no_rule_opens_no_vouchers(district: District) -> None:
    assert rule_book(district, DAY).has_vouchers() is False


def test_documents_are_the_union_of_all_levels(district: District) -> None:
    national = upper(
        "nation",
        kind="filing_documents",
        value=[
            {"subject": "fire", "any_of": ["fire_inspection"]},
            {"subject": "food", "any_of": ["food_permit"], "when": "meals"},
        ],
    )
    own = RuleFactory(
        district=district,
        kind="fire_document",
        value=[{"subject": "fire", "any_of": ["assessment_report", "fire_inspection"]}],
    )
    licence = RuleFactory(
        district=district, kind="licence_document", value=[{"subject": "licence", "any_of": ["business_licence"]}]
    )
    RuleFactory(district=district, kind="staff_documents", value=None)
    RuleFactory(
        district=district,
        kind="food_permit",
        state="draft",
        value=[{"subject": "premises", "any_of": ["premises"]}],
    )

    found = [(row.subject, row.any_of, row.only_with_meals, row.rules) for row in rule_book(district, DAY).documents()]

    assert found == [
        ("licence", ("business_licence",), False, (licence,)),
        ("fire", ("fire_inspection", "assessment_report"), False, (national, own)),
        ("food", ("food_permit",), True, (national,)),
    ]


def test_document_that_one_level_always_needs_is_needed_without_meals(district: District) -> None:
    upper(
        "nation",
        kind="filing_documents",
        value=[{"subject": "food", "any_of": ["food_permit"], "when": "meals"}],
    )
    RuleFactory(district=district, kind="food_permit", value=[{"subject": "food", "any_of": ["food_permit"]}])

    (found,) = rule_book(district, DAY).documents()

    assert found.only_with_meals is False


def test_documents_of_the_five_districts() -> None:
    """T4, T5, T8: the national list is always in, a narrower list of a district takes nothing away."""
    setup_districts()
    fire = {
        district.slug: {row.subject: row.any_of for row in rule_book(district, DAY).documents()}
        for district in District.objects.all()
    }

    licences = ("business_licence", "legal_person_certificate")
    assert {slug: found["licence"] for slug, found in fire.items()} == dict.fromkeys(fire, licences)
    assert {slug: found["fire"] for slug, found in fire.items()} == {
        "jianxi": ("fire_inspection", "acceptance", "acceptance_filing", "assessment_report"),
        "hongqi": ("fire_inspection",),
        "huyi": ("fire_safety", "fire_inspection"),
        "xigong": ("fire_inspection",),
        "ninghe": ("fire_inspection",),
    }


def test_deadlines_modes_and_vouchers_of_the_five_districts() -> None:
    """T3, T6, T7: whose the deadline is, the half month in one district, a draft that opens nothing."""
    setup_districts()
    books = {district.slug: rule_book(district, DAY) for district in District.objects.all()}

    deadlines = {
        slug: [(rule.level, rule.value) for kind in ("receipt_days", "refusal_days") if (rule := book.effective(kind))]
        for slug, book in books.items()
    }
    assert deadlines.pop("hongqi") == [("district", 5), ("district", 15)]
    assert list(deadlines.values()) == [[("nation", 5), ("nation", 15)]] * 4
    modes = {slug: book.care_modes() for slug, book in books.items()}
    assert modes.pop("huyi") == ("hourly", "temporary", "half_month")
    assert modes == dict.fromkeys(modes, ALL_MODES)
    assert {slug for slug, book in books.items() if book.has_vouchers()} == {"jianxi"}


def test_document_has_drafts_until_its_rules_are_in_force() -> None:
    rule = RuleFactory(state="draft")
    RuleFactory(state="to_check", document=PolicyDocumentFactory())

    assert has_drafts(rule.document) is True
    Rule.objects.filter(pk=rule.pk).update(state="in_force")
    assert has_drafts(rule.document) is False
    assert [has_drafts(other.document) for other in Rule.objects.filter(state="to_check")] == [False]


def test_modes_of_several_districts_are_read_at_once(django_assert_num_queries: Any) -> None:
    own, same_city, elsewhere = (DistrictFactory(code=code) for code in ("410305", "410303", "610118"))
    RuleFactory(district=own, kind="care_modes", value=["hourly"])
    upper("city", "4103", kind="care_modes", value=["full_day"])
    upper("province", "61", kind="care_modes", value=["half_month"])
    RuleFactory(district=same_city, kind="care_modes", value=["temporary"], state="draft")
    RuleFactory(district=same_city, kind="care_modes", value=["temporary"], valid_until=DAY - ONE)
    RuleFactory(district=same_city, kind="vouchers", value=True)

    with django_assert_num_queries(1):
        found = care_modes_of({row.pk: row.code for row in (own, same_city, elsewhere)}, DAY)

    assert found == {own.pk: ("hourly",), same_city.pk: ("full_day",), elsewhere.pk: ("half_month",)}
    assert found == {row.pk: district_care_modes(row, DAY) for row in (own, same_city, elsewhere)}
