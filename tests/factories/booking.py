"""An institution that can be booked, made through the real services, and shortcuts to bookings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from booking.care.services.holds import hold_care
from booking.care.services.moves import confirm_booking
from booking.places.models import Booking, BookingPolicy
from booking.places.services.freshness import confirm_places
from booking.places.services.generation import generate_cells
from cms.accounts.models import Child, User
from cms.core.calendar.times import at, local_date
from directory.districts.class_kinds import CareMode, ClassKind
from directory.register.models import CareProduct, ClassGroup, Institution
from tests.factories.accounts import parent_with_child
from tests.factories.directory import (
    AuthorisationFactory,
    CareProductFactory,
    ClassGroupFactory,
    InstitutionFactory,
    OpeningRuleFactory,
)

#: A Monday, 8:00 on the wall clock.
NOW = at(dt.date(2026, 11, 23), dt.time(8))
TODAY = local_date(NOW)
TOMORROW = TODAY + dt.timedelta(days=1)
_keys = count()


@dataclass
class House:
    """An open institution with its toddler class and one product of each mode."""

    institution: Institution
    group: ClassGroup
    products: dict[str, CareProduct] = field(default_factory=dict)


def open_house(
    *,
    places: int = 10,
    caregivers: int = 2,
    regular_places: int = 4,
    kind: str = ClassKind.TODDLER,
    now: dt.datetime = NOW,
    policy: dict[str, Any] | None = None,
    days: int = 21,
    **institution: Any,
) -> House:
    """An institution open every day 8–18 with one class: by default min(10, 2×5) − 4 = 6 places, the house the same."""
    made = InstitutionFactory(**{"places": places, "inclusive_places": 0, **institution})
    AuthorisationFactory(institution=made)
    made.refresh_from_db()
    group = ClassGroupFactory(institution=made, kind=kind, places=places, caregivers=caregivers)
    for weekday in range(7):
        OpeningRuleFactory(
            class_group=group, weekday=weekday, opens=dt.time(8), closes=dt.time(18), regular_places=regular_places
        )
    house = House(made, group)
    house.products[CareMode.FULL_DAY] = CareProductFactory(institution=made)
    house.products[CareMode.HALF_DAY] = CareProductFactory(institution=made, half_day=True)
    house.products[CareMode.HOURLY] = CareProductFactory(institution=made, hourly=True)
    house.products[CareMode.TEMPORARY] = CareProductFactory(institution=made, temporary=True)
    if policy:
        BookingPolicy.objects.create(institution=made, **policy)
    today = local_date(now)
    generate_cells(institution_ids=[made.pk], days=(today, today + dt.timedelta(days=days)), now=now)
    confirm_places(institution=made, actor=None, now=now)
    return house


def toddler(**child: Any) -> tuple[User, Child]:
    """A guardian with a child of 17 months on ``TODAY``."""
    return parent_with_child(**{"birth_date": dt.date(2025, 6, 3), **child})


def hold(
    house: House,
    *,
    user: User,
    child: Child,
    day: dt.date = TOMORROW,
    starts: dt.time = dt.time(14),
    ends: dt.time = dt.time(17),
    mode: str = CareMode.HOURLY,
    now: dt.datetime = NOW,
    key: str | None = None,
) -> Booking:
    """A held booking."""
    return hold_care(
        user=user,
        institution=house.institution.public_id,
        child=child.public_id,
        mode=mode,
        starts_at=at(day, starts),
        ends_at=at(day, ends),
        key=key or f"key-{next(_keys)}",
        now=now,
    ).booking


def booked(house: House, *, user: User, child: Child, now: dt.datetime = NOW, **stay: Any) -> Booking:
    """A confirmed (or requested) booking."""
    held = hold(house, user=user, child=child, now=now, **stay)
    return confirm_booking(user=user, booking=held.public_id, now=now)
