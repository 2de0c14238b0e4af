"""Sample bookings: the two weeks ahead partly taken, and today's board of one institution in every state."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

from booking.care.services import moves
from booking.care.services.expiry import expire_bookings
from booking.care.services.holds import hold_care
from booking.places.models import Booking
from booking.places.queries.offers import Offer, list_offers
from booking.places.services.policies import save_policy
from cms.accounts.family.services.children import ChildDetails
from cms.accounts.models import User
from cms.core.calendar.times import age_in_months, at, local_date
from cms.core.errors import Refused
from cms.demo.data.institutions import ALLERGIES, NICKNAMES
from cms.demo.services.people import DemoFamily, birth_date, make_lasting_parent
from directory.districts.class_kinds import CareMode
from directory.register.models import Institution, InstitutionMember

DAYS = 14
SHARE = 0.9
BOARD_PHONES = 10000200000


def fill_weeks(*, institutions: list[Institution], families: list[DemoFamily], now: dt.datetime) -> int:
    """Bookings for each of the coming days that has none yet; returns how many were made."""
    today = local_date(now)
    users = [family.user.pk for family in families]
    made = 0
    for number in range(1, DAYS + 1):
        day = today + dt.timedelta(days=number)
        if not Booking.objects.filter(created_by__in=users, service_date=day).exists():
            made += _fill_day(day, institutions, families, now=now)
    return made


def _fill_day(day: dt.date, institutions: list[Institution], families: list[DemoFamily], *, now: dt.datetime) -> int:
    dice = random.Random(day.toordinal())  # noqa: S311 - sample data
    made = 0
    for family in families:
        if dice.random() > SHARE:
            continue
        institution = dice.choice(institutions)
        age = age_in_months(family.child.birth_date, day)
        offers = list_offers(institution=institution, age_months=age, day=day, now=now)
        if offers:
            offer = dice.choice(offers)
            made += _book(family, institution, offer, key=f"demo-{day}", now=now)
    return made


def _book(family: DemoFamily, institution: Institution, offer: Offer, *, key: str, now: dt.datetime) -> int:
    """Take an offer; a place that is gone by now is left to whoever has it."""
    try:
        held = hold_care(
            user=family.user,
            institution=institution.public_id,
            child=family.child.public_id,
            mode=offer.mode,
            product=offer.product.public_id,
            starts_at=offer.starts_at,
            ends_at=offer.ends_at,
            key=key,
            now=now,
        )
        moves.confirm_booking(user=family.user, booking=held.booking.public_id, now=now)
    except Refused:
        return 0
    return 1


@dataclass(frozen=True, slots=True)
class Visit:
    """A child of today: age, mode, stay, and what became of it."""

    months: int
    mode: str
    starts: str
    ends: str
    fate: str


H, F, T = CareMode.HOURLY.value, CareMode.FULL_DAY.value, CareMode.TEMPORARY.value
#: In the order in which places are taken; ``late`` and ``coming`` stay confirmed.
BOARD: tuple[Visit, ...] = (
    Visit(10, F, "08:00", "18:00", "arrived"),
    Visit(18, F, "08:00", "18:00", "arrived"),
    Visit(20, H, "08:30", "11:30", "completed"),
    Visit(16, H, "09:00", "12:00", "late"),
    Visit(22, H, "13:00", "16:00", "coming"),
    Visit(17, H, "14:00", "17:00", "coming"),
    Visit(28, F, "08:00", "18:00", "arrived"),
    Visit(31, F, "08:00", "18:00", "absent"),
    Visit(25, T, "16:00", "18:00", "coming"),
    Visit(27, H, "10:00", "12:00", "cancelled"),
    Visit(30, H, "17:00", "19:00", "expired"),
    Visit(14, H, "18:00", "20:00", "declined"),
    Visit(21, H, "19:00", "21:00", "requested"),
    Visit(29, H, "19:00", "21:00", "held"),
)


def fill_board(*, institution: Institution, now: dt.datetime) -> int:
    """Today's children of the board, once a day; returns how many bookings were made."""
    families = [_board_family(number, visit, now=now) for number, visit in enumerate(BOARD)]
    users = [family.user.pk for family in families]
    if Booking.objects.filter(created_by__in=users, service_date=local_date(now)).exists():
        return 0
    manager = InstitutionMember.objects.filter(institution=institution, role="manager").select_related("user").first()
    actor = manager.user if manager else families[0].user
    made = 0
    for family, visit in zip(families, BOARD, strict=True):
        made += _visit(institution, family, visit, actor, now=now)
    return made


