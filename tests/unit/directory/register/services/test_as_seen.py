"""Acts that stop care: done only where they cost what was seen, compared inside the act's own transaction."""

from __future__ import annotations

from functools import partial

import pytest

from booking.care.services.moves import confirm_booking
from booking.places.models import Booking, CapacityCell
from cms.core.models import OutboxMessage
from directory.districts.services.checking import StakeChanged
from directory.register.models import Authorisation, Institution
from directory.register.queries.impact import Impact, impact_of
from directory.register.services import as_seen
from directory.register.services.as_seen import act_as_seen
from directory.register.services.institutions import end_institution, start_rectification
from directory.register.services.publicity import end_authorisation
from directory.register.services.standing import AlreadyEnded
from tests.factories.booking import NOW, TODAY, House, booked, hold, open_house, toddler
from tests.races import Late

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> House:
    return open_house(policy={"needs_acceptance": True})


def book(place: House, *, sure: bool = True) -> Booking:
    user, child = toddler()
    made = booked(place, user=user, child=child)
    if sure:
        Booking.objects.filter(pk=made.pk).update(status="confirmed", expires_at=None)
    return made


def mark(place: House) -> str:
    return impact_of(institution_id=place.institution.pk, first=TODAY, now=NOW).mark


def closes(place: House, kind: str = "closes") -> partial[Institution]:
    return partial(
        start_rectification, institution=place.institution, kind=kind, reason="消防", until_date=None, now=NOW
    )


def do(place: House, act: object, seen: str, **more: object) -> Impact:
    return act_as_seen(act, institution=place.institution, seen=seen, now=NOW, **more)


def ending(place: House) -> tuple[partial[Authorisation], Authorisation]:
    row = Authorisation.objects.get(institution=place.institution)
    return partial(end_authorisation, authorisation=row, ended_date=TODAY, reason="注销", now=NOW), row


def test_what_the_act_ends_is_returned(place: House) -> None:
    sure, asked = book(place), book(place, sure=False)

    done = do(place, closes(place), mark(place))

    assert {one.booking for one in done.ended} == {sure.pk, asked.pk}
    assert Institution.objects.get().takes_bookings is False


def test_mark_is_of_all_though_only_what_waits_is_ended(place: House) -> None:
    book(place)
    asked = book(place, sure=False)

    done = do(place, closes(place, "stops_new"), mark(place), only_waiting=True)

    assert [one.booking for one in done.ended] == [asked.pk]


def test_booking_made_after_the_look_undoes_the_whole_act(place: House) -> None:
    book(place)
    seen = mark(place)
    user, child = toddler()
    held = hold(place, user=user, child=child)
    targets = list(CapacityCell.objects.order_by("pk").values_list("target", flat=True))
    before = OutboxMessage.objects.filter(topic="booking.stopped").count()

    confirm_booking(user=user, booking=held.public_id, now=NOW)
    with pytest.raises(StakeChanged) as refused:
        do(place, closes(place), seen)

    assert (refused.value.code, Institution.objects.get().state) == ("changed", "active")
    assert list(CapacityCell.objects.order_by("pk").values_list("target", flat=True)) == targets
    assert OutboxMessage.objects.filter(topic="booking.stopped").count() == before


def test_booking_made_between_the_look_and_the_lock_is_not_cancelled_unseen(
    place: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = mark(place)
    monkeypatch.setattr(as_seen, "lock_institution", Late(as_seen.lock_institution, lambda: book(place)))

    with pytest.raises(StakeChanged):
        do(place, closes(place), seen)

    assert Institution.objects.get().state == "active"


def test_booking_called_off_meanwhile_is_a_change_too(place: House) -> None:
    gone = book(place)
    seen = mark(place)
    Booking.objects.filter(pk=gone.pk).update(status="cancelled")

    with pytest.raises(StakeChanged):
        do(place, closes(place), seen)


def test_end_of_an_authorisation_ends_what_rests_on_it(place: House) -> None:
    sure = book(place)
    act, row = ending(place)

    assert [one.booking for one in do(place, act, mark(place), ends=row).ended] == [sure.pk]
    assert Institution.objects.get().is_public is False


@pytest.mark.parametrize("published", [True, False])
def test_only_the_end_of_a_draft_costs_nothing(published: bool) -> None:
    place = open_house()
    book(place)
    act, row = ending(place)
    if not published:
        Authorisation.objects.filter(pk=row.pk).update(published_at=None)

    if published:
        with pytest.raises(StakeChanged):
            do(place, act, Impact([]).mark, ends=row)
    else:
        assert do(place, act, Impact([]).mark, ends=row) == Impact([])


def test_refusal_of_the_act_comes_through_and_an_end_done_twice_is_said(place: House) -> None:
    end = partial(end_institution, institution=place.institution, ended_date=TODAY, reason="停办", now=NOW)
    do(place, end, mark(place))

    with pytest.raises(AlreadyEnded):
        do(place, end, mark(place))
