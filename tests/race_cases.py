"""The races of the booking core; collected by tests/integration (SQLite) and tests/services (PostgreSQL)."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

from booking.care.services import holds
from booking.care.services.expiry import expire_overdue
from booking.care.services.moves import cancel_booking, confirm_booking, mark_absent, mark_arrived
from booking.places import refusals
from booking.places.models import Booking, BookingCell, ChildSlot
from booking.places.queries.ledger import ledger_differences
from tests.factories.booking import NOW, hold, open_house, toddler
from tests.races import Gate, race, tally

THREADS = 8
PLACES = 3


def holders(house, families):
    return [lambda user=user, child=child: hold(house, user=user, child=child) for user, child in families]


class RaceCases:
    """Every case runs on both databases."""

    def test_without_the_guard_places_are_oversold(self, monkeypatch):
        house = open_house(regular_places=10 - PLACES)
        families = [toddler() for _ in range(THREADS)]
        monkeypatch.setattr(holds, "change_cells", lambda cells: None)
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
        monkeypatch.setattr(holds, "_insert_slots", lambda *args: None)
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
