"""What a full house offers instead: the day, the class and the house that were asked for."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.care.services.hold_facts import PoolFacts, read_day_places
from booking.places.models import CapacityCell
from booking.places.place_rules import least_of
from cms.core.calendar.times import at
from tests.factories.booking import TODAY
from tests.factories.capacity import CapacityCellFactory, CapacityPoolFactory

pytestmark = pytest.mark.django_db
HALF = dt.timedelta(minutes=30)
MIDNIGHT = at(TODAY, dt.time.min)
NEXT = at(TODAY + dt.timedelta(days=1), dt.time.min)


def cell(pool, starts_at: dt.datetime, target: int, taken: int = 0) -> None:
    CapacityCellFactory(
        pool=pool,
        starts_at=starts_at,
        ends_at=starts_at + HALF,
        target=target,
        taken=taken,
        capacity=max(target, taken),
    )


def test_places_are_those_of_the_day_where_class_and_house_have_one() -> None:
    own = CapacityPoolFactory()
    house = CapacityPoolFactory(institution=own.institution, bucket="all")
    other = CapacityPoolFactory(institution=own.institution, bucket="mixed")
    both = [
        (MIDNIGHT - HALF, 4, 4),
        (MIDNIGHT, 4, 3),
        (MIDNIGHT + HALF, 2, 3),
        (NEXT - HALF, 5, 5),
        (NEXT, 5, 5),
    ]
    for moment, class_target, house_target in both:
        cell(own, moment, class_target)
        cell(house, moment, house_target)
        cell(other, moment, 9)
    cell(own, MIDNIGHT + 4 * HALF, 6)
    cell(house, MIDNIGHT + 5 * HALF, 6)
    cell(own, MIDNIGHT + 6 * HALF, 6, taken=2)
    cell(house, MIDNIGHT + 6 * HALF, 2, taken=3)

    found = read_day_places(PoolFacts(own.pk, 30), PoolFacts(house.pk, 30), TODAY)

    assert (found.step, found.remaining) == (30, {0: 3, 30: 2, 1410: 5})


@pytest.mark.parametrize(
    ("of_class", "of_house", "left"),
    [((9, 2), (8, 5), 3), ((5, 4), (9, 2), 1), ((6, 2), (7, 3), 4)],
)
def test_places_left_are_the_lesser_of_both(of_class: tuple[int, int], of_house: tuple[int, int], left: int) -> None:
    own = CapacityPoolFactory()
    house = CapacityPoolFactory(institution=own.institution, bucket="all")
    cell(own, MIDNIGHT, *of_class)
    cell(house, MIDNIGHT, *of_house)

    assert read_day_places(PoolFacts(own.pk, 30), PoolFacts(house.pk, 30), TODAY).remaining == {0: left}


#: Target and taken of some half hours of a day.
numbers = st.dictionaries(st.integers(0, 47), st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=12)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(of_class=numbers, of_house=numbers)
def test_sql_says_the_least_of_class_and_house(
    of_class: dict[int, tuple[int, int]], of_house: dict[int, tuple[int, int]]
) -> None:
    with transaction.atomic():
        own = CapacityPoolFactory()
        house = CapacityPoolFactory(institution=own.institution, bucket="all")
        cells = [(pool, *cell) for pool, drawn in ((own, of_class), (house, of_house)) for cell in drawn.items()]
        CapacityCell.objects.bulk_create(
            CapacityCell(
                pool=pool,
                starts_at=MIDNIGHT + number * HALF,
                ends_at=MIDNIGHT + (number + 1) * HALF,
                target=target,
                taken=taken,
                capacity=max(target, taken),
            )
            for pool, number, (target, taken) in cells
        )
        found = read_day_places(PoolFacts(own.pk, 30), PoolFacts(house.pk, 30), TODAY).remaining
        transaction.set_rollback(True)

    free = [{30 * number: target - taken for number, (target, taken) in each.items()} for each in (of_class, of_house)]
    assert found == {minute: places for minute, places in least_of(*free).items() if places}
