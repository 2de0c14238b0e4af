"""The machine's clock, its picture of the world, and how it tries an act."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition

from booking.places.models import Booking
from cms.core.calendar.times import local_date
from cms.core.errors import Refused
from tests.booking_machine.world import Seen, SeenBooking, World
from tests.factories.booking import NOW, TOMORROW

S = Booking.Status
DONE = "done"
#: Institution, day, kind of class ("" for all), from and to minute.
Closed = tuple[int, dt.date, str, int, int]
Tally = Counter[tuple[str, str]]
#: Which of the bookings, children or groups that fit.
numbers = st.integers(0, 11)
#: Days after the machine's own; or the day on which two classes are full from the beginning.
FULL_DAY = None
days_ahead = st.sampled_from([FULL_DAY, 0, FULL_DAY, 1, 2])
CARE, CLASS = (Booking.Kind.CARE,), (Booking.Kind.SESSION,)


def when(*statuses: str, kinds: tuple[str, ...] = CARE + CLASS) -> Callable[[Any], Any]:
    """The rule needs a booking in one of the states."""
    return precondition(lambda machine: machine.among(statuses, kinds))


class Core(RuleBasedStateMachine):
    """One example, undone at its end; ``tally`` counts what came of every act, over all examples."""

    def __init__(self, world: World, tally: Tally) -> None:
        super().__init__()
        self.world, self.tally, self.now = world, tally, NOW
        #: What the machine itself knows of the houses: it never asks the site.
        #: Institution, day, kind of class ("" for all), minutes of the day.
        self.closed: set[Closed] = set()
        self.caregivers = {group.pk: group.caregivers for group in world.groups}
        #: The last booking there was when some part of a day was closed.
        self.stopped: dict[Closed, int] = {}
        self.moved: set[int] = set()
        self.over_ok = False
        #: Targets worked out since the last change of what decides them.
        self.allowed: dict[tuple[int, int], int] = {}
        self.known = dict(world.cells)
        self.example = transaction.atomic()
        self.example.__enter__()
        self.seen = self.before = Seen.now(self.known)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def check(self) -> None:
        """All invariants, for a history that is written by hand."""
        for invariant in self.invariants:
            invariant.function(self)

    def attempt(self, name: str, act: Callable[[], Any], *, over_ok: bool = False) -> bool:
        """Do an act; a named refusal is an answer too, and changes nothing but what ran out."""
        self.over_ok, answer = over_ok, DONE
        try:
            act()
        except Refused as refused:
            answer = refused.code
        self.tally[name, answer] += 1
        self.before, self.seen = self.seen, Seen.now(self.known)
        if answer != DONE:
            self._check_nothing_changed()
        return answer == DONE

    def _check_nothing_changed(self) -> None:
        before, after = self.before.bookings, self.seen.bookings
        for pk, booking in after.items():
            assert pk in before
            if booking != before[pk]:
                assert self.is_overdue(before[pk])
                assert booking == before[pk]._replace(status=S.EXPIRED)

    def is_overdue(self, booking: SeenBooking) -> bool:
        waits = booking.status in (S.HELD, S.REQUESTED)
        return waits and booking.expires_at is not None and booking.expires_at <= self.now

    def among(self, statuses: tuple[str, ...], kinds: tuple[str, ...] = CARE + CLASS) -> list[SeenBooking]:
        return [b for b in self.seen.bookings.values() if b.status in statuses and b.kind in kinds]

    def pick(self, number: int, *statuses: str, kinds: tuple[str, ...] = CARE + CLASS) -> SeenBooking:
        """One of the bookings for which the rule waited."""
        found = self.among(statuses, kinds)
        return found[number % len(found)]

    def closings_over(
        self, closings: Iterable[Closed], institution: int, day: dt.date, kind: str, minutes: tuple[int, int]
    ) -> list[Closed]:
        """Those that keep a kind of class shut at some of the minutes."""
        return [
            (pk, date, shut, since, until)
            for pk, date, shut, since, until in closings
            if (pk, date) == (institution, day) and shut in ("", kind) and minutes[0] < until and since < minutes[1]
        ]

    def wait_until(self, moment: dt.datetime) -> None:
        """Time only goes on."""
        self.now = max(self.now, moment)
        self.over_ok, self.before = False, self.seen

    def day(self, ahead: int | None) -> dt.date:
        if ahead is FULL_DAY:
            return TOMORROW
        return local_date(self.now) + dt.timedelta(days=ahead)
