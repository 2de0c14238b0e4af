"""What families do: hold, change a hold, confirm, cancel, sign up for a class, give its place back."""

from __future__ import annotations

import datetime as dt
from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import rule

from booking.care.services import moves
from booking.care.services.hold_change import StayRequest, hold_or_replace
from booking.care.services.holds import hold_care
from cms.core.calendar.times import at
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.booking_machine.core import CARE, CLASS, Core, S, days_ahead, numbers, when

_keys = count()
#: Mode and hours that some product has; most meet each other.
stays = st.sampled_from(
    [
        ("hourly", 14 * 60, 17 * 60),
        ("hourly", 10 * 60, 12 * 60),
        ("hourly", 11 * 60 + 30, 14 * 60 + 30),
        ("hourly", 9 * 60, 18 * 60),
        ("temporary", 10 * 60, 12 * 60),
        ("temporary", 14 * 60, 16 * 60),
        ("half_day", 8 * 60, 12 * 60),
        ("full_day", 8 * 60, 18 * 60),
    ]
)
Stay = tuple[str, int, int]


class FamilyActs(Core):
    """Acts with the right of a parent."""

    @rule(number=numbers, other=st.booleans(), ahead=days_ahead, stay=stays)
    def hold(self, number: int, other: bool, ahead: int | None, stay: Stay) -> None:
        """The other house takes toddlers alone."""
        people = [self.world.people[n] for n in (0, 2, 6, 8)] if other else self.world.people
        user, child = people[number % len(people)]
        mode, starts_at, ends_at = self._moments(ahead, stay)
        self.attempt(
            "hold",
            lambda: hold_care(
                user=user,
                institution=self.world.houses()[other].institution.public_id,
                child=child.public_id,
                mode=mode,
                starts_at=starts_at,
                ends_at=ends_at,
                key=f"machine-{next(_keys)}",
                now=self.now,
            ),
        )

    @when(S.HELD, kinds=CARE)
    @rule(number=numbers, other=st.booleans(), ahead=days_ahead, stay=stays)
    def change_hold(self, number: int, other: bool, ahead: int | None, stay: Stay) -> None:
        """Another time, and perhaps another house, for what is held."""
        held = self.pick(number, S.HELD)
        child = next(child for _, child in self.world.people if child.pk == held.child_id)
        institution = self.world.houses()[other].institution.public_id
        asked = StayRequest(institution, child.public_id, *self._moments(ahead, stay), replaces=held.public_id)
        user = self.world.user_of(held.family_id)
        key = f"machine-{next(_keys)}"
        self.attempt("change a hold", lambda: hold_or_replace(user=user, stay=asked, key=key, now=self.now))

    @when(S.HELD)
    @rule(number=numbers)
    def confirm(self, number: int) -> None:
        held = self.pick(number, S.HELD)
        by = {"user": self.world.user_of(held.family_id), "booking": held.public_id, "now": self.now}
        asked = held.institution_id == self.world.other.institution.pk
        self.attempt("request" if asked else "confirm", lambda: moves.confirm_booking(**by))

    @when(S.HELD, S.REQUESTED, S.CONFIRMED, kinds=CARE)
    @rule(number=numbers)
    def cancel(self, number: int) -> None:
        found = self.pick(number, S.HELD, S.REQUESTED, S.CONFIRMED, kinds=CARE)
        by = {"user": self.world.user_of(found.family_id), "booking": found.public_id, "now": self.now}
        self.attempt("cancel", lambda: moves.cancel_booking(**by))

    @rule(number=numbers, which=st.booleans())
    def sign_up(self, number: int, which: bool) -> None:
        user, child = self.world.people[number % len(self.world.people)]
        session = self.world.sessions[which].public_id
        self.attempt("sign up", lambda: sign_up(user=user, session=session, child=child.public_id, now=self.now))

    @when(S.CONFIRMED, S.ARRIVED, kinds=CLASS)
    @rule(number=numbers)
    def cancel_sign_up(self, number: int) -> None:
        found = self.pick(number, S.CONFIRMED, S.ARRIVED, kinds=CLASS)
        user, child = next(pair for pair in self.world.people if pair[1].pk == found.child_id)
        session = next(s for s in self.world.sessions if s.places.cell.pool_id == found.pool_id)
        of = {"session": session.public_id, "child": child.public_id}
        self.attempt("cancel a sign-up", lambda: cancel_signup(user=user, **of, now=self.now))

    def _moments(self, ahead: int | None, stay: Stay) -> tuple[str, dt.datetime, dt.datetime]:
        mode, *minutes = stay
        starts_at, ends_at = (at(self.day(ahead), dt.time(minute // 60, minute % 60)) for minute in minutes)
        return mode, starts_at, ends_at
