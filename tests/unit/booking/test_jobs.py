"""The periodic jobs of booking: when they run, and that they do their work."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import Booking, IdempotencyKey
from cms.core.runtime.kernel_ports import jobs
from tests.factories.booking import NOW, TODAY, booked, hold, open_house, toddler

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "every", "at"),
    [
        ("booking.cells", None, dt.time(3, 10)),
        ("booking.housekeeping", None, dt.time(3, 40)),
        ("booking.remind", None, dt.time(12)),
        ("booking.expire", dt.timedelta(seconds=15), None),
        ("booking.end", None, dt.time(2, 30)),
    ],
)
def test_job_runs_at_its_time(name: str, every: dt.timedelta | None, at: dt.time | None) -> None:
    job = jobs.all()[name]

    assert (job.every, job.at) == (every, at)


@pytest.mark.parametrize(("minutes", "status"), [(14, "held"), (15, "expired")])
def test_overdue_hold_is_expired_by_its_job(minutes: int, status: str) -> None:
    user, child = toddler()
    booking = hold(open_house(days=1), user=user, child=child)

    jobs.all()["booking.expire"].run(NOW + dt.timedelta(minutes=minutes))

    assert Booking.objects.get(pk=booking.pk).status == status


@pytest.mark.parametrize(("days", "status"), [(0, "confirmed"), (1, "completed")])
def test_stay_that_nobody_ended_is_ended_by_its_job(days: int, status: str) -> None:
    user, child = toddler()
    booking = booked(open_house(days=1), user=user, child=child, day=TODAY)

    jobs.all()["booking.end"].run(NOW + dt.timedelta(days=days))

    assert Booking.objects.get(pk=booking.pk).status == status


def test_old_keys_are_deleted_by_their_job() -> None:
    user, child = toddler()
    hold(open_house(days=1), user=user, child=child)
    job = jobs.all()["booking.housekeeping"]

    job.run(NOW + dt.timedelta(hours=48))
    kept = IdempotencyKey.objects.count()
    job.run(NOW + dt.timedelta(hours=49))

    assert (kept, IdempotencyKey.objects.count()) == (1, 0)
