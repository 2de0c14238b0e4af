"""Erasing while somebody else writes; collected by tests/integration (SQLite) and tests/services (PostgreSQL)."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction

from booking.places.models import Booking
from cms.accounts.family.services import children, consents, families, own_data
from cms.accounts.family.services.children import ChildDetails
from cms.accounts.models import Child, FamilyMember, User
from tests.factories.accounts import ChildFactory, FamilyMemberFactory, UserFactory, parent_with_child
from tests.factories.booking import NOW, hold, open_house, toddler
from tests.races import race, tally

#: Less than PostgreSQL's own patience for a lock.
IN_FLIGHT_SECONDS = 0.5
DOUDOU = ChildDetails("豆豆", dt.date(2025, 6, 3))


class BookingInFlight:
    """A booking that another connection has made but not committed yet while the block runs."""

    def __init__(self, house, user, child) -> None:
        self.made = threading.Event()
        self.thread = threading.Thread(target=self._book, args=(house, user, child))

    def __enter__(self) -> None:
        self.thread.start()
        assert self.made.wait(timeout=20)

    def __exit__(self, *problem) -> None:
        self.thread.join(timeout=20)

    def _book(self, house, user, child) -> None:
        try:
            with transaction.atomic():
                families.lock_children([child.pk])
                hold(house, user=user, child=child)
                self.made.set()
                time.sleep(IN_FLIGHT_SECONDS)
        finally:
            connection.close()


class ErasureRaceCases:
    """Every case runs on both databases."""

    def test_child_whose_booking_is_in_flight_is_not_erased(self):
        house, (user, child) = open_house(), toddler()

        with BookingInFlight(house, user, child), pytest.raises(children.StillNeeded):
            children.erase_child(user=user, child=child.public_id, now=NOW)

        assert Booking.objects.get().child.nickname == child.nickname

    def test_account_whose_booking_is_in_flight_is_not_closed(self):
        house, (user, child) = open_house(), toddler()

        with BookingInFlight(house, user, child), pytest.raises(children.StillNeeded):
            own_data.erase_account(user=User.objects.get(pk=user.pk), now=NOW)

        assert Booking.objects.get().created_by == user

    def test_birth_date_of_a_booking_in_flight_stays(self):
        house, (user, child) = open_house(), toddler()
        details = ChildDetails(child.nickname, child.birth_date - dt.timedelta(days=300))

        with BookingInFlight(house, user, child), pytest.raises(children.StillNeeded):
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

        results = race([lambda user=user: families.leave_family(user=user, now=NOW) for user in people])

        assert tally(results) == {"FamilyMember": 1, "LastGuardian": 1}
        assert FamilyMember.objects.filter(family=child.family).count() == 1

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
        codes = [families.invite_adult(user=guardian, role="carer", now=NOW).code for _ in range(3)]
        for _ in range(4):
            FamilyMemberFactory(family=child.family, role="carer")

        people = UserFactory.create_batch(3)

        results = race(
            [
                lambda code=code, user=user: families.join_family(
                    user=user, code=code, relation="外婆", address="203.0.113.7", now=NOW
                )
                for code, user in zip(codes, people, strict=True)
            ]
        )

        assert tally(results) == {"FamilyMember": 1, "FamilyFull": 2}

    def test_codes_made_at_once_are_at_most_three(self):
        user = FamilyMemberFactory().user

        results = race([lambda: families.invite_adult(user=user, role="carer", now=NOW) for _ in range(6)])

        assert tally(results) == {"NewInvite": 3, "TooManyInvites": 3}

    def test_people_who_may_fetch_added_at_once_are_at_most_eight(self):
        user = FamilyMemberFactory().user
        who = {"name": "王秀英", "relation": "外婆", "phone": "13900000001", "is_adult": True}

        results = race([lambda: families.add_pickup_person(user=user, **who, now=NOW) for _ in range(10)])

        assert tally(results) == {"PickupPerson": 8, "FamilyFull": 2}
