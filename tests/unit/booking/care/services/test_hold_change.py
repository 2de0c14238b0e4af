from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services.hold_change import StayRequest, hold_or_replace
from booking.care.services.moves import cancel_booking, confirm_booking
from booking.places import refusals
from booking.places.models import Booking, CapacityCell, ChildSlot
from booking.places.queries.ledger import ledger_differences
from booking.places.services.cells import set_targets
from cms.accounts.models import Child
from cms.core.calendar.times import at
from tests.factories.accounts import FamilyMemberFactory
from tests.factories.booking import NOW, TOMORROW, booked, full_house, open_house, toddler

pytestmark = pytest.mark.django_db


def stay(house, child, starts=14, ends=17, **more) -> StayRequest:
    return StayRequest(
        institution=house.institution.public_id,
        child=child.public_id,
        mode=more.pop("mode", "hourly"),
        starts_at=at(TOMORROW, dt.time(starts)),
        ends_at=at(TOMORROW, dt.time(ends)),
        **more,
    )


def test_same_stay_answers_the_live_hold_whatever_the_key():
    house = open_house()
    user, child = toddler()

    first = hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)
    second = hold_or_replace(user=user, stay=stay(house, child), key="b", now=NOW)

    assert second == first


def test_same_page_sent_after_confirming_answers_the_booking():
    house = open_house()
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)
    confirm_booking(user=user, booking=first.public_id, now=NOW)

    assert hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW) == first


def test_same_page_sent_after_cancelling_asks_once_more():
    house = open_house()
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)
    cancel_booking(user=user, booking=first.public_id, now=NOW)

    second = hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)

    assert second != first
    assert second.status == Booking.Status.HELD


def test_overlapping_hold_gives_way_and_the_ledger_stays_clean():
    house = open_house(regular_places=9)
    user, child = toddler()
    hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)

    hold_or_replace(user=user, stay=stay(house, child, 15, 18), key="a", now=NOW)

    assert Booking.objects.filter(status=Booking.Status.HELD).count() == 1
    assert list(ledger_differences()) == []


def test_replacing_moves_the_cells_and_slots_with_it():
    house = full_house()
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)

    second = hold_or_replace(user=user, stay=stay(house, child, 15, 18), key="b", now=NOW)

    first.refresh_from_db()
    taken = CapacityCell.objects.filter(taken=1, pool__bucket="toddler").order_by("starts_at")
    hours = [at(TOMORROW, dt.time(hour, minute)) for hour in (15, 16, 17) for minute in (0, 30)]
    assert (first.status, second.status) == ("cancelled", "held")
    assert [cell.starts_at for cell in taken] == hours
    assert set(ChildSlot.objects.values_list("booking_id", flat=True)) == {second.pk}
    assert set(CapacityCell.objects.values_list("taken", flat=True)) == {0, 1}
    assert list(ledger_differences()) == []


def test_last_place_is_passed_from_the_old_hold_to_the_new_one():
    house = open_house(regular_places=9)
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child, 14, 16), key="a", now=NOW)

    second = hold_or_replace(user=user, stay=stay(house, child, 14, 17), key="b", now=NOW)

    first.refresh_from_db()
    assert (first.status, second.status) == ("cancelled", "held")
    assert list(ledger_differences()) == []


def test_place_above_target_is_not_passed_on():
    house = open_house(regular_places=9)
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child, 14, 17), key="a", now=NOW)
    over = CapacityCell.objects.filter(starts_at=at(TOMORROW, dt.time(15)), pool__institution=house.institution)
    set_targets(dict.fromkeys(over.values_list("pk", flat=True), 0))

    with pytest.raises(refusals.Full):
        hold_or_replace(user=user, stay=stay(house, child, 14, 16), key="b", now=NOW)

    first.refresh_from_db()
    assert first.status == "held"
    assert list(ledger_differences()) == []


@pytest.mark.parametrize(("starts", "ends"), [(12, 14), (17, 18)])
def test_hold_that_only_touches_the_new_stay_is_kept(starts, ends):
    house = full_house()
    user, child = toddler()
    neighbour = hold_or_replace(user=user, stay=stay(house, child, starts, ends), key="a", now=NOW)

    hold_or_replace(user=user, stay=stay(house, child), key="b", now=NOW)

    neighbour.refresh_from_db()
    assert neighbour.status == "held"


def test_named_hold_of_other_hours_and_house_gives_way_in_the_same_act():
    house = full_house()
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house.other, child, 9, 11), key="a", now=NOW)

    second = hold_or_replace(user=user, stay=stay(house, child, replaces=first.public_id), key="b", now=NOW)

    first.refresh_from_db()
    assert (first.status, second.status) == ("cancelled", "held")
    assert list(ledger_differences()) == []


def test_named_hold_of_other_hours_is_kept_where_the_new_one_is_refused():
    house = open_house(regular_places=9)
    other, sibling = toddler()
    booked(house, user=other, child=sibling)
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child, 9, 11), key="a", now=NOW)

    with pytest.raises(refusals.Full):
        hold_or_replace(user=user, stay=stay(house, child, replaces=first.public_id), key="b", now=NOW)

    first.refresh_from_db()
    assert first.status == "held"


