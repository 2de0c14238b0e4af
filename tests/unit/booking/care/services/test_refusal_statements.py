"""A refusal looks for what ran out only where something did: in this house, held or asked for, and over by now."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.places import refusals
from booking.places.models import Booking
from tests.factories.booking import NOW, TOMORROW, House, booked, hold, open_house, toddler
from tests.factories.capacity import BookingFactory

pytestmark = pytest.mark.django_db
S = Booking.Status
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def house() -> House:
    """One place, and that is taken."""
    made = open_house(regular_places=9)
    user, child = toddler()
    booked(made, user=user, child=child)
    return made


def statements(house: House) -> int:
    user, child = toddler()
    with CaptureQueriesContext(connection) as queries, pytest.raises(refusals.Full):
        hold(house, user=user, child=child)
    return len(queries)


def waiting(house: House, status: str, expires_at: dt.datetime | None) -> None:
    """A booking of another day that holds no cell."""
    pool = house.institution.capacity_pools.get(bucket="toddler")
    BookingFactory(
        pool=pool,
        product=house.products["full_day"],
        status=status,
        expires_at=expires_at,
        service_date=TOMORROW + dt.timedelta(days=1),
    )


@pytest.mark.parametrize(
    ("status", "seconds", "looked"),
    [
        (S.HELD, -1, 5),
        (S.HELD, 0, 5),
        (S.HELD, 1, 2),
        (S.REQUESTED, 0, 5),
        (S.REQUESTED, 1, 2),
    ],
)
def test_what_ran_out_here_is_looked_for(house: House, status: str, seconds: int, looked: int) -> None:
    """Then once more at the facts, and the other offers are those of the reader: two statements."""
    waiting(house, status, NOW + seconds * SECOND)

    assert statements(house) == looked


def test_what_ran_out_in_another_house_is_not(house: House) -> None:
    waiting(open_house(), S.HELD, NOW - SECOND)

    assert statements(house) == 2


def test_where_nothing_ran_out_two_statements_are_enough(house: House) -> None:
    waiting(house, S.CANCELLED, None)

    assert statements(house) == 2
