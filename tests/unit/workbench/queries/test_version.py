"""The word by which an open board knows that nothing has changed."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import Booking
from cms.workbench.queries.version import board_version
from tests.factories.booking import NOW, TODAY, TOMORROW, House, booked, open_house, toddler

pytestmark = pytest.mark.django_db
SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)
#: In the middle of five minutes, so that the slow clock does not tick.
THEN = NOW + dt.timedelta(hours=1)
S = Booking.Status


def stay(house: House, *, status: str = S.CONFIRMED, day: dt.date = TODAY, **moments: dt.datetime) -> Booking:
    user, child = toddler()
    made = booked(house, user=user, child=child, day=day, now=NOW - dt.timedelta(hours=12))
    Booking.objects.filter(pk=made.pk).update(status=status, changed_at=NOW - dt.timedelta(hours=12), **moments)
    return made


def version(house: House, now: dt.datetime = THEN, day: dt.date = TODAY) -> str:
    return board_version(house.institution, day, now)


def test_it_stays_while_nothing_changes() -> None:
    house = open_house()
    stay(house)

    assert version(house) == version(house, THEN + 4 * MINUTE)
    assert version(house) != version(house, THEN + 5 * MINUTE)
    assert version(house) != version(house, day=TOMORROW)


def test_every_act_changes_it_and_only_this_house_counts() -> None:
    house, other = open_house(), open_house()
    made = stay(house)
    before = version(house)

    stay(other)
    stay(house, day=TOMORROW)
    assert version(house) == before
    Booking.objects.filter(pk=made.pk).update(changed_at=NOW)
    marked = version(house)
    stay(house)
    assert len({before, marked, version(house)}) == 3


def test_request_of_any_day_changes_it_while_it_waits() -> None:
    house = open_house()
    before = version(house)
    made = stay(house, status=S.REQUESTED, day=TOMORROW, expires_at=THEN)

    assert version(house, THEN - SECOND) != board_version(open_house().institution, TODAY, THEN - SECOND)
    assert version(house) == before
    Booking.objects.filter(pk=made.pk).update(expires_at=THEN + MINUTE)
    waiting = version(house)
    Booking.objects.filter(pk=made.pk).update(changed_at=NOW)
    assert len({before, waiting, version(house)}) == 3


@pytest.mark.parametrize(
    ("status", "moments"),
    [
        (S.CONFIRMED, {"starts_at": THEN - 4 * MINUTE}),
        (S.CONFIRMED, {"starts_at": THEN + 61 * MINUTE}),
        (S.ARRIVED, {"ends_at": THEN - 4 * MINUTE}),
    ],
)
def test_time_alone_changes_it_where_the_board_changes(status: str, moments: dict[str, dt.datetime]) -> None:
    house = open_house()
    if "ends_at" in moments:
        moments["starts_at"] = THEN - 60 * MINUTE
    stay(house, status=status, **moments)

    assert version(house, THEN + MINUTE - SECOND) == version(house)
    assert version(house, THEN + MINUTE) != version(house, THEN + MINUTE - SECOND)


def test_end_of_a_stay_that_was_missed_and_of_undoing_change_it() -> None:
    house = open_house()
    early = {"starts_at": THEN - 60 * MINUTE, "ends_at": THEN + 30 * SECOND}
    stay(house, **early)
    assert version(house, THEN + 29 * SECOND) != version(house, THEN + 30 * SECOND)

    other = open_house()
    made = stay(other, status=S.ABSENT)
    Booking.objects.filter(pk=made.pk).update(changed_at=THEN - 9 * MINUTE)
    assert version(other, THEN + MINUTE) != version(other, THEN + MINUTE + SECOND)


@pytest.mark.parametrize(
    ("status", "late"), [(S.CONFIRMED, True), (S.ARRIVED, True), (S.COMPLETED, False), (S.ABSENT, False)]
)
def test_every_minute_counts_while_somebody_is_late(status: str, late: bool) -> None:
    house = open_house()
    stay(house, status=status, starts_at=THEN - 90 * MINUTE, ends_at=THEN - 30 * MINUTE)

    assert (version(house, THEN + MINUTE) != version(house, THEN + 2 * MINUTE)) is late
    assert version(house, THEN) == version(house, THEN + 59 * SECOND)
