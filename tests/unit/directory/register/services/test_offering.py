from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from cms.core.calendar.times import local_date
from cms.core.errors import InvalidInput
from cms.core.models import OutboxMessage
from directory.register.models import CareProduct, ClassGroup, OpeningRule
from directory.register.services import offering
from directory.register.services.offering import Hours
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import (
    CareProductFactory,
    ClassGroupFactory,
    InstitutionFactory,
    OpeningRuleFactory,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1)
EIGHT, FIVE, SIX = dt.time(8), dt.time(17), dt.time(18)


def history() -> list[tuple[str, Any]]:
    return [(entry.action, entry.user_id) for entry in ModelLogEntry.objects.order_by("pk")]


def messages() -> list[dict[str, Any]]:
    return [row.payload for row in OutboxMessage.objects.filter(topic="search.index").order_by("pk")]


def group_values(**changes: Any) -> dict[str, Any]:
    return {"kind": "toddler", "name": "一班", "places": 10, "caregivers": 2, "active": True} | changes


def product_values(**changes: Any) -> dict[str, Any]:
    return {"mode": "hourly", "starts": EIGHT, "ends": SIX} | changes


def test_a_class_is_added_indexed_and_recorded() -> None:
    institution, actor = InstitutionFactory(), StaffUserFactory()

    group = offering.save_class_group(institution=institution, values=group_values(), now=NOW, actor=actor)

    assert ClassGroup.objects.get() == group
    assert (group.institution, group.name, group.places) == (institution, "一班", 10)
    assert (history(), messages()) == (
        [("directory.offering", actor.pk)],
        [{"institutions": [institution.pk]}],
    )
    assert ModelLogEntry.objects.get().data == {
        "of": "classgroup",
        "row": "一班",
        "changes": {
            "kind": ["", "toddler"],
            "name": ["", "一班"],
            "places": ["", "10"],
            "caregivers": ["", "2"],
            "active": ["", "True"],
        },
    }


def test_a_class_is_changed_from_what_is_stored() -> None:
    group = ClassGroupFactory(places=10)
    stale = ClassGroup.objects.get(pk=group.pk)
    offering.save_class_group(institution=group.institution, values={"caregivers": 3}, class_group=group, now=NOW)

    changed = offering.save_class_group(institution=group.institution, values={"places": 8}, class_group=stale, now=NOW)

    assert (changed.places, changed.caregivers) == (8, 3)
    assert ClassGroup.objects.count() == 1
    assert ModelLogEntry.objects.order_by("-pk")[0].data["changes"] == {"places": ["10", "8"]}


@pytest.mark.parametrize(("places", "regular"), [(5, [4, 5, 5]), (4, [4, 4, 4]), (6, [4, 5, 6])])
def test_fewer_places_lower_the_regular_ones(places: int, regular: list[int]) -> None:
    group = ClassGroupFactory(places=10)
    for weekday, children in enumerate((4, 5, 6)):
        OpeningRuleFactory(class_group=group, weekday=weekday, regular_places=children)
    other = OpeningRuleFactory(class_group=ClassGroupFactory(institution=group.institution), regular_places=9)

    offering.save_class_group(institution=group.institution, values={"places": places}, class_group=group, now=NOW)

    found = OpeningRule.objects.filter(class_group=group).order_by("weekday")
    assert list(found.values_list("regular_places", flat=True)) == regular
    other.refresh_from_db()
    assert other.regular_places == 9