def _board_family(number: int, visit: Visit, *, now: dt.datetime) -> DemoFamily:
    details = ChildDetails(
        NICKNAMES[(number * 7 + 2) % len(NICKNAMES)],
        birth_date(local_date(now), visit.months),
        ("girl", "boy")[number % 2],
        ALLERGIES[(number + 3) % len(ALLERGIES)],
    )
    return make_lasting_parent(phone=str(BOARD_PHONES + number), details=details, now=now)


def _visit(institution: Institution, family: DemoFamily, visit: Visit, actor: User, *, now: dt.datetime) -> int:
    today = local_date(now)
    asked = now if visit.fate == "held" else at(today - dt.timedelta(days=1), dt.time(20))
    try:
        held = hold_care(
            user=family.user,
            institution=institution.public_id,
            child=family.child.public_id,
            mode=visit.mode,
            starts_at=at(today, dt.time.fromisoformat(visit.starts)),
            ends_at=at(today, dt.time.fromisoformat(visit.ends)),
            key=f"demo-board-{today}",
            now=asked,
        )
    except Refused:
        # In the evening the last stays of the day can no longer be asked for.
        return 0
    FATES[visit.fate](institution, family, held.booking.public_id, actor, asked, now)
    return 1


Fate = Callable[[Institution, DemoFamily, str, User, dt.datetime, dt.datetime], object]


def _confirm(
    i: Institution, family: DemoFamily, booking: str, actor: User, asked: dt.datetime, now: dt.datetime
) -> None:
    moves.confirm_booking(user=family.user, booking=booking, now=asked)


def _clock(now: dt.datetime, clock: dt.time) -> dt.datetime:
    """That time of today, or now if it is still to come."""
    return min(now, at(local_date(now), clock))


def _arrive(
    i: Institution, family: DemoFamily, booking: str, actor: User, asked: dt.datetime, now: dt.datetime
) -> None:
    _confirm(i, family, booking, actor, asked, now)
    came = _clock(now, dt.time(7, 56))
    moves.mark_arrived(actor=actor, institution=i, booking=booking, now=came, early_ok=True)


def _leave(i: Institution, family: DemoFamily, booking: str, actor: User, asked: dt.datetime, now: dt.datetime) -> None:
    _arrive(i, family, booking, actor, asked, now)
    came, left = _clock(now, dt.time(7, 56)), _clock(now, dt.time(11, 24))
    if left - came >= moves.PRESSED_TWICE:  # in the small hours nobody has left yet
        moves.mark_left(actor=actor, institution=i, booking=booking, now=left)


def _miss(i: Institution, family: DemoFamily, booking: str, actor: User, asked: dt.datetime, now: dt.datetime) -> None:
    _confirm(i, family, booking, actor, asked, now)
    moves.mark_absent(actor=actor, institution=i, booking=booking, now=_clock(now, dt.time(9, 10)))


def _cancel(
    i: Institution, family: DemoFamily, booking: str, actor: User, asked: dt.datetime, now: dt.datetime
) -> None:
    _confirm(i, family, booking, actor, asked, now)
    moves.cancel_booking(user=family.user, booking=booking, now=asked)


def _expire(
    i: Institution, family: DemoFamily, booking: str, actor: User, asked: dt.datetime, now: dt.datetime
) -> None:
    expire_bookings(Booking.objects.filter(public_id=booking).values_list("pk", flat=True), now=now)


def _request(
    i: Institution, family: DemoFamily, booking: str, actor: User, asked: dt.datetime, now: dt.datetime
) -> None:
    """As if the institution had asked to decide itself when this one came in."""
    save_policy(institution=i, values={"needs_acceptance": True}, now=now)
    _confirm(i, family, booking, actor, asked, now)
    save_policy(institution=i, values={"needs_acceptance": False}, now=now)


def _decline(
    i: Institution, family: DemoFamily, booking: str, actor: User, asked: dt.datetime, now: dt.datetime
) -> None:
    _request(i, family, booking, actor, asked, now)
    moves.decline_request(actor=actor, institution=i, booking=booking, reason="那个时间只有一位老师", now=asked)


def _keep(i: Institution, family: DemoFamily, booking: str, actor: User, asked: dt.datetime, now: dt.datetime) -> None:
    """Still held."""


FATES: dict[str, Fate] = {
    "arrived": _arrive,
    "completed": _leave,
    "late": _confirm,
    "coming": _confirm,
    "absent": _miss,
    "cancelled": _cancel,
    "expired": _expire,
    "declined": _decline,
    "requested": _request,
    "held": _keep,
}
