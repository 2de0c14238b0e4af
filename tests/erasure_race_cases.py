"""Erasing while somebody else writes; collected by tests/integration (SQLite) and tests/services (PostgreSQL)."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import holds, moves
from booking.care.services.hold_change import StayRequest, hold_or_replace
from booking.places import refusals
from booking.places.models import Booking, BookingPolicy, IdempotencyKey
from cms.accounts.family.queries.families import ChildNotFound
from cms.accounts.family.services import children, consents, families, joining, leaving, own_data, pickup
from cms.accounts.family.services.children import ChildDetails
from cms.accounts.models import Child, FamilyMember, User
from parenting.classes.models import ClassSignup
from parenting.classes.refusals import AgeNotMeant
from parenting.classes.services import signups
from tests.factories.accounts import (
    ChildFactory,
    FamilyMemberFactory,
    PickupPersonFactory,
    UserFactory,
    parent_with_child,
)
from tests.factories.booking import NOW, booked, full_house, hold, open_house, toddler, tomorrow
from tests.factories.parenting import ClassSessionFactory
from tests.races import InFlight, Late, race, tally

DOUDOU = ChildDetails("豆豆", dt.date(2025, 6, 3))
#: Eight months old on the day of the tests.
YOUNGER = ChildDetails("豆豆", dt.date(2026, 3, 3))
SECOND = dt.timedelta(seconds=1)


def erase(user, child, now=NOW) -> None:
    children.erase_child(user=user, child=child.public_id, now=now)


def correct(user, child) -> None:
    children.change_child(user=user, child=child.public_id, details=YOUNGER, now=NOW)


def a_cancelled_hold(house, user, child) -> None:
    """After this the record is emptied, not deleted."""
    moves.cancel_booking(user=user, booking=hold(house, user=user, child=child).public_id, now=NOW)


def a_request(user, child):
    """The institution and what it has to answer until ``expires_at``."""
    house = open_house()
    BookingPolicy.objects.create(institution=house.institution, needs_acceptance=True)
    return house.institution, booked(house, user=user, child=child)


def accept(institution, booking, user) -> Booking:
    at_last = booking.expires_at - SECOND
    return moves.accept_request(actor=user, institution=institution, booking=booking.public_id, now=at_last)


def confirm(booking, user) -> Booking:
    return moves.confirm_booking(user=user, booking=booking.public_id, now=booking.expires_at - SECOND)


class ErasureRaceCases:
    """Every case runs on both databases."""

    def test_child_whose_booking_is_in_flight_is_not_erased(self):
        house, (user, child) = open_house(), toddler()

        with InFlight(lambda: hold(house, user=user, child=child)), pytest.raises(children.StillNeeded):
            erase(user, child)

        assert Booking.objects.get().child.nickname == child.nickname

    def test_child_with_a_place_in_flight_in_a_session_is_not_erased(self):
        session, (user, child) = ClassSessionFactory(), toddler()
        join = {"user": User.objects.get(pk=user.pk), "session": session.public_id, "child": child.public_id}

        with InFlight(lambda: signups.sign_up(**join, now=NOW)), pytest.raises(children.StillNeeded):
            erase(user, child)

        assert Booking.objects.get().child.nickname == child.nickname

    def test_child_whose_hold_is_confirmed_at_the_last_moment_is_not_erased(self):
        house, (user, child) = open_house(), toddler()
        booking = hold(house, user=user, child=child)

        with InFlight(lambda: confirm(booking, user)), pytest.raises(children.StillNeeded):
            erase(user, child, now=booking.expires_at)

        assert Booking.objects.get().child.nickname == child.nickname

    def test_child_whose_request_is_accepted_at_the_last_moment_is_not_erased(self):
        user, child = toddler()
        institution, booking = a_request(user, child)

        with InFlight(lambda: accept(institution, booking, user)), pytest.raises(children.StillNeeded):
            erase(user, child, now=booking.expires_at)

        assert Booking.objects.get().child.nickname == child.nickname

    def test_hold_of_an_erased_child_is_not_confirmed_by_a_clock_that_is_behind(self):
        house, (user, child) = open_house(), toddler()
        booking = hold(house, user=user, child=child)
        erase(user, child, now=booking.expires_at)

        with pytest.raises(refusals.NotThere):
            confirm(booking, user)

        assert Booking.objects.get().status == "held"

    def test_request_of_an_erased_child_is_not_accepted_by_a_clock_that_is_behind(self):
        user, child = toddler()
        institution, booking = a_request(user, child)
        erase(user, child, now=booking.expires_at)

        with pytest.raises(refusals.NotThere):
            accept(institution, booking, user)

        assert Booking.objects.get().status == "requested"

    @pytest.mark.parametrize("known_before", [False, True], ids=["deleted", "emptied"])
    def test_child_erased_between_look_and_lock_is_not_there(self, monkeypatch, known_before):
        house, (user, child) = open_house(), toddler()
        if known_before:
            a_cancelled_hold(house, user, child)
        keys = IdempotencyKey.objects.count()
        monkeypatch.setattr(holds, "_take", Late(holds._take, lambda: erase(user, child)))

        with pytest.raises(refusals.NotThere):
            hold(house, user=user, child=child)

        assert Booking.objects.filter(status="held").count() == 0
        assert IdempotencyKey.objects.count() == keys

    def test_hold_of_a_child_erased_between_look_and_lock_does_not_move(self, monkeypatch):
        house, (user, child) = open_house(), toddler()
        earlier = hold(house, user=user, child=child)
        late = earlier.expires_at - SECOND
        stay = StayRequest(
            house.institution.public_id,
            child.public_id,
            "hourly",
            tomorrow("09:00"),
            tomorrow("11:00"),
            replaces=earlier.public_id,
        )
        monkeypatch.setattr(holds, "_take", Late(holds._take, lambda: erase(user, child, now=earlier.expires_at)))

        with pytest.raises(refusals.NotThere):
            hold_or_replace(user=user, stay=stay, key="k", now=late)

        assert list(Booking.objects.values_list("status", flat=True)) == ["held"]

    @pytest.mark.parametrize("known_before", [False, True], ids=["deleted", "emptied"])
    def test_child_erased_between_look_and_lock_is_not_signed_up(self, monkeypatch, known_before):
        session, (user, child) = ClassSessionFactory(), toddler()
        if known_before:
            a_cancelled_hold(open_house(), user, child)
        monkeypatch.setattr(signups, "_take_place", Late(signups._take_place, lambda: erase(user, child)))

        with pytest.raises(ChildNotFound):
            signups.sign_up(user=user, session=session.public_id, child=child.public_id, now=NOW)

        assert ClassSignup.objects.count() == Booking.objects.filter(status="confirmed").count() == 0

    def test_birth_date_corrected_between_look_and_lock_decides_the_class(self, monkeypatch):
        house, (user, child) = full_house(), toddler()
        monkeypatch.setattr(holds, "_take", Late(holds._take, lambda: correct(user, child)))

        assert hold(house, user=user, child=child).pool.bucket == "infant"

    def test_birth_date_corrected_between_look_and_lock_decides_who_may_come(self, monkeypatch):
        session, (user, child) = ClassSessionFactory(), toddler()
        monkeypatch.setattr(signups, "_take_place", Late(signups._take_place, lambda: correct(user, child)))

        with pytest.raises(AgeNotMeant):
            signups.sign_up(user=user, session=session.public_id, child=child.public_id, now=NOW)

    def test_child_that_changes_under_both_attempts_is_asked_for_once_more(self, monkeypatch):
        house, (user, child) = full_house(), toddler()
        monkeypatch.setattr(holds, "_take", Late(holds._take, lambda: correct(user, child), times=2))

        with pytest.raises(refusals.Busy):
            hold(house, user=user, child=child)

        assert Booking.objects.count() == 0

    def test_account_whose_booking_is_in_flight_is_not_closed(self):
        house, (user, child) = open_house(), toddler()

        with InFlight(lambda: hold(house, user=user, child=child)), pytest.raises(children.StillNeeded):
            own_data.erase_account(user=User.objects.get(pk=user.pk), now=NOW)

        assert Booking.objects.get().created_by == user

    def test_birth_date_of_a_booking_in_flight_stays(self):
        house, (user, child) = open_house(), toddler()
        details = ChildDetails(child.nickname, child.birth_date - dt.timedelta(days=300))

        with InFlight(lambda: hold(house, user=user, child=child)), pytest.raises(children.StillNeeded):
            children.change_child(user=user, child=child.public_id, details=details, now=NOW)

        assert Child.objects.get().birth_date == child.birth_date

    def test_two_guardians_who_close_their_accounts_at_once_leave_no_child_behind(self):
        first, child = parent_with_child()
        second = FamilyMemberFactory(family=child.family).user
        people = [User.objects.get(pk=user.pk) for user in (first, second)]

        race([lambda user=user: own_data.erase_account(user=user, now=NOW) for user in people])

        assert (User.objects.count(), Child.objects.count()) == (0, 0)

    def test_two_guardians_who_leave_at_once_leave_one_with_the_child(self):
        first, child = parent_with_child()
        second = FamilyMemberFactory(family=child.family).user
        people = [User.objects.get(pk=user.pk) for user in (first, second)]

        results = race([lambda user=user: leaving.leave_family(user=user, now=NOW) for user in people])

        assert tally(results) == {"FamilyMember": 1, "LastGuardian": 1}
        assert FamilyMember.objects.filter(family=child.family).count() == 1

    def test_child_is_not_added_to_a_family_that_its_guardian_is_leaving(self):
        version = consents.publish_consent_texts(NOW).version
        user = FamilyMemberFactory().user
        family = user.family_member.family_id
        leaver = User.objects.get(pk=user.pk)

        with InFlight(lambda: leaving.leave_family(user=leaver, now=NOW)), pytest.raises(families.FamilyChanged):
            children.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW)

        assert (Child.objects.count(), FamilyMember.objects.filter(family=family).count()) == (0, 0)

    def test_guardian_does_not_leave_a_child_that_is_just_added(self):
        version = consents.publish_consent_texts(NOW).version
        user = FamilyMemberFactory().user
        leaver = User.objects.get(pk=user.pk)

        def add() -> None:
            children.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW)

        with InFlight(add), pytest.raises(leaving.LastGuardian):
            leaving.leave_family(user=leaver, now=NOW)

        assert Child.objects.get().family.members.count() == 1

    def test_code_of_a_guardian_who_is_leaving_lets_nobody_in(self):
        guardian, child = parent_with_child()
        leaver = FamilyMemberFactory(family=child.family).user
        code = joining.invite_adult(user=leaver, role="guardian", now=NOW).code

        with InFlight(lambda: leaving.leave_family(user=leaver, now=NOW)), pytest.raises(joining.InviteInvalid):
            joining.join_family(user=UserFactory(), code=code, relation="", address="203.0.113.7", now=NOW)

        assert [member.user for member in child.family.members.all()] == [guardian]

    def test_code_sent_twice_at_once_lets_its_sender_in_once(self):
        guardian, child = parent_with_child()
        code = joining.invite_adult(user=guardian, role="carer", now=NOW).code
        user = FamilyMemberFactory().user
        people = [User.objects.get(pk=user.pk) for _number in range(2)]

        results = race(
            [
                lambda user=user: joining.join_family(user=user, code=code, relation="", address="203.0.113.7", now=NOW)
                for user in people
            ]
        )

        assert tally(results) == {"Joined": 2}
        assert child.family.members.count() == 2

    def test_who_agreed_to_leave_one_family_does_not_leave_the_next_one_unasked(self):
        first, second, third = (parent_with_child()[0] for _number in range(3))
        carer = FamilyMemberFactory(family=first.family_member.family, role="carer")
        codes = [joining.invite_adult(user=user, role="carer", now=NOW).code for user in (second, third)]
        people = [User.objects.get(pk=carer.user_id) for _number in range(2)]

        results = race(
            [
                lambda user=user, code=code: joining.join_family(
                    user=user, code=code, relation="", address="203.0.113.7", leaving=carer.pk, now=NOW
                )
                for user, code in zip(people, codes, strict=True)
            ]
        )

        counts = tally(results)
        assert counts.pop("Joined") == 1
        assert set(counts) <= {"FamilyChanged", "LeavesFamily"}
        assert FamilyMember.objects.filter(user=carer.user_id).count() == 1

    def test_two_who_may_fetch_removed_at_once_do_not_both_go_unasked(self):
        user, child = toddler()
        booked(open_house(), user=user, child=child)
        persons = PickupPersonFactory.create_batch(2, family=child.family)
        people = [User.objects.get(pk=user.pk) for _number in range(2)]

        results = race(
            [
                lambda user=user, person=person: pickup.remove_pickup_person(
                    user=user, public_id=person.public_id, now=NOW
                )
                for user, person in zip(people, persons, strict=True)
            ]
        )

        assert tally(results) == {"NoneType": 1, "LastPickupPerson": 1}
        assert child.family.pickup_persons.count() == 1

    def test_children_added_at_once_are_at_most_eight(self):
        version = consents.publish_consent_texts(NOW).version
        user = FamilyMemberFactory().user
        ChildFactory.create_batch(6, family=user.family_member.family)

        results = race(
            [lambda: children.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW) for _ in range(6)]
        )

        assert tally(results) == {"Child": 2, "TooManyChildren": 4}

    def test_adults_who_join_at_once_are_at_most_six(self):
        guardian, child = parent_with_child()
        codes = [joining.invite_adult(user=guardian, role="carer", now=NOW).code for _ in range(3)]
        for _ in range(4):
            FamilyMemberFactory(family=child.family, role="carer")

        people = UserFactory.create_batch(3)

        results = race(
            [
                lambda code=code, user=user: joining.join_family(
                    user=user, code=code, relation="外婆", address="203.0.113.7", now=NOW
                )
                for code, user in zip(codes, people, strict=True)
            ]
        )

        assert tally(results) == {"Joined": 1, "FamilyFull": 2}

    def test_codes_made_at_once_are_at_most_three(self):
        user = FamilyMemberFactory().user

        results = race([lambda: joining.invite_adult(user=user, role="carer", now=NOW) for _ in range(6)])

        assert tally(results) == {"NewInvite": 3, "TooManyInvites": 3}

    def test_people_who_may_fetch_added_at_once_are_at_most_eight(self):
        user = FamilyMemberFactory().user
        who = {"name": "王秀英", "relation": "外婆", "phone": "13900000001", "is_adult": True}

        results = race([lambda: pickup.add_pickup_person(user=user, **who, now=NOW) for _ in range(10)])

        assert tally(results) == {"PickupPerson": 8, "FamilyFull": 2}
