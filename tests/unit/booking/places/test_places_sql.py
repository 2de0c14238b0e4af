"""What ran out, in SQL as in Python."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import Booking
from booking.places.places_sql import ANY_OVERDUE
from booking.places.states import STATES, has_lapsed
from cms.core.runtime.sql import moment_in, rows
from tests.factories.booking import NOW
from tests.factories.capacity import BookingFactory

S = Booking.Status


@pytest.mark.django_db
@pytest.mark.parametrize("status", list(STATES))
@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_sql_says_what_ran_out_as_the_states_say_it(status: str, seconds: int) -> None:
    booking = BookingFactory(status=status, expires_at=NOW)
    now = NOW + dt.timedelta(seconds=seconds)

    assert bool(rows(ANY_OVERDUE, [moment_in(now)])) is has_lapsed(booking, now=now)
    assert has_lapsed(booking, now=now) is (status in (S.HELD, S.REQUESTED) and seconds >= 0)
