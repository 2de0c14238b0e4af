"""An institution that lost its standing between a hold and what was to follow: nothing new is made of it."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import closing, holds, moves
from booking.care.services.hold_change import StayRequest, hold_or_replace
from booking.places import refusals
from booking.places.models import Booking
from booking.places.queries.ledger import ledger_differences
from directory.register.models import Institution
from directory.register.services.institutions import end_rectification, start_rectification
from tests.factories.booking import NOW, booked, hold, open_house, toddler, tomorrow
from tests.races import Late

pytestmark = pytest.mark.django_db
State = Institution.State


def rectify(house, kind="stops_new"):
    start_rectification(institution=house.institution, kind=kind, reason="消防", until_date=None, now=NOW)


def status() -> str:
    return Booking.objects.get().status


@pytest.mark.parametrize("kind", ["stops_new", "closes"])
def test_hold_is_not_confirmed_where_nothing_new_is_taken_until_it_is_lifted(kind):
    house, (user, child) = open_house(), toddler()
    held = hold(house, user=user, child=child)
    rectify(house, kind)

    with pytest.raises(refusals.NotTaking) as refused:
        moves.confirm_booking(user=user, booking=held.public_id, now=NOW)

    assert (refused.value.code, status()) == ("closed", "held")
    end_rectification(institution=house.institution, note="已改好", now=NOW)
    assert moves.confirm_booking(user=user, booking=held.public_id, now=NOW).status == "confirmed"


@pytest.mark.parametrize("state", [State.DRAFT, State.RECTIFICATION, State.ENDED])
def test_nothing_is_confirmed_or_accepted_in_any_other_state(state):
    house, people = open_house(policy={"needs_acceptance": True}), [toddler(), toddler()]
    asked = booked(house, user=people[0][0], child=people[0][1])
    held = hold(house, user=people[1][0], child=people[1][1])
    Institution.objects.filter(pk=house.institution.pk).update(state=state, rectification_kind="", is_public=False)

    with pytest.raises(refusals.NotTaking):
        moves.confirm_booking(user=people[1][0], booking=held.public_id, now=NOW)
    with pytest.raises(moves.MayNotAccept) as refused:
        moves.accept_request(actor=people[0][0], institution=house.institution, booking=asked.public_id, now=NOW)

    assert refused.value.code == "closed"
    assert [each.status for each in Booking.objects.order_by("pk")] == ["requested", "held"]


def test_what_was_confirmed_before_answers_the_same_again():
    house, (user, child) = open_house(policy={"needs_acceptance": True}), toddler()
    asked = booked(house, user=user, child=child).public_id
    by_house = {"actor": user, "institution": house.institution, "booking": asked, "now": NOW}
    moves.accept_request(**by_house)
    rectify(house)

    assert moves.confirm_booking(user=user, booking=asked, now=NOW).status == "confirmed"
    assert moves.accept_request(**by_house).status == "confirmed"


def test_hold_that_ran_out_says_so_also_where_nothing_new_is_taken():
    house, (user, child) = open_house(), toddler()
    held = hold(house, user=user, child=child)
    rectify(house)

    with pytest.raises(refusals.HoldExpired):
        moves.confirm_booking(user=user, booking=held.public_id, now=NOW + dt.timedelta(minutes=15))


def test_hold_that_looked_before_new_bookings_were_stopped_takes_nothing(monkeypatch):
    house, (user, child) = open_house(), toddler()
    monkeypatch.setattr(holds, "_take", Late(holds._take, lambda: rectify(house)))

    with pytest.raises(refusals.Closed):
        hold(house, user=user, child=child)

    assert not Booking.objects.exists()
    assert list(ledger_differences()) == []


def test_changed_hold_that_needs_the_same_places_is_refused_too_and_the_old_one_stays(monkeypatch):
    house, (user, child) = open_house(), toddler()
    first = hold(house, user=user, child=child)
    stay = StayRequest(
        house.institution.public_id,
        child.public_id,
        "hourly",
        tomorrow("14:00"),
        tomorrow("16:30"),
        replaces=first.public_id,
    )
    monkeypatch.setattr(holds, "_take", Late(holds._take, lambda: rectify(house)))

    with pytest.raises(refusals.Closed):
        hold_or_replace(user=user, stay=stay, key="again", now=NOW)

    assert (Booking.objects.get().pk, status()) == (first.pk, "held")
    assert list(ledger_differences()) == []


def test_hold_of_another_house_is_made(monkeypatch):
    house, other, (user, child) = open_house(), open_house(), toddler()
    monkeypatch.setattr(holds, "_take", Late(holds._take, lambda: rectify(other)))

    assert hold(house, user=user, child=child).status == "held"


def test_cells_are_locked_where_bookings_are_kept_and_keep_their_targets(monkeypatch):
    house, locked = open_house(days=1), []
    monkeypatch.setattr(closing, "lock_cells", locked.extend)

    rectify(house)

    cells = [cell for pool in house.institution.capacity_pools.all() for cell in pool.cells.filter(starts_at__gte=NOW)]
    assert sorted(locked) == sorted(cell.pk for cell in cells)
    assert {cell.target for cell in cells} == {6}
