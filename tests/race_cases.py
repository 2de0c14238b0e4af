"""The races of the booking core; collected by tests/integration (SQLite) and tests/services (PostgreSQL)."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

from booking.care.services import hold_sql, holds, moves, replaced_holds
from booking.care.services.closing import stop_care
from booking.care.services.corrections import Attendance, correct_attendance
from booking.care.services.expiry import expire_overdue
from booking.care.services.hold_change import StayRequest, hold_or_replace
from booking.care.services.moves import cancel_booking, confirm_booking, mark_absent, mark_arrived
from booking.places import refusals
from booking.places.models import Booking, BookingCell, BookingPolicy, ChildSlot
from booking.places.queries.ledger import ledger_differences
from cms.accounts.models import FamilyMember
from cms.core.runtime.outbox import drain
from tests.factories.accounts import UserFactory
from tests.factories.booking import NOW, TODAY, booked, hold, open_house, toddler, tomorrow
from tests.races import Gate, InFlight, race, tally

THREADS = 8
PLACES = 3


def holders(house, families):
    return [lambda user=user, child=child: hold(house, user=user, child=child) for user, child in families]


class RaceCases:
    """Every case runs on both databases."""

    def test_without_the_guard_places_are_oversold(self, monkeypatch):
        house = open_house(regular_places=10 - PLACES)
        families = [toddler() for _ in range(THREADS)]
        monkeypatch.setattr(holds, "change_cells", lambda cells, **more: None)
        monkeypatch.setattr(holds, "_take", Gate(THREADS, holds._take))

        results = race(holders(house, families))

        assert tally(results)["Booking"] > PLACES

    def test_with_the_guard_exactly_the_places_are_sold(self, monkeypatch):
        house = open_house(regular_places=10 - PLACES)
        families = [toddler() for _ in range(THREADS)]
        monkeypatch.setattr(holds, "_take", Gate(THREADS, holds._take))

        results = race(holders(house, families))

        assert tally(results) == {"Booking": PLACES, "Full": THREADS - PLACES}
        assert Booking.objects.count() == PLACES
        assert list(ledger_differences()) == []

    def test_without_the_unique_slot_a_child_is_in_two_places(self, monkeypatch):
        houses = [open_house() for _ in range(THREADS)]
        user, child = toddler()
        monkeypatch.setattr(hold_sql, "insert_slots", lambda *args: None)
        monkeypatch.setattr(holds, "_take", Gate(THREADS, holds._take))

        results = race([lambda house=house: hold(house, user=user, child=child) for house in houses])

        assert tally(results)["Booking"] > 1

    def test_a_child_is_in_one_place(self, monkeypatch):
        houses = [open_house() for _ in range(THREADS)]
        user, child = toddler()
        monkeypatch.setattr(holds, "_take", Gate(THREADS, holds._take))

        results = race([lambda house=house: hold(house, user=user, child=child) for house in houses])

        assert tally(results) == {"Booking": 1, "Duplicate": THREADS - 1}
        assert list(ledger_differences()) == []

    def test_one_key_makes_one_booking(self, monkeypatch):
        house = open_house()
        user, child = toddler()
        monkeypatch.setattr(holds, "_take", Gate(THREADS, holds._take))

        results = race([lambda: hold(house, user=user, child=child, key="same") for _ in range(THREADS)])

        assert tally(results) == {"Booking": THREADS}
        assert len({booking.pk for booking in results}) == 1
        assert Booking.objects.count() == 1

    def test_confirm_and_expiry_have_one_winner(self):
        house = open_house()
        families = [toddler() for _ in range(4)]
        held = [hold(house, user=user, child=child) for user, child in families]
        end = held[0].expires_at
        confirms = [
            lambda user=user, booking=booking: confirm_booking(
                user=user, booking=booking.public_id, now=end - dt.timedelta(seconds=1)
            )
            for (user, _), booking in zip(families, held, strict=True)
        ]

        race([*confirms, *[lambda: expire_overdue(now=end) for _ in range(4)]])

        states = Counter(Booking.objects.values_list("status", flat=True))
        assert set(states) <= {"confirmed", "expired"}
        assert sum(states.values()) == 4
        assert list(ledger_differences()) == []

    def test_cancel_twice_gives_back_once(self):
        house = open_house()
        user, child = toddler()
        booking = hold(house, user=user, child=child)

        race([lambda: cancel_booking(user=user, booking=booking.public_id, now=NOW) for _ in range(THREADS)])

        assert BookingCell.objects.count() == 0
        assert ChildSlot.objects.count() == 0
        assert list(ledger_differences()) == []

    def test_arrived_and_absent_have_one_winner(self):
        house = open_house()
        user, child = toddler()
        booking = confirm_booking(user=user, booking=hold(house, user=user, child=child).public_id, now=NOW).public_id
        moment = NOW + dt.timedelta(days=1, hours=6)
        marks = [
            lambda act=act: act(actor=user, institution=house.institution, booking=booking, now=moment)
            for act in (mark_arrived, mark_absent) * 4
        ]

        race(marks)

        assert Booking.objects.get().status in {"arrived", "absent"}
        assert list(ledger_differences()) == []

    def test_overlapping_stays_taken_at_random_never_deadlock(self):
        house = open_house(places=10, regular_places=4)
        dice = random.Random(7)
        families = [toddler() for _ in range(THREADS)]

        def act(number: int) -> Counter[str]:
            user, child = families[number]
            seen: Counter[str] = Counter()
            for round_ in range(6):
                start = dice.randrange(8, 16)
                try:
                    booking = hold(
                        house,
                        user=user,
                        child=child,
                        starts=dt.time(start),
                        ends=dt.time(start + 2),
                        key=f"{number}-{round_}",
                    )
                except (refusals.Full, refusals.Duplicate) as refused:
                    seen[refused.code] += 1
                    continue
                seen["held"] += 1
                if dice.random() < 0.6:
                    cancel_booking(user=user, booking=booking.public_id, now=NOW)
            return seen

        results = race([lambda number=number: act(number) for number in range(THREADS)])

        assert tally(results) == {"Counter": THREADS}
        assert sum(result["held"] for result in results) > 0
        assert list(ledger_differences()) == []

    def test_twins_in_flight_get_one_answer(self):
        house = open_house()
        BookingPolicy.objects.create(institution=house.institution, needs_acceptance=True)
        user, child = toddler()
        booking = hold(house, user=user, child=child).public_id
        by_house = {"actor": user, "institution": house.institution, "booking": booking}
        arrives = tomorrow("14:00")
        acts = {
            "requested": lambda: confirm_booking(user=user, booking=booking, now=NOW),
            "confirmed": lambda: moves.accept_request(**by_house, now=NOW),
            "arrived": lambda: mark_arrived(**by_house, now=arrives),
            "completed": lambda: moves.mark_left(**by_house, now=tomorrow("16:50")),
        }

        answers = {status: race([act] * 4) for status, act in acts.items()}

        assert {status: [answer.status for answer in found] for status, found in answers.items()} == {
            status: [status] * 4 for status in acts
        }
        assert Booking.objects.get().events.count() == 1 + len(acts)

    def test_of_two_corrections_in_flight_one_is_done_and_the_other_sees_it(self):
        house = open_house()
        user, child = toddler()
        booking = booked(house, user=user, child=child)
        known = {"actor": user, "institution": house.institution, "booking": booking.public_id, "reason": "点错了"}
        clocks = [dt.time(14, minute) for minute in (1, 2, 3, 4)]

        def correct(clock: dt.time) -> Booking:
            to = Attendance("arrived", clock)
            return correct_attendance(**known, to=to, seen=booking.changed_at, now=tomorrow("15:00"))

        results = race([lambda clock=clock: correct(clock) for clock in clocks])

        assert tally(results) == {"Booking": 1, "ChangedMeanwhile": 3}
        assert Booking.objects.get().events.filter(reason="点错了").count() == 1
        assert list(ledger_differences()) == []

    def test_hold_confirmed_while_new_bookings_are_stopped_stays(self):
        house = open_house()
        families = [toddler(), toddler()]
        mine, _theirs = (hold(house, user=user, child=child) for user, child in families)
        stop_care(institution_id=house.institution.pk, from_day=TODAY, reason="x", now=NOW, keeps_bookings=True)

        with InFlight(lambda: confirm_booking(user=families[0][0], booking=mine.public_id, now=NOW)):
            drain(now=NOW)

        assert list(Booking.objects.order_by("pk").values_list("status", flat=True)) == ["confirmed", "cancelled"]
        assert list(ledger_differences()) == []

    def test_twins_of_ends_get_one_answer(self):
        house = open_house()
        BookingPolicy.objects.create(institution=house.institution, needs_acceptance=True)
        families = [toddler() for _ in range(3)]
        mine, theirs, refused = (booked(house, user=user, child=child) for user, child in families)
        user = families[0][0]
        by_house = {"actor": user, "institution": house.institution, "reason": "x", "now": NOW}
        acts = [
            lambda: cancel_booking(user=user, booking=mine.public_id, now=NOW),
            lambda: moves.cancel_by_institution(booking=theirs.public_id, **by_house),
            lambda: moves.decline_request(booking=refused.public_id, **by_house),
        ]

        answers = [race([act] * 4) for act in acts]

        found = [[answer.status for answer in answer_of_act] for answer_of_act in answers]
        assert found == [["cancelled"] * 4, ["cancelled"] * 4, ["declined"] * 4]
        assert list(ledger_differences()) == []

    def test_twin_of_who_took_the_last_place_gets_its_booking(self):
        house = open_house(regular_places=9)
        user, child = toddler()

        results = race([lambda: hold(house, user=user, child=child, key="same") for _ in range(THREADS)])

        assert tally(results) == {"Booking": THREADS}
        assert len({booking.pk for booking in results}) == 1

    def test_two_parents_who_swap_their_hours_both_get_them(self):
        house = open_house(regular_places=8)
        families = [toddler(), toddler()]
        spans = [("09:00", "11:00"), ("14:00", "16:00")]
        for (user, child), (starts, ends) in zip(families, spans, strict=True):
            hold_or_replace(user=user, stay=stay_of(house, child, starts, ends), key="a", now=NOW)
        held = {booking.created_by_id: booking.public_id for booking in Booking.objects.all()}

        def swap(number: int) -> Booking:
            user, child = families[number]
            stay = stay_of(house, child, *spans[1 - number], replaces=held[user.pk])
            return hold_or_replace(user=user, stay=stay, key="b", now=NOW)

        results = race([lambda: swap(0), lambda: swap(1)])

        assert tally(results) == {"Booking": 2}
        assert sorted(Booking.objects.values_list("status", flat=True)) == ["cancelled"] * 2 + ["held"] * 2
        assert list(ledger_differences()) == []

    def test_without_the_guard_a_hold_changed_twice_at_once_leaves_two(self, monkeypatch):
        monkeypatch.setattr(replaced_holds, "replacement_id", lambda booking: "")

        assert change_twice(monkeypatch) == ["held", "held", "cancelled"]

    def test_with_the_guard_a_hold_changed_twice_at_once_leaves_one(self, monkeypatch):
        assert change_twice(monkeypatch) == ["held", "cancelled", "cancelled"]
        assert list(ledger_differences()) == []

    def test_both_parents_of_a_child_who_swap_its_hours_leave_one_child(self):
        house = open_house()
        mother, child = toddler()
        father = UserFactory()
        FamilyMember.objects.create(family=child.family, user=father, role="guardian", joined_at=NOW)
        first = hold(house, user=mother, child=child, starts=dt.time(9), ends=dt.time(11))
        second = hold(house, user=father, child=child, starts=dt.time(14), ends=dt.time(16))
        swaps = [
            (mother, stay_of(house, child, "14:00", "16:00", replaces=first.public_id)),
            (father, stay_of(house, child, "09:00", "11:00", replaces=second.public_id)),
        ]

        results = race(
            [
                lambda user=user, stay=stay: hold_or_replace(user=user, stay=stay, key="b", now=NOW)
                for user, stay in swaps
            ]
        )

        assert set(tally(results)) <= {"Booking", "Duplicate"}
        assert Booking.objects.filter(status="held").count() == 2
        assert list(ledger_differences()) == []


def change_twice(monkeypatch) -> list[str]:
    """Two pages change the same hold at once, each to hours of its own; what the bookings are then."""
    house = open_house()
    user, child = toddler()
    first = hold(house, user=user, child=child, starts=dt.time(8), ends=dt.time(9))
    stays = [stay_of(house, child, f"{hour}:00", f"{hour + 1}:00", replaces=first.public_id) for hour in (11, 15)]
    monkeypatch.setattr(holds, "_take", Gate(2, holds._take))

    results = race([lambda stay=stay: hold_or_replace(user=user, stay=stay, key="page", now=NOW) for stay in stays])

    assert tally(results) == {"Booking": 2}
    return sorted(Booking.objects.values_list("status", flat=True), reverse=True)


def stay_of(house, child, starts, ends, **more):
    return StayRequest(house.institution.public_id, child.public_id, "hourly", tomorrow(starts), tomorrow(ends), **more)
