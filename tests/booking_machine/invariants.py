"""What must be true after every step, worked out from the bookings and the rules, not from the site's own counters."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from itertools import combinations

from hypothesis.stateful import invariant

from booking.places.models import Booking, CapacityPool
from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.queries.ledger import ledger_differences
from cms.core.calendar.times import minutes_of
from parenting.classes.models import ClassSession
from tests.booking_machine.core import Core, S
from tests.booking_machine.world import SeenBooking

#: Children a caregiver may look after, from the national standard.
RATIO = {"infant": 3, "toddler": 5, "senior_toddler": 7, "mixed": 5}
QUARTER = dt.timedelta(minutes=15)
RASTER = 30
EPOCH, EAST_OF_UTC = dt.date(1970, 1, 1), 8 * 60
HOLDING = (S.HELD, S.REQUESTED, S.CONFIRMED, S.ARRIVED)


class Invariants(Core):
    """Of the past only the ledger's sums are checked: what was changed later is not what was allowed then."""

    @invariant()
    def ledger_and_counters_agree(self) -> None:
        assert list(ledger_differences()) == []
        held = Counter(cell for _, cell in self.seen.ledger)
        for cell in self.seen.cells.values():
            assert cell.taken == held[cell.pk] <= cell.capacity

    @invariant()
    def coming_cells_are_taken_by_who_holds_them(self) -> None:
        found, wanted = set(), set()
        for booking, pk in self.seen.ledger:
            cell = self.seen.cells[pk]
            if self._is_coming(cell.minute):
                found.add((booking, cell.pool_id, cell.minute))
        for booking in self.seen.bookings.values():
            if booking.status in HOLDING:
                wanted |= {(booking.pk, *place) for place in self._places(booking) if self._is_coming(place[1])}
        assert found == wanted

    @invariant()
    def no_place_above_target_is_given_to_somebody_new(self) -> None:
        if self.over_ok:
            return
        taken = self.seen.ledger - self.before.ledger
        for cell in (self.seen.cells[pk] for _, pk in taken):
            assert cell.taken <= cell.target or not self._is_coming(cell.minute)

    @invariant()
    def no_child_is_in_two_places(self) -> None:
        coming = defaultdict(list)
        for booking in self.seen.bookings.values():
            if booking.status in HOLDING and self._child_is_there(booking) and booking.pool_id not in self.moved:
                coming[booking.child_id].append((max(booking.starts_at, self.now), booking.ends_at))
        for spans in coming.values():
            for (starts, ends), (other_starts, other_ends) in combinations(spans, 2):
                assert ends <= other_starts or other_ends <= starts

    @invariant()
    def quarters_of_an_hour_are_those_of_the_stays(self) -> None:
        found = defaultdict(set)
        for (child, moment), booking in self.seen.slots.items():
            assert self.seen.bookings[booking].child_id == child
            found[booking].add(moment)
        for booking in self.seen.bookings.values():
            wanted = self._quarters(booking)
            assert found[booking.pk] <= wanted
            if booking.pool_id not in self.moved:
                assert found[booking.pk] >= {moment for moment in wanted if moment >= self.now}

    @invariant()
    def targets_are_what_the_rules_allow(self) -> None:
        now, care = self.now.timestamp() / 60, self.known
        for pk, (pool, minute) in care.items():
            if minute >= now and pk in self.seen.cells:
                if (pool, minute) not in self.allowed:
                    self.allowed[pool, minute] = self._target(self.world.pools[pool], minute)
                assert self.seen.cells[pk].target == self.allowed[pool, minute]

    def _is_coming(self, minute: int) -> bool:
        return minute * 60 >= self.now.timestamp()

    def _places(self, booking: SeenBooking) -> set[tuple[int, int]]:
        """Pool and minute: the own class and the whole house for every part of a stay; a class session has one cell."""
        if booking.kind == Booking.Kind.SESSION:
            return {(booking.pool_id, c.minute) for c in self.seen.cells.values() if c.pool_id == booking.pool_id}
        house = next(
            pool.pk
            for pool in self.world.pools.values()
            if (pool.institution_id, pool.bucket) == (booking.institution_id, HOUSE_BUCKET)
        )
        starts, ends = (int(moment.timestamp()) // 60 for moment in (booking.starts_at, booking.ends_at))
        return {(pool, minute) for pool in (booking.pool_id, house) for minute in range(starts, ends, RASTER)}

    def _child_is_there(self, booking: SeenBooking) -> bool:
        """Parents come to a 家长课堂 alone."""
        lecture = next(s for s in self.world.sessions if s.kind == ClassSession.Kind.PARENT_CLASS)
        return booking.pool_id != lecture.places.cell.pool_id

    def _quarters(self, booking: SeenBooking) -> set[dt.datetime]:
        if booking.status not in HOLDING or not self._child_is_there(booking):
            return set()
        count = (booking.ends_at - booking.starts_at) // QUARTER
        return {booking.starts_at + QUARTER * number for number in range(count)}

    def _target(self, pool: CapacityPool, since_1970: int) -> int:
        """Every weekday has the same rules."""
        day, minute = divmod(since_1970 + EAST_OF_UTC, 24 * 60)
        where = (pool.institution_id, EPOCH + dt.timedelta(days=day))
        sells, regular, anybody = 0, 0, False
        for group in self.world.groups:
            rule = self.world.rules[group.pk]
            is_open = minutes_of(rule.opens) <= minute and minute + RASTER <= minutes_of(rule.closes)
            if not is_open or group.institution_id != pool.institution_id:
                continue
            if self.closings_over(self.closed, *where, group.kind, (minute, minute + RASTER)):
                continue
            anybody = True
            regular += rule.regular_places
            if group.kind == pool.bucket:
                allowed = min(group.places, self.caregivers[group.pk] * RATIO[group.kind])
                sells += max(0, allowed - rule.regular_places)
        if pool.bucket != HOUSE_BUCKET:
            return sells
        return max(0, pool.institution.places - regular) if anybody else 0