@pytest.mark.parametrize(
    ("values", "field"), [({"places": 16}, "places"), ({"places": 0}, "places"), ({"name": ""}, "name")]
)
def test_a_class_over_the_standard_is_refused(values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        offering.save_class_group(institution=InstitutionFactory(), values=group_values(**values), now=NOW)

    assert list(caught.value.fields) == [field]
    assert (ClassGroup.objects.count(), history(), messages()) == (0, [], [])


def test_a_week_is_set_as_a_whole() -> None:
    group, actor = ClassGroupFactory(places=10), StaffUserFactory()
    monday = OpeningRuleFactory(class_group=group, weekday=0, regular_places=4)
    OpeningRuleFactory(class_group=group, weekday=1)
    other = OpeningRuleFactory(class_group=ClassGroupFactory(institution=group.institution), weekday=1)

    rules = offering.save_opening_rules(
        class_group=group,
        hours={3: Hours(EIGHT, SIX), 0: Hours(dt.time(7, 45), dt.time(17, 15))},
        now=NOW,
        actor=actor,
    )

    assert [(rule.weekday, rule.opens, rule.closes, rule.regular_places) for rule in rules] == [
        (0, dt.time(7, 45), dt.time(17, 15), 4),
        (3, EIGHT, SIX, 10),
    ]
    assert rules[0].pk == monday.pk
    assert set(OpeningRule.objects.all()) == {*rules, other}
    assert (history(), messages()) == (
        [("directory.hours", actor.pk)],
        [{"institutions": [group.institution_id]}],
    )


def test_new_hours_start_with_the_places_that_the_class_now_has() -> None:
    group = ClassGroupFactory(places=10)
    stale = ClassGroup.objects.get(pk=group.pk)
    offering.save_class_group(institution=group.institution, class_group=group, values={"places": 5}, now=NOW)

    offering.save_opening_rules(class_group=stale, hours={0: Hours(dt.time(8), dt.time(18))}, now=NOW)

    assert [rule.regular_places for rule in OpeningRule.objects.all()] == [5]


@pytest.mark.parametrize(
    ("opens", "closes", "field"),
    [
        (dt.time(8, 10), SIX, "opens"),
        (dt.time(8, 0, 1), SIX, "opens"),
        (EIGHT, dt.time(17, 59), "closes"),
        (SIX, EIGHT, "closes"),
        (EIGHT, EIGHT, "closes"),
    ],
)
def test_hours_that_make_no_sense_are_refused(opens: dt.time, closes: dt.time, field: str) -> None:
    group = ClassGroupFactory()
    OpeningRuleFactory(class_group=group, weekday=1)

    with pytest.raises(InvalidInput) as caught:
        offering.save_opening_rules(class_group=group, hours={0: Hours(EIGHT, SIX), 2: Hours(opens, closes)}, now=NOW)

    assert list(caught.value.fields) == [field]
    assert list(OpeningRule.objects.values_list("weekday", flat=True)) == [1]
    assert messages() == []


@pytest.mark.parametrize(("children", "refused"), [(-1, True), (0, False), (10, False), (11, True)])
def test_regular_children_fit_the_class(children: int, refused: bool) -> None:
    rule = OpeningRuleFactory(class_group=ClassGroupFactory(places=10), regular_places=4)
    institution = rule.class_group.institution

    if refused:
        with pytest.raises(offering.RegularTooMany):
            offering.save_regular_places(institution=institution, places={rule.pk: children}, now=NOW)
    else:
        offering.save_regular_places(institution=institution, places={rule.pk: children}, now=NOW)

    rule.refresh_from_db()
    assert rule.regular_places == (4 if refused else children)
    assert (history(), messages()) == (
        ([], []) if refused else ([("directory.regular_places", None)], [{"institutions": [institution.pk]}])
    )


def test_regular_places_of_another_institution_stay() -> None:
    group = ClassGroupFactory()
    own, second = (OpeningRuleFactory(class_group=group, weekday=n, regular_places=4) for n in (0, 1))
    foreign = OpeningRuleFactory(regular_places=4)

    offering.save_regular_places(institution=group.institution, places={own.pk: 2, foreign.pk: 2}, now=NOW)

    assert [OpeningRule.objects.get(pk=rule.pk).regular_places for rule in (own, second, foreign)] == [2, 4, 4]


def test_a_product_is_added_and_changed() -> None:
    institution = InstitutionFactory()
    product = offering.save_product(institution=institution, values=product_values(), now=NOW)
    stale = CareProduct.objects.get(pk=product.pk)
    offering.save_product(institution=institution, values={"inclusive": True}, product=product, now=NOW)

    changed = offering.save_product(institution=institution, values={"ends": FIVE}, product=stale, now=LATER)

    assert CareProduct.objects.get() == changed
    assert (changed.ends, changed.inclusive, changed.institution) == (FIVE, True, institution)
    assert (product.confirmed_at, changed.confirmed_at) == (NOW, LATER)
    assert ModelLogEntry.objects.order_by("-pk")[0].data["changes"] == {"ends": ["18:00:00", "17:00:00"]}
    assert messages() == [{"institutions": [institution.pk]}] * 3


def test_a_new_product_comes_with_its_fee_or_not_at_all() -> None:
    institution, actor = InstitutionFactory(), StaffUserFactory()
    fee = {"from_date": local_date(NOW), "fee": 900, "monthly_fee": None, "meal_fee": 1500}

    product = offering.save_product(institution=institution, values=product_values(), fee=fee, now=NOW, actor=actor)
    wrong, values = {**fee, "fee": -1}, product_values(ends=FIVE)
    with pytest.raises(InvalidInput):
        offering.save_product(institution=institution, values=values, fee=wrong, now=NOW)

    [saved] = product.fees.all()
    assert (saved.fee, saved.meal_fee, saved.class_kind, saved.confirmed_at) == (900, 1500, "", NOW)
    assert CareProduct.objects.get() == product
    assert history() == [("directory.offering", actor.pk)] * 2


def test_class_is_as_old_as_its_institution_last_saved_it() -> None:
    institution = InstitutionFactory()
    group = offering.save_class_group(institution=institution, values=group_values(), now=NOW)
    second = offering.save_class_group(institution=institution, values=group_values(name="二班"), now=NOW)

    offering.save_class_group(institution=institution, values={"places": 9}, class_group=group, now=LATER)

    assert [ClassGroup.objects.get(pk=each.pk).confirmed_at for each in (group, second)] == [LATER, NOW]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts": dt.time(8, 5)}, "starts"),
        ({"ends": dt.time(18, 0, 30)}, "ends"),
        ({"ends": EIGHT}, "ends"),
        ({"mode": "temporary", "block_minutes": 50}, "block_minutes"),
        ({"mode": "temporary", "block_minutes": None}, "block_minutes"),
        ({"mode": "half_day", "part": ""}, "part"),
    ],
)
def test_products_that_make_no_sense_are_refused(values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        offering.save_product(institution=InstitutionFactory(), values=product_values(**values), now=NOW)

    assert list(caught.value.fields) == [field]
    assert CareProduct.objects.count() == 0


@pytest.mark.parametrize("minutes", [15, 45, 120])
def test_blocks_are_quarters(minutes: int) -> None:
    values = product_values(mode="temporary", block_minutes=minutes)

    assert offering.save_product(institution=InstitutionFactory(), values=values, now=NOW).block_minutes == minutes


def test_the_same_product_twice_is_refused() -> None:
    product = CareProductFactory(hourly=True)

    with pytest.raises(InvalidInput):
        offering.save_product(institution=product.institution, values=product_values(), now=NOW)


def test_what_is_no_column_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="colour"):
        offering.save_product(institution=InstitutionFactory(), values=product_values(colour="blue"), now=NOW)


