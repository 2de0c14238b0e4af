"""What institutions and staff do: decide, mark at the door, close, change caregivers, move a class."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from booking.care.queries.affected import ClosedSpan
from booking.care.services import closing, moves
from booking.care.services.corrections import Attendance, correct_attendance
from booking.places.models import Booking
from booking.places.services.generation import generate_cells
from booking.places.services.locking import lock_institution
from cms.core.calendar.times import at, local_date
from directory.register.models import ClassGroup
from directory.register.services.offering import save_class_group
from parenting.classes.models import ClassSession
from parenting.classes.services.attendance import mark_attendance
from parenting.classes.services.publishing import apply_session
from tests.booking_machine.core import CARE, S, days_ahead, numbers, when
from tests.booking_machine.time_acts import TimeActs
from tests.booking_machine.world import DAYS, SeenBooking
from tests.factories.booking import House

#: Who may come in, who may not have come, and whose last mark may be taken back.
COMING = (S.CONFIRMED, S.ABSENT, S.COMPLETED)
EXPECTED = (S.CONFIRMED, S.ARRIVED)
MARKED = (S.ARRIVED, S.ABSENT, S.COMPLETED)
#: Whose record may be put right.
RECORDED = (S.CONFIRMED, *MARKED)
#: Minutes after the beginning.
lateness = st.sampled_from([0, 20, -10, None])
#: Of a day that is closed.
parts = st.sampled_from([(0, 24 * 60), (0, 24 * 60), (12 * 60, 24 * 60), (615, 645)])
clocks = st.sampled_from([dt.time(9), dt.time(9, 30), dt.time(11), dt.time(14), dt.time(15)])


class StaffActs(TimeActs):
    """Acts with the right of an institution or of the district."""

    @when(S.REQUESTED)
    @rule(number=numbers)
    def accept(self, number: int) -> None:
        self._at_the_house("accept", moves.accept_request, self.pick(number, S.REQUESTED))

    @when(S.REQUESTED)
    @rule(number=numbers)
    def decline(self, number: int) -> None:
        self._at_the_house("decline", moves.decline_request, self.pick(number, S.REQUESTED), reason="满了")

    @when(S.HELD, S.REQUESTED, S.CONFIRMED, kinds=CARE)
    @rule(number=numbers)
    def cancel_at_the_house(self, number: int) -> None:
        found = self.pick(number, S.HELD, S.REQUESTED, S.CONFIRMED, kinds=CARE)
        self._at_the_house("cancel by institution", moves.cancel_by_institution, found, reason="停电")

    @when(*COMING)
    @rule(number=numbers, late=lateness, over_ok=st.booleans())
    def arrive(self, number: int, late: int | None, over_ok: bool) -> None:
        """Who comes early is let in after the question."""
        found = self.pick(number, *COMING)
        self._be_there(found, late)
        self._at_the_door("arrive", moves.mark_arrived, found, came=True, over_ok=over_ok, early_ok=True)

    @when(S.ARRIVED, kinds=CARE)
    @rule(number=numbers)
    def leave(self, number: int) -> None:
        self._at_the_house("leave", moves.mark_left, self.pick(number, S.ARRIVED, kinds=CARE))

    @when(*EXPECTED)
    @rule(number=numbers, late=lateness)
    def absent(self, number: int, late: int | None) -> None:
        found = self.pick(number, *EXPECTED)
        self._be_there(found, late)
        self._at_the_door("absent", moves.mark_absent, found, came=False)

    @when(*MARKED)
    @rule(number=numbers, over_ok=st.booleans())
    def undo(self, number: int, over_ok: bool) -> None:
        found = self.pick(number, *MARKED)
        self._at_the_door("undo", moves.undo_mark, found, came=None, over_ok=over_ok)

    @when(*RECORDED, kinds=CARE)
    @rule(number=numbers, status=st.sampled_from(RECORDED), over_ok=st.booleans())
    def correct(self, number: int, status: str, over_ok: bool) -> None:
        """The record of somebody's stay, for good or ill; the times are of the early morning."""
        found = self.pick(number, *RECORDED, kinds=CARE)
        to = Attendance(status, dt.time(7), dt.time(7, 20) if status == S.COMPLETED else None)
        seen = Booking.objects.get(pk=found.pk).changed_at
        self._at_the_house("correct", correct_attendance, found, to=to, reason="点错了", seen=seen, over_ok=over_ok)

    @when(S.HELD, S.REQUESTED, S.CONFIRMED, kinds=CARE)
    @rule(number=numbers, at_once=st.booleans(), days=st.integers(1, 2), minutes=parts, own_class=st.booleans())
    def close(self, number: int, at_once: bool, days: int, minutes: tuple[int, int], own_class: bool) -> None:
        """From a day on which somebody is expected, all day or a part of it, all classes or theirs; the message goes
        out at once, or later, when it may be open again.
        """
        expected = self.pick(number, S.HELD, S.REQUESTED, S.CONFIRMED, kinds=CARE)
        institution, day = self._house_of(expected).institution, expected.service_date
        pool = next(pool for pool in self.world.pools.values() if pool.pk == expected.pool_id)
        span = ClosedSpan(day, day + dt.timedelta(days=days - 1), pool.bucket if own_class else "", *minutes)
        last, made = max(self.seen.bookings, default=0), []
        given = {"institution": institution, "span": span, "reason": "消毒", "actor": None}
        if self.attempt("close", lambda: made.extend(closing.close(**given, now=self.now))):
            self.allowed.clear()
            for each in span.days:
                self.stopped[institution.pk, each, span.class_kind, *minutes] = last
            self.closed |= {(institution.pk, row.date, span.class_kind, *minutes) for row in made}
            if at_once:
                self.deliver()

    @precondition(lambda machine: machine.closed)
    @rule(number=numbers)
    def reopen(self, number: int) -> None:
        chosen = sorted(self.closed)[number % len(self.closed)]
        pk, day, kind, since, until = chosen
        institution = next(h.institution for h in self.world.houses() if h.institution.pk == pk)
        rows = institution.closing_days.filter(date=day, class_kind=kind, from_minute=since, to_minute=until)
        closings = list(rows.values_list("pk", flat=True))
        if self.attempt("reopen", lambda: closing.reopen(institution=institution, closings=closings, now=self.now)):
            self.allowed.clear()
            if day >= local_date(self.now):
                self.closed.discard(chosen)

    @rule(number=numbers, caregivers=st.integers(0, 2))
    def change_caregivers(self, number: int, caregivers: int) -> None:
        group = self.world.groups[number % len(self.world.groups)]

        @transaction.atomic
        def change() -> None:
            institution = lock_institution(group.institution_id)
            save_class_group(
                institution=institution,
                values={"caregivers": caregivers},
                class_group=ClassGroup.objects.get(pk=group.pk),
                now=self.now,
            )
            generate_cells(institution_ids=[institution.pk], days=(self.day(0), self.day(DAYS)), now=self.now)

        if self.attempt("change caregivers", change):
            self.allowed.clear()
            self.caregivers[group.pk] = caregivers

    @rule(which=st.booleans(), ahead=days_ahead, clock=clocks, capacity=st.integers(1, 3))
    def move_session(self, which: bool, ahead: int | None, clock: dt.time, capacity: int) -> None:
        """A new time and other places for a class, as the editor saves and publishes them."""
        session = ClassSession.objects.get(pk=self.world.sessions[which].pk)
        starts_at = at(self.day(ahead), clock)
        session.starts_at, session.ends_at = starts_at, starts_at + dt.timedelta(hours=1)
        session.signup_closes_at, session.capacity = starts_at - dt.timedelta(hours=1), capacity
        if starts_at <= self.now or session.places.starts_at <= self.now:
            return

        def publish() -> None:
            session.save()
            apply_session(session=session, now=self.now)

        if (session.places.starts_at, session.places.ends_at) != (session.starts_at, session.ends_at):
            self.moved.add(session.places.cell.pool_id)
        self.attempt("move a session", publish)

    def _be_there(self, found: SeenBooking, late: int | None) -> None:
        """Wait for the time of the stay; without ``late`` it is marked at once."""
        if late is not None:
            self.wait_until(found.starts_at + dt.timedelta(minutes=late))

    def _house_of(self, found: SeenBooking) -> House:
        return next(house for house in self.world.houses() if house.institution.pk == found.institution_id)

    def _at_the_house(self, name: str, act: Callable[..., Booking], found: SeenBooking, **more: Any) -> None:
        house, user = self._house_of(found), self.world.user_of(found.family_id)
        self.attempt(
            name,
            lambda: act(actor=user, institution=house.institution, booking=found.public_id, now=self.now, **more),
            over_ok=more.get("over_ok", False),
        )

    def _at_the_door(
        self, name: str, act: Callable[..., Booking], found: SeenBooking, *, came: bool | None, **more: Any
    ) -> None:
        """A mark of care at its house, a mark of a class on its list of attendance."""
        if found.kind == Booking.Kind.CARE:
            self._at_the_house(name, act, found, **more)
            return
        session = ClassSession.objects.get(signups__booking=found.pk)
        user = self.world.user_of(found.family_id)
        self.attempt(
            f"{name} at a class",
            lambda: mark_attendance(actor=user, session=session, signup=found.public_id, came=came, now=self.now),
            over_ok=came is True,
        )
