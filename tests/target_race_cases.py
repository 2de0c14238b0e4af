"""Races between what sets targets (generation, closing, rosters, a new raster) and what takes places.

SQLite and PostgreSQL run the same cases; where a guard is needed the race without it is shown first.
"""

from __future__ import annotations

import threading
from collections import Counter

from django.db import transaction
from django.db.models.signals import pre_delete

from booking.care.services import holds
from booking.care.services.moves import cancel_booking
from booking.places import refusals
from booking.places.models import Booking, BookingPolicy, CapacityCell
from booking.places.queries.ledger import ledger_differences
from booking.places.services import generation
from booking.places.services.generation import generate_cells
from booking.places.services.policies import save_policy
from cms.core.calendar.times import day_bounds
from directory.register.models import ClassGroup, Institution
from tests.factories.booking import NOW, TOMORROW, close_day, hold, open_house, reopen_day, toddler
from tests.races import race, tally


class TargetRaceCases:
    """Every case runs on both databases."""

    def test_without_the_guard_an_older_plan_opens_a_closed_day(self, monkeypatch):
        house = open_house(days=2)

        def unguarded(institution_id, first, last, *, now):
            plan = generation._read_plan(Institution.objects.get(pk=institution_id))
            with transaction.atomic():
                return generation._write(plan, first, last, now=now)

        monkeypatch.setattr(generation, "_generate", unguarded)

        assert targets_after_closing_while_planning(house, monkeypatch) != {0}

    def test_with_the_guard_a_closed_day_stays_closed(self, monkeypatch):
        house = open_house(days=2)

        assert targets_after_closing_while_planning(house, monkeypatch) == {0}

    def test_with_the_guard_the_ratio_of_the_last_roster_stays(self, monkeypatch):
        house = open_house(days=2, regular_places=0)

        def fewer_caregivers():
            ClassGroup.objects.filter(pk=house.group.pk).update(caregivers=1)
            generate_cells(institution_ids=[house.institution.pk], now=NOW)

        assert targets_after(house, monkeypatch, fewer_caregivers, bucket="toddler") == {5}

    def test_hold_that_comes_while_the_raster_changes_is_taken_on_the_new_one(self):
        house = open_house(days=2)
        user, child = toddler()
        going, held = threading.Event(), threading.Event()

        def wait_for_the_hold(**signal):
            """Called before the first cell goes: a hold that nothing stops has time to come between."""
            if not going.is_set():
                going.set()
                held.wait(timeout=0.5)

        def hold_meanwhile():
            going.wait(timeout=20)
            booking = hold(house, user=user, child=child)
            held.set()
            return booking

        pre_delete.connect(wait_for_the_hold, sender=CapacityCell)
        try:
            results = race([lambda: new_raster(house), hold_meanwhile])
        finally:
            pre_delete.disconnect(wait_for_the_hold, sender=CapacityCell)

        assert [type(result).__name__ for result in results] == ["BookingPolicy", "Booking"], results
        assert rasters_of(Booking.objects.get()) == {15}
        assert list(ledger_differences()) == []

    def test_raster_waits_for_a_hold_under_way_and_is_refused(self, monkeypatch):
        house = open_house(days=2)
        user, child = toddler()
        taken, emit = threading.Event(), holds.emit_pending

        def emit_late(*args, **kwargs):
            taken.set()
            threading.Event().wait(0.5)
            return emit(*args, **kwargs)

        def change_meanwhile():
            taken.wait(timeout=20)
            return new_raster(house)

        monkeypatch.setattr(holds, "emit_pending", emit_late)
        results = race([lambda: hold(house, user=user, child=child), change_meanwhile])

        assert [type(result).__name__ for result in results] == ["Booking", "RasterInUse"], results
        assert rasters_of(Booking.objects.get()) == {30}
        assert list(ledger_differences()) == []

    def test_closing_reopening_generating_and_booking_never_deadlock(self):
        house = open_house(days=2)
        families = [toddler() for _ in range(4)]
        institution = house.institution

        def book(number: int) -> Counter[str]:
            user, child = families[number]
            seen: Counter[str] = Counter()
            for round_ in range(5):
                try:
                    booking = hold(house, user=user, child=child, key=f"{number}-{round_}")
                    cancel_booking(user=user, booking=booking.public_id, now=NOW)
                except (refusals.Full, refusals.Closed, refusals.Busy) as refused:
                    seen[refused.code] += 1
                else:
                    seen["booked"] += 1
            return seen

        def close() -> Counter[str]:
            for _ in range(4):
                close_day(institution=institution, day=TOMORROW, reason="x", actor=None, now=NOW)
                reopen_day(institution=institution, day=TOMORROW, now=NOW)
            return Counter()

        def generate() -> Counter[str]:
            for _ in range(4):
                generate_cells(institution_ids=[institution.pk], days=(TOMORROW, TOMORROW), now=NOW)
            return Counter()

        results = race([*[lambda number=number: book(number) for number in range(4)], close, generate, generate])

        assert tally(results) == {"Counter": 7}
        assert targets_of(house, "toddler") == {6}
        assert list(ledger_differences()) == []


def new_raster(house) -> BookingPolicy:
    return save_policy(institution=house.institution, values={"raster_minutes": 15}, now=NOW)


def rasters_of(booking: Booking) -> set[int]:
    """How long the booking's cells are, in minutes."""
    cells = CapacityCell.objects.filter(bookings__booking=booking)
    return {int((cell.ends_at - cell.starts_at).total_seconds() // 60) for cell in cells}


def targets_of(house, bucket: str | None = None) -> set[int]:
    """What tomorrow's cells may sell."""
    opens, closes = day_bounds(TOMORROW)
    cells = CapacityCell.objects.filter(pool__institution=house.institution, starts_at__gte=opens, starts_at__lt=closes)
    if bucket:
        cells = cells.filter(pool__bucket=bucket)
    return set(cells.values_list("target", flat=True))


def targets_after_closing_while_planning(house, monkeypatch) -> set[int]:
    def close():
        close_day(institution=house.institution, day=TOMORROW, reason="x", actor=None, now=NOW)

    return targets_after(house, monkeypatch, close)


def targets_after(house, monkeypatch, act, bucket: str | None = None) -> set[int]:
    """Tomorrow's targets when ``act`` comes between the reading and the writing of a plan, if anything lets it."""
    # Something must be to write: the plan's targets differ from the cells'.
    CapacityCell.objects.filter(pool__institution=house.institution).update(target=2, capacity=2)
    planned, acted = threading.Event(), threading.Event()
    read = generation._read_plan
    planner = []

    def read_and_wait(institution):
        plan = read(institution)
        if not planner:
            planner.append(threading.get_ident())
        if planner[0] == threading.get_ident():
            planned.set()
            acted.wait(timeout=1)
        return plan

    def act_meanwhile():
        planned.wait(timeout=20)
        act()
        acted.set()

    monkeypatch.setattr(generation, "_read_plan", read_and_wait)
    results = race([lambda: generate_cells(institution_ids=[house.institution.pk], now=NOW), act_meanwhile])
    assert [type(result).__name__ for result in results] == ["int", "NoneType"], results
    return targets_of(house, bucket)