def regular(group: ClassGroup) -> dict[int, int]:
    return dict(group.opening_rules.order_by("weekday").values_list("weekday", "regular_places"))


def test_weekday_opened_again_has_the_regular_children_it_had() -> None:
    group = ClassGroupFactory(places=10)
    every, monday = Hours(EIGHT, SIX), {0: Hours(EIGHT, SIX)}
    offering.save_opening_rules(class_group=group, hours={0: every, 1: every, 2: every}, now=NOW)
    OpeningRule.objects.filter(weekday=1).update(regular_places=3)
    OpeningRule.objects.filter(weekday=2).update(regular_places=9)

    offering.save_opening_rules(class_group=group, hours=monday, now=NOW)
    offering.save_opening_rules(class_group=group, hours=monday, now=NOW)
    ClassGroup.objects.filter(pk=group.pk).update(places=8)
    offering.save_opening_rules(class_group=group, hours={1: every, 2: every, 3: every}, now=NOW)

    assert regular(group) == {1: 3, 2: 8, 3: 8}
    OpeningRule.objects.filter(weekday=1).update(regular_places=0)
    offering.save_opening_rules(class_group=group, hours={0: every}, now=NOW)
    offering.save_opening_rules(class_group=group, hours={0: every, 1: every}, now=NOW)
    assert regular(group) == {0: 8, 1: 0}
