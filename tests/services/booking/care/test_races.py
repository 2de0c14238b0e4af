"""The races on PostgreSQL."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from booking.care.services import moves
from booking.care.services.closing import stop_care
from booking.places.models import Booking, BookingPolicy, CapacityCell
from booking.places.queries.ledger import ledger_differences
from booking.places.services.policies import save_policy
from tests.factories.booking import NOW, TOMORROW, booked, close_day, hold, open_house, toddler, tomorrow
from tests.race_cases import RaceCases
from tests.races import race
from tests.target_race_cases import TargetRaceCases

pytestmark = pytest.mark.django_db(transaction=True)
#: Longer than the two seconds that anybody waits for a lock, shorter than two tries.
HELD_SECONDS = 2.6


class TestRacesOnPostgresql(RaceCases, TargetRaceCases):
    def test_database_is_postgresql(self):
        assert connection.vendor == "postgresql"

    def test_every_act_succeeds_the_second_time_after_a_lock_timeout(self):
        plain, asking = open_house(), open_house()
        BookingPolicy.objects.create(institution=asking.institution, needs_acceptance=True)
        families = [toddler() for _ in range(4)]
        (a, b, c, d), user = families, families[0][0]
        held = hold(plain, user=a[0], child=a[1])
        ours = booked(plain, user=b[0], child=b[1])
        request = booked(asking, user=c[0], child=c[1])
        child = booked(plain, user=d[0], child=d[1], starts=tomorrow("09:00").time(), ends=tomorrow("11:00").time())
        locked, late, ended, changed = threading.Event(), open_house(days=2), open_house(days=2), open_house(days=2)

        def lock_all() -> str:
            with transaction.atomic():
                list(Booking.objects.select_for_update().order_by("pk"))
                list(CapacityCell.objects.select_for_update().order_by("pk"))
                locked.set()
                threading.Event().wait(HELD_SECONDS)
            return "unlocked"

        def after_lock(act, **arguments):
            def run():
                locked.wait(timeout=20)
                return act(**arguments)

            return run

        results = race(
            [
                lock_all,
                after_lock(moves.confirm_booking, user=a[0], booking=held.public_id, now=NOW),
                after_lock(moves.cancel_booking, user=b[0], booking=ours.public_id, now=NOW),
                after_lock(
                    moves.accept_request,
                    actor=user,
                    institution=asking.institution,
                    booking=request.public_id,
                    now=NOW,
                ),
                after_lock(
                    moves.mark_absent,
                    actor=user,
                    institution=plain.institution,
                    booking=child.public_id,
                    now=tomorrow("09:10"),
                ),
                after_lock(close_day, institution=late.institution, day=TOMORROW, reason="x", actor=None, now=NOW),
                after_lock(stop_care, institution_id=ended.institution.pk, from_day=TOMORROW, reason="x", now=NOW),
                after_lock(save_policy, institution=changed.institution, values={"raster_minutes": 15}, now=NOW),
            ]
        )

        assert [getattr(result, "status", type(result).__name__) for result in results] == [
            "str",
            "confirmed",
            "cancelled",
            "confirmed",
            "absent",
            "ClosingDay",
            "NoneType",
            "BookingPolicy",
        ]
        assert list(ledger_differences()) == []
