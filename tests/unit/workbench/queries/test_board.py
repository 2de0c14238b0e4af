"""Today's board: who is on duty, how many may come, and what is counted."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import Booking, CapacityCell
from booking.places.place_rules import DayCells
from cms.core.calendar.times import at
from cms.workbench.queries.today import Board, ClassBoard, load_board
from tests.factories.booking import NOW, TODAY, House, booked, full_house, open_house, toddler
from tests.factories.directory import ClassGroupFactory, OpeningRuleFactory

pytestmark = pytest.mark.django_db
S = Booking.Status


def board_of(house: House, day: dt.date = TODAY, now: dt.datetime = NOW) -> Board:
    return load_board(institution=house.institution, day=day, now=now)


def test_classes_of_a_full_house() -> None:
    house = full_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child, day=TODAY)

    board = board_of(house)

    assert [(each.bucket, each.title, each.names) for each in board.classes] == [
        ("infant", "乳儿班", "乳儿班"),
        ("toddler", "托小班", "小一班、小二班"),
        ("mixed", "混合编班", "混龄班"),
    ]
    assert [(each.caregivers, each.may_take, each.regular) for each in board.classes] == [
        (1, 3, 0),
        (3, 15, 6),
        (1, 5, 1),
    ]
    assert [[row.booking for row in each.rows] for each in board.classes] == [[], [booking], []]
    assert (board.day, board.over) == (TODAY, [])


def test_only_classes_open_on_the_day_have_caregivers() -> None:
    house = open_house()
    closed = ClassGroupFactory(institution=house.institution, name="停班", active=False)
    OpeningRuleFactory(class_group=closed, weekday=TODAY.weekday())
    tuesday = ClassGroupFactory(institution=house.institution, name="二班", places=4, caregivers=1)
    OpeningRuleFactory(class_group=tuesday, weekday=1, regular_places=2)

    monday, next_day = (board_of(house, TODAY + dt.timedelta(days=days)).classes for days in (0, 1))

    assert [(each.caregivers, each.may_take, each.regular) for each in monday] == [(2, 10, 4)]
    assert [(each.caregivers, each.may_take, each.regular) for each in next_day] == [(3, 14, 6)]
    assert house.group.name in monday[0].names
    assert "停班" not in monday[0].names


def test_a_child_of_a_class_no_longer_run_is_still_seen() -> None:
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child, day=TODAY)
    house.group.active = False
    house.group.save()

    (own,) = board_of(house).classes

    assert ([row.booking for row in own.rows], own.names, own.may_take) == ([booking], "", 0)


@pytest.mark.parametrize(("inside", "over"), [(5, False), (6, False), (7, True)])
def test_class_is_over_with_more_than_may_be_looked_after(inside: int, over: bool) -> None:
    house = open_house()
    bookings = []
    for _ in range(6):
        user, child = toddler()
        bookings.append(booked(house, user=user, child=child, day=TODAY))
    Booking.objects.filter(pk__in=[booking.pk for booking in bookings[:inside]]).update(status=S.ARRIVED)

    (own,) = board_of(house).classes
    own.regular += inside - own.in_room

    assert (own.in_room + own.regular, own.is_over) == (4 + inside, over)


def test_counts_of_the_day() -> None:
    house = open_house(places=15, caregivers=3)
    states = (S.CONFIRMED, S.CONFIRMED, S.CONFIRMED, S.ARRIVED, S.ARRIVED, S.COMPLETED, S.ABSENT)
    for number, status in enumerate(states):
        user, child = toddler()
        hour = 9 if number == 0 else 14
        made = booked(
            house,
            user=user,
            child=child,
            day=TODAY,
            starts=dt.time(hour),
            ends=dt.time(17),
            now=NOW - dt.timedelta(days=1),
        )
        Booking.objects.filter(pk=made.pk).update(status=status)

    board = board_of(house, now=NOW + dt.timedelta(hours=2))

    counts = {"late": 1, "awaited": 2, "inside": 2, "gone": 1, "absent": 1}
    assert ({total.kind: total.number for total in board.totals}, len(board.rows)) == (counts, 7)
    assert list(counts) == [total.kind for total in board.totals]
    assert board.unanswered == 0
    by_id = {row.booking.public_id: row for row in board.rows}
    firsts = {total.kind: by_id[total.first] for total in board.totals}
    assert firsts["late"].is_late
    assert [firsts[kind].booking.status for kind in counts] == [
        S.CONFIRMED, S.CONFIRMED, S.ARRIVED, S.COMPLETED, S.ABSENT,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("clock", "counts"),
    [
        (dt.time(9, 4), {"awaited": 2}),
        (dt.time(9, 5), {"late": 1, "awaited": 1}),
        (dt.time(9, 59), {"late": 1, "awaited": 1}),
        (dt.time(10), {"missed": 1, "awaited": 1}),
        (dt.time(12, 30), {"missed": 1, "late": 1}),
        (dt.time(20), {"missed": 2}),
    ],
)
def test_who_never_came_is_not_late_for_ever(clock: dt.time, counts: dict[str, int]) -> None:
    house = open_house()
    for hour in (9, 12):
        user, child = toddler()
        earlier = NOW - dt.timedelta(days=1)
        booked(house, user=user, child=child, day=TODAY, starts=dt.time(hour), ends=dt.time(hour + 1), now=earlier)

    board = board_of(house, now=at(TODAY, clock))

    assert {total.kind: total.number for total in board.totals} == counts


@pytest.mark.parametrize(("now", "number"), [(dt.time(9, 59), 0), (dt.time(10), 1), (dt.time(10, 5), 2)])
def test_whose_time_is_over_is_counted_once_it_is(now: dt.time, number: int) -> None:
    house = open_house()
    for status in (S.CONFIRMED, S.ARRIVED, S.COMPLETED, S.ABSENT):
        user, child = toddler()
        early = {"starts": dt.time(8), "ends": dt.time(10), "now": NOW - dt.timedelta(days=1)}
        made = booked(house, user=user, child=child, day=TODAY, **early)
        Booking.objects.filter(pk=made.pk).update(status=status)

    assert board_of(house, now=at(TODAY, now)).unanswered == number


@pytest.mark.parametrize(("days", "told"), [(0, True), (14, True), (15, False)])
def test_what_is_over_is_told_for_two_weeks(days: int, told: bool) -> None:
    house = open_house(days=21)
    day = TODAY + dt.timedelta(days=days)
    cell = CapacityCell.objects.filter(
        pool__institution=house.institution, pool__bucket="toddler", starts_at__date=day
    ).last()
    assert cell is not None
    CapacityCell.objects.filter(pk=cell.pk).update(taken=7, capacity=7)

    assert [(span.starts_at, span.over) for span in board_of(house).over] == ([(cell.starts_at, 1)] if told else [])


def test_empty_board() -> None:
    board = Board(
        TODAY, [ClassBoard("toddler", "托小班", "", 0, 0, 0, DayCells(30, {}), (480, 1080))], [], None, True, []
    )

    assert (board.rows, board.totals, board.unanswered) == ([], [], 0)
    assert board.classes[0].is_over is False