def test_product_of_the_same_hours_is_another_stay():
    house = full_house()
    user, child = toddler()
    products = [house.products[name].public_id for name in ("morning", "hourly")]
    cheap, dear = (
        hold_or_replace(user=user, stay=stay(house, child, 9, 11, product=product), key="a", now=NOW)
        for product in products
    )

    cheap.refresh_from_db()
    assert (cheap.status, dear.status) == ("cancelled", "held")
    assert hold_or_replace(user=user, stay=stay(house, child, 9, 11), key="c", now=NOW) == dear


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ({}, True),
        ({"mode": "temporary", "ends": 16}, False),
        ({"ends": 18}, False),
        ({"starts": 15, "ends": 17}, False),
    ],
)
def test_same_stay_is_the_same_in_everything(change, is_same):
    house = full_house()
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)

    second = hold_or_replace(user=user, stay=stay(house, child, **change), key="b", now=NOW)

    assert (second == first) is is_same


def test_same_hours_in_another_house_are_another_stay():
    house = full_house()
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)

    second = hold_or_replace(user=user, stay=stay(house.other, child), key="b", now=NOW)

    first.refresh_from_db()
    assert (first.status, second.institution_id) == ("cancelled", house.other.institution.pk)


def test_sibling_of_the_same_hours_keeps_its_hold():
    house = full_house()
    user, child = toddler()
    sibling = Child.objects.create(
        family=child.family, nickname="二宝", birth_date=dt.date(2025, 5, 3), created_at=NOW, public_id="sibling"
    )
    first = hold_or_replace(user=user, stay=stay(house, sibling), key="a", now=NOW)

    hold_or_replace(user=user, stay=stay(house, child), key="b", now=NOW)

    first.refresh_from_db()
    assert first.status == "held"


@pytest.mark.parametrize(
    ("after", "is_same"), [(dt.timedelta(minutes=14, seconds=59), True), (dt.timedelta(minutes=15), False)]
)
def test_hold_that_ran_out_is_held_once_more(after, is_same):
    house = full_house()
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)

    second = hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW + after)

    assert (second == first) is is_same
    assert (second.status, second.expires_at > NOW + after) == ("held", True)
    assert list(ledger_differences()) == []


def test_hold_confirmed_meanwhile_is_not_replaced():
    house = full_house()
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)
    confirm_booking(user=user, booking=first.public_id, now=NOW)

    second = hold_or_replace(user=user, stay=stay(house, child, 9, 11, replaces=first.public_id), key="b", now=NOW)

    first.refresh_from_db()
    assert (first.status, second.status) == ("confirmed", "held")


def test_refusal_keeps_the_overlapping_hold():
    house = open_house(regular_places=9)
    other, sibling = toddler()
    booked(house, user=other, child=sibling, starts=dt.time(17), ends=dt.time(18))
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)

    with pytest.raises(refusals.Full):
        hold_or_replace(user=user, stay=stay(house, child, 15, 18), key="b", now=NOW)

    first.refresh_from_db()
    assert first.status == Booking.Status.HELD
    assert list(ledger_differences()) == []


def test_confirmed_booking_of_the_child_stands_in_the_way():
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child)

    with pytest.raises(refusals.Duplicate):
        hold_or_replace(user=user, stay=stay(house, child, 15, 18), key="a", now=NOW)


def test_hold_of_another_family_is_never_replaced():
    house = open_house()
    user, child = toddler()
    other, sibling = toddler()
    theirs = hold_or_replace(user=other, stay=stay(house, sibling), key="a", now=NOW)

    hold_or_replace(user=user, stay=stay(house, child, replaces=theirs.public_id), key="b", now=NOW)

    theirs.refresh_from_db()
    assert theirs.status == Booking.Status.HELD


def test_the_other_parent_changes_the_familys_hold():
    house = open_house()
    user, child = toddler()
    second_parent = FamilyMemberFactory(family=child.family).user
    first = hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)

    changed = stay(house, child, 15, 18, replaces=first.public_id)
    second = hold_or_replace(user=second_parent, stay=changed, key="b", now=NOW)

    first.refresh_from_db()
    assert (first.status, second.status) == (Booking.Status.CANCELLED, Booking.Status.HELD)
    assert list(ledger_differences()) == []


def test_a_hold_of_the_other_parent_gives_way_only_where_it_is_being_changed():
    house = open_house()
    user, child = toddler()
    second_parent = FamilyMemberFactory(family=child.family).user
    first = hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)

    with pytest.raises(refusals.Duplicate):
        hold_or_replace(user=second_parent, stay=stay(house, child, 15, 18), key="b", now=NOW)

    first.refresh_from_db()
    assert first.status == Booking.Status.HELD


def test_a_stranger_cannot_give_back_a_hold_by_naming_it():
    house = open_house()
    user, child = toddler()
    other, other_child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)

    hold_or_replace(user=other, stay=stay(house, other_child, replaces=first.public_id), key="b", now=NOW)

    first.refresh_from_db()
    assert first.status == Booking.Status.HELD


@pytest.mark.parametrize("confirmed", [False, True])
def test_changing_to_a_stay_that_is_held_already_gives_back_the_other_hold_alone(confirmed):
    house = open_house()
    user, child = toddler()
    morning = hold_or_replace(user=user, stay=stay(house, child, 9, 12), key="a", now=NOW)
    afternoon = hold_or_replace(user=user, stay=stay(house, child), key="b", now=NOW)
    if confirmed:
        confirm_booking(user=user, booking=morning.public_id, now=NOW)

    again = hold_or_replace(user=user, stay=stay(house, child, replaces=morning.public_id), key="c", now=NOW)

    morning.refresh_from_db()
    assert again == afternoon
    assert morning.status == ("confirmed" if confirmed else "cancelled")
    assert list(ledger_differences()) == []
