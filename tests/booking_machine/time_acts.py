"""What happens by itself: time goes on, what ran out is swept, what was promised is delivered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from hypothesis import strategies as st
from hypothesis.stateful import rule

from booking.care.services.ending import end_unanswered
from booking.care.services.expiry import expire_overdue
from booking.places.models import Booking
from booking.places.services.generation import generate_cells
from cms.core.calendar.times import at
from cms.core.models import OutboxMessage
from cms.core.runtime.outbox import drain
from tests.booking_machine.core import CARE, Closed, Core, S, numbers, when
from tests.booking_machine.world import DAYS, SeenBooking

#: In minutes: a moment, the time to undo, a hold's time, the cut-off; and all the way to the next morning.
MORNING = 0
pauses = st.sampled_from([1, 1, 10, 11, 15, 30, 60, 120, MORNING])
moments = st.sampled_from(["starts_at", "ends_at", "expires_at"])
#: Just before, at and just after.
seconds = st.sampled_from([-1, 0, 1])


class TimeActs(Core):
    """Nobody's acts."""

    @rule(minutes=pauses)
    def wait(self, minutes: int) -> None:
        morning = at(self.day(1), dt.time(7, 30))
        self.wait_until(morning if minutes == MORNING else self.now + dt.timedelta(minutes=minutes))

    @when(S.HELD, S.REQUESTED, S.CONFIRMED, S.ARRIVED)
    @rule(number=numbers, what=moments, second=seconds)
    def wait_for_a_booking(self, number: int, what: str, second: int) -> None:
        moment = getattr(self.pick(number, S.HELD, S.REQUESTED, S.CONFIRMED, S.ARRIVED), what)
        if moment is not None:
            self.wait_until(moment + dt.timedelta(seconds=second))

    @rule(job=st.sampled_from(["sweep", "deliver", "sweep", "deliver", "generate", "end"]))
    def run_job(self, job: str) -> None:
        {"sweep": self._sweep, "deliver": self.deliver, "generate": self._generate, "end": self._end}[job]()

    def _end(self) -> None:
        """The days before today end, and nothing else; nobody is absent by silence."""
        open_ones = {b.pk for b in self.among((S.CONFIRMED, S.ARRIVED), CARE) if b.service_date < self.day(0)}
        self.attempt("end", lambda: end_unanswered(now=self.now))
        before, after = self.before.bookings, self.seen.bookings
        assert {pk for pk, b in before.items() if after[pk].status != b.status} == open_ones
        assert {after[pk].status for pk in open_ones} <= {S.COMPLETED}
        self.tally["end what nobody answered", "done"] += len(open_ones)

    def _generate(self) -> None:
        """Nothing new but what the day before had not reached."""
        ids = [house.institution.pk for house in self.world.houses()]
        days = self.day(0), self.day(DAYS)
        self.attempt("generate", lambda: generate_cells(institution_ids=ids, days=days, now=self.now))

    def _sweep(self) -> None:
        overdue = {b.pk for b in self.seen.bookings.values() if self.is_overdue(b)}
        swept: list[int] = []
        self.attempt("sweep", lambda: swept.append(expire_overdue(now=self.now)))
        assert swept == [len(overdue)]
        assert {self.seen.bookings[pk].status for pk in overdue} <= {S.EXPIRED}
        assert not overdue & ({booking for booking, _ in self.seen.ledger} | set(self.seen.slots.values()))
        self.tally["expire", "done"] += len(overdue)

    def deliver(self) -> None:
        """What a closed day held is cancelled, and only that: a day that was opened again keeps its new bookings."""

        def deliver_all() -> None:
            while drain(now=self.now):
                pass

        self.attempt("deliver", deliver_all)
        assert not OutboxMessage.objects.exclude(last_error="").exists()
        before, after = self.before.bookings, self.seen.bookings
        cancelled = [b for b in before.values() if after[b.pk].status != b.status]
        assert all(any(b.pk <= self.stopped[each] for each in self._over(self.stopped, b)) for b in cancelled)
        assert [b for b in after.values() if self._still_stopped(b)] == []
        self.tally["cancel what is closed", "done"] += len(cancelled)

    def _still_stopped(self, booking: SeenBooking) -> bool:
        is_open = booking.status in (S.HELD, S.REQUESTED, S.CONFIRMED) and booking.starts_at > self.now
        return booking.kind == Booking.Kind.CARE and is_open and bool(self._over(self.closed, booking))

    def _over(self, closings: Iterable[Closed], booking: SeenBooking) -> list[Closed]:
        """Closings that a booking reaches into."""
        pool = next(pool for pool in self.world.pools.values() if pool.pk == booking.pool_id)
        midnight = at(booking.service_date, dt.time.min)
        minutes = [int((moment - midnight).total_seconds()) // 60 for moment in (booking.starts_at, booking.ends_at)]
        where = (booking.institution_id, booking.service_date, pool.bucket)
        return self.closings_over(closings, *where, (minutes[0], minutes[1]))
