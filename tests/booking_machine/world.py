"""Where the machine's acts happen, and what can be seen of it at one moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from booking.care.services.moves import mark_arrived
from booking.places.models import Booking, BookingCell, BookingPolicy, CapacityCell, CapacityPool, ChildSlot
from booking.places.services.generation import generate_cells
from cms.accounts.models import Child, User
from cms.core.calendar.times import at
from cms.core.runtime.outbox import drain
from cms.core.runtime.sql import rows, with_tables
from directory.register.models import ClassGroup, OpeningRule
from parenting.classes.models import ClassSession
from parenting.classes.services.signups import sign_up
from tests.factories.accounts import ChildFactory
from tests.factories.booking import (
    NOW,
    TODAY,
    TOMORROW,
    House,
    booked,
    full_house,
    hold,
    infant,
    senior_toddler,
    toddler,
)
from tests.factories.parenting import ClassSessionFactory

#: Cells are made for so many days after today.
DAYS = 2
NUMBERS = with_tables("SELECT id, target, capacity, taken FROM {CapacityCell}", CapacityCell)
#: Where and when a cell is; those of care never move.
Places = dict[int, tuple[int, int]]


class SeenBooking(NamedTuple):
    """A booking's row."""

    pk: int
    public_id: str
    kind: str
    status: str
    child_id: int
    family_id: int
    institution_id: int | None
    pool_id: int
    service_date: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    expires_at: dt.datetime | None


class SeenCell(NamedTuple):
    """A cell's row; its start in minutes since 1970."""

    pk: int
    pool_id: int
    minute: int
    target: int
    capacity: int
    taken: int


class Seen(NamedTuple):
    """Everything that is booked at one moment; ``slots`` are ``(child, quarter of an hour)`` with their booking."""

    bookings: dict[int, SeenBooking]
    cells: dict[int, SeenCell]
    ledger: set[tuple[int, int]]
    slots: dict[tuple[int, dt.datetime], int]

    @classmethod
    def now(cls, known: Places) -> Seen:
        """``known`` are cells of care seen before: there are hundreds of them to read after every step."""
        bookings = map(SeenBooking._make, Booking.objects.order_by("pk").values_list(*SeenBooking._fields))
        numbers = {pk: (target, capacity, taken) for pk, target, capacity, taken in rows(NUMBERS, [])}
        unknown = CapacityCell.objects.filter(pk__in=numbers.keys() - known.keys())
        places = dict(known)
        for pk, kind, pool, starts_at in unknown.values_list("pk", "pool__kind", "pool_id", "starts_at"):
            places[pk] = pool, int(starts_at.timestamp()) // 60
            if kind == CapacityPool.Kind.CARE:
                known[pk] = places[pk]
        slots = ChildSlot.objects.values_list("child_id", "slot_at", "booking_id")
        return cls(
            {booking.pk: booking for booking in bookings},
            {pk: SeenCell(pk, *places[pk], *found) for pk, found in numbers.items()},
            set(BookingCell.objects.values_list("booking_id", "cell_id")),
            {(child, moment): booking for child, moment, booking in slots},
        )


@dataclass(frozen=True)
class World:
    """The full house with little room, a second one that decides on each request, two sessions, and nine children."""

    house: House
    other: House
    sessions: list[ClassSession]
    people: list[tuple[User, Child]]
    groups: list[ClassGroup]
    rules: dict[int, OpeningRule]
    pools: dict[int, CapacityPool]
    cells: Places

    def houses(self) -> list[House]:
        return [self.house, self.other]

    def user_of(self, family_id: int) -> User:
        return next(user for user, child in self.people if child.family_id == family_id)


def make_world() -> World:
    """托小班 has 1 place, 乳儿班 2, the mixed class 4; the other house 6 for toddlers."""
    house = full_house(days=DAYS)
    ClassGroup.objects.filter(pk=house.group.pk).update(caregivers=1)
    ClassGroup.objects.filter(pk=house.groups["toddler_2"].pk).update(places=2)
    ClassGroup.objects.filter(pk=house.groups["infant"].pk).update(places=2)
    generate_cells(institution_ids=[house.institution.pk], days=(TODAY, TODAY + dt.timedelta(days=DAYS)), now=NOW)
    BookingPolicy.objects.create(institution=house.other.institution, needs_acceptance=True)
    mother, child = toddler()
    younger = ChildFactory(family=child.family, birth_date=dt.date(2026, 3, 3))
    people = [
        (mother, child),
        (mother, younger),
        toddler(),
        infant(),
        infant(),
        infant(),
        toddler(),
        senior_toddler(),
        toddler(),
    ]
    sessions = [
        _session(ClassSession.Kind.PARENT_CHILD_ACTIVITY, dt.time(9, 30), 2),
        _session(ClassSession.Kind.PARENT_CLASS, dt.time(14), 1),
    ]
    _begin(house, people, sessions)
    groups = list(ClassGroup.objects.order_by("pk"))
    rules = {rule.class_group_id: rule for rule in OpeningRule.objects.filter(weekday=0)}
    pools = {pool.pk: pool for pool in CapacityPool.objects.select_related("institution")}
    cells: Places = {}
    Seen.now(cells)
    return World(house, house.other, sessions, people, groups, rules, pools, cells)


def _begin(house: House, people: list[tuple[User, Child]], sessions: list[ClassSession]) -> None:
    """Something of everything, so that no act waits for others to happen first; tomorrow two classes are full."""

    def stay(number: int, act: Callable[..., Booking] = booked, where: House = house, **more: Any) -> Booking:
        user, child = people[number]
        return act(where, user=user, child=child, **more)

    morning = {"starts": dt.time(10), "ends": dt.time(12)}
    stay(0, day=TODAY, **morning)
    stay(3, day=TODAY, **morning)
    here = stay(7, day=TODAY, starts=dt.time(8), ends=dt.time(10), mode="temporary")
    mark_arrived(actor=people[7][0], institution=house.institution, booking=here.public_id, now=NOW)
    whole_day = {"starts": dt.time(8), "ends": dt.time(18), "mode": "full_day"}
    stay(6, **whole_day)
    stay(5, **whole_day)
    stay(4, hold, **whole_day)
    stay(0, where=house.other)
    stay(8, where=house.other)
    stay(2, hold, house.other)
    for user, child in (people[0], people[3]):
        sign_up(user=user, session=sessions[0].public_id, child=child.public_id, now=NOW)
    while drain(now=NOW):
        pass


def _session(kind: str, starts: dt.time, capacity: int) -> ClassSession:
    starts_at = at(TOMORROW, starts)
    return ClassSessionFactory(
        kind=kind,
        age_from=6,
        age_to=36,
        capacity=capacity,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=1),
        signup_closes_at=starts_at - dt.timedelta(hours=1),
    )
