"""An institution that can be booked, made through the real services, and shortcuts to bookings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from booking.care.queries.affected import ClosedSpan
from booking.care.services import closing
from booking.care.services.holds import hold_care
from booking.care.services.moves import confirm_booking
from booking.places.models import Booking, BookingPolicy
from booking.places.services.freshness import confirm_places
from booking.places.services.generation import generate_cells
from cms.accounts.models import Child, User
from cms.core.calendar.times import at, local_date
from directory.districts.class_kinds import CareMode, ClassKind
from directory.register.models import CareProduct, ClassGroup, ClosingDay, Institution, OpeningRule
from tests.factories.accounts import parent_with_child
from tests.factories.directory import (
    AuthorisationFactory,
    CareProductFactory,
    ClassGroupFactory,
    InstitutionFactory,
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
    groups: dict[str, ClassGroup] = field(default_factory=dict)
    other: House | None = None


def open_house(
    *,
    places: int = 10,
    caregivers: int = 2,
    regular_places: int = 4,
    kind: str = ClassKind.TODDLER,
    now: dt.datetime = NOW,
    policy: dict[str, Any] | None = None,
    days: int = 8,
    **institution: Any,
) -> House:
    """An institution open every day 8–18 with one class: by default min(10, 2×5) − 4 = 6 places, the house the same."""
    made = InstitutionFactory(**{"places": places, "inclusive_places": 0, **institution})
    AuthorisationFactory(institution=made)
    made.refresh_from_db()
    group = ClassGroupFactory(institution=made, kind=kind, places=places, caregivers=caregivers)
    open_all_week(group, regular=regular_places)
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


def full_house(
    *, now: dt.datetime = NOW, policy: dict[str, Any] | None = None, days: int = 3, places: int = 60
) -> House:
    """A house where "the second of two" shows: open 8–18; ``places`` filed, 7 of them for regular children.

    小一班 min(10, 2×5) − 4 = 6 places and, 9–17 only, 小二班 min(6, 1×5) − 2 = 3, so 9 together; 乳儿班 3; no 托大班
    but a mixed class min(8, 1×5) − 1 = 4. Two products each of hourly care (9 元 all day, 7 元 until noon) and of
    temporary care (30 元 for two hours, 20 元 for one). Beside it stands another house (``other``).
    """
    house = open_house(now=now, policy=policy, days=0)
    made = house.institution
    made.places = places
    made.save()
    house.group.name = "小一班"
    house.group.save()
    house.groups["toddler"] = house.group
    house.groups["toddler_2"] = _group(made, ClassKind.TODDLER, "小二班", places=6, regular=2, hours=(9, 17))
    house.groups["infant"] = _group(made, ClassKind.INFANT, "乳儿班", places=5, regular=0)
    house.groups["mixed"] = _group(made, ClassKind.MIXED, "混龄班", places=8, regular=1)
    house.products["morning"] = CareProductFactory(institution=made, hourly=True, ends=dt.time(12), fee=700)
    house.products["short"] = CareProductFactory(
        institution=made, temporary=True, block_minutes=60, ends=dt.time(17), fee=2000
    )
    today = local_date(now)
    generate_cells(institution_ids=[made.pk], days=(today, today + dt.timedelta(days=days)), now=now)
    house.other = open_house(now=now, days=days)
    return house


def _group(
    institution: Institution, kind: str, name: str, *, places: int, regular: int, hours: tuple[int, int] = (8, 18)
) -> ClassGroup:
    group = ClassGroupFactory(institution=institution, kind=kind, name=name, places=places, caregivers=1)
    open_all_week(group, regular=regular, hours=hours)
    return group


def open_all_week(group: ClassGroup, *, regular: int, hours: tuple[int, int] = (8, 18)) -> None:
    """The same hours every day, written at once: this runs before most tests of booking."""
    opens, closes = (dt.time(hour) for hour in hours)
    OpeningRule.objects.bulk_create(
        OpeningRule(class_group=group, weekday=weekday, opens=opens, closes=closes, regular_places=regular)
        for weekday in range(7)
    )


def infant(**child: Any) -> tuple[User, Child]:
    """A guardian with a child of 8 months on ``TODAY``."""
    return parent_with_child(**{"birth_date": dt.date(2026, 3, 3), **child})


def senior_toddler(**child: Any) -> tuple[User, Child]:
    """A guardian with a child of 30 months on ``TODAY``."""
    return parent_with_child(**{"birth_date": dt.date(2024, 5, 3), **child})


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
    product: str | None = None,
) -> Booking:
    """A held booking; ``product`` is a public id."""
    return hold_care(
        user=user,
        institution=house.institution.public_id,
        child=child.public_id,
        mode=mode,
        starts_at=at(day, starts),
        ends_at=at(day, ends),
        key=key or f"key-{next(_keys)}",
        now=now,
        product=product,
    ).booking


def booked(house: House, *, user: User, child: Child, now: dt.datetime = NOW, **stay: Any) -> Booking:
    """A confirmed (or requested) booking."""
    held = hold(house, user=user, child=child, now=now, **stay)
    return confirm_booking(user=user, booking=held.public_id, now=now)


class Visit(NamedTuple):
    """A booking with its house and the user who acts."""

    house: House
    booking: Booking
    user: User


def do(act: Callable[..., Booking], visit: Visit, now: dt.datetime, **more: Any) -> Booking:
    """An act of the institution on the visit."""
    house, booking, user = visit
    return act(actor=user, institution=house.institution, booking=booking.public_id, now=now, **more)


def tomorrow(clock: str) -> dt.datetime:
    """That clock time of tomorrow, e.g. ``14:00``."""
    return at(TOMORROW, dt.time.fromisoformat(clock))


def close_day(
    *, institution: Institution, day: dt.date, now: dt.datetime, reason: str = "消毒", **more: Any
) -> ClosingDay:
    """The whole institution for a whole day."""
    given = {"actor": None} | more
    return closing.close(institution=institution, span=ClosedSpan(day, day), reason=reason, now=now, **given)[0]


def reopen_day(*, institution: Institution, day: dt.date, now: dt.datetime) -> None:
    """Whatever is closed that day."""
    rows = institution.closing_days.filter(date=day)
    closing.reopen(institution=institution, closings=list(rows.values_list("pk", flat=True)), now=now)
