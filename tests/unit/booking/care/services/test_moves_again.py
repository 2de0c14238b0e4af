"""Acts done twice, at their edges, and one after another."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import OperationalError

from booking.care.ports import credits
from booking.care.services import moves, one_move
from booking.care.services.expiry import expire_bookings, expire_overdue
from booking.places import refusals
from booking.places.models import Booking, BookingCell, BookingEvent, ChildSlot
from booking.places.queries.ledger import ledger_differences
from cms.core.calendar.times import at
from cms.core.models import OutboxMessage
from tests.factories.booking import NOW, TODAY, Visit, do, hold, open_house, toddler, tomorrow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("laid_house")]
SECOND = dt.timedelta(seconds=1)


def events(booking: Booking) -> list[tuple[str, str]]:
    return list(booking.events.order_by("pk").values_list("from_status", "to_status"))


@pytest.mark.parametrize(
    ("after", "confirmed"), [(dt.timedelta(minutes=15) - SECOND, True), (dt.timedelta(minutes=15), False)]
)
def test_confirm_just_before_and_when_the_hold_ends(house, after, confirmed):
    user, child = toddler()
    held = hold(house, user=user, child=child)

    if confirmed:
        assert moves.confirm_booking(user=user, booking=held.public_id, now=NOW + after).status == "confirmed"
    else:
        with pytest.raises(refusals.HoldExpired):
            moves.confirm_booking(user=user, booking=held.public_id, now=NOW + after)


def test_confirming_twice_moves_once(visit):
    _, booking, user = visit

    again = moves.confirm_booking(user=user, booking=booking.public_id, now=NOW + dt.timedelta(hours=1))

    assert (again, again.status, again.changed_at) == (booking, "confirmed", NOW)
    assert events(booking) == [("", "held"), ("held", "confirmed")]
    assert OutboxMessage.objects.filter(topic="booking.moved").count() == 1


@pytest.mark.parametrize("mark", [moves.mark_arrived, moves.mark_left])
def test_confirming_a_child_who_came_answers_the_booking(visit, mark):
    do(moves.mark_arrived, visit, tomorrow("14:00"))
    marked = do(mark, visit, tomorrow("15:00"))

    assert moves.confirm_booking(user=visit[2], booking=marked.public_id, now=tomorrow("15:00")).status == marked.status


def test_request_confirmed_twice_is_one_request(request_):
    _, booking, user = request_

    again = moves.confirm_booking(user=user, booking=booking.public_id, now=NOW + dt.timedelta(hours=1))

    assert (again.status, again.expires_at) == ("requested", booking.expires_at)
    assert events(booking) == [("", "held"), ("held", "requested")]


@pytest.mark.parametrize("ended", ["cancelled", "absent"])
def test_ended_booking_cannot_be_confirmed(visit, ended):
    if ended == "absent":
        do(moves.mark_absent, visit, tomorrow("14:30"))
    else:
        moves.cancel_booking(user=visit[2], booking=visit[1].public_id, now=NOW)

    with pytest.raises(refusals.WrongState):
        moves.confirm_booking(user=visit[2], booking=visit[1].public_id, now=NOW)


def test_confirming_after_the_cut_off_leaves_the_institution_until_the_start():
    house = open_house(policy={"needs_acceptance": True})
    user, child = toddler()
    call = at(TODAY, dt.time(12))
    held = hold(house, user=user, child=child, day=TODAY, now=call - SECOND)

    booking = moves.confirm_booking(user=user, booking=held.public_id, now=call + dt.timedelta(minutes=5))

    assert (booking.status, booking.expires_at) == ("requested", at(TODAY, dt.time(14)))
    assert expire_overdue(now=call + dt.timedelta(minutes=5)) == 0


@pytest.mark.parametrize(
    ("now", "confirmed"), [(dt.time(9, 59, 59), True), (dt.time(10), False), (dt.time(10, 1), False)]
)
def test_nobody_is_asked_once_the_stay_has_begun(now, confirmed):
    house = open_house(policy={"needs_acceptance": True})
    user, child = toddler()
    stay = {"day": TODAY, "mode": "temporary", "starts": dt.time(10), "ends": dt.time(12)}
    held = hold(house, user=user, child=child, now=at(TODAY, dt.time(9, 50)), **stay)

    if confirmed:
        assert moves.confirm_booking(user=user, booking=held.public_id, now=at(TODAY, now)).status == "requested"
    else:
        with pytest.raises(refusals.HoldExpired):
            moves.confirm_booking(user=user, booking=held.public_id, now=at(TODAY, now))
    held.refresh_from_db()
    assert held.status == ("requested" if confirmed else "held")


def test_stranger_can_neither_confirm_nor_cancel(visit):
    stranger, _ = toddler()

    for refused in (moves.confirm_booking, moves.cancel_booking):
        with pytest.raises(refusals.NotThere):
            refused(user=stranger, booking=visit[1].public_id, now=NOW)


def test_place_in_a_class_is_neither_confirmed_nor_cancelled_here(visit):
    _, booking, user = visit
    Booking.objects.filter(pk=booking.pk).update(kind="session", product=None, mode="")

    for refused in (moves.confirm_booking, moves.cancel_booking):
        with pytest.raises(refusals.NotThere):
            refused(user=user, booking=booking.public_id, now=NOW)


@pytest.mark.parametrize(("now", "cancelled"), [("13:59:59", True), ("14:00", False)])
def test_cancel_before_and_when_the_stay_begins(visit, now, cancelled):
    if cancelled:
        assert moves.cancel_booking(user=visit[2], booking=visit[1].public_id, now=tomorrow(now)).status == "cancelled"
        assert (BookingCell.objects.count(), ChildSlot.objects.count()) == (0, 0)
    else:
        with pytest.raises(refusals.WrongState):
            moves.cancel_booking(user=visit[2], booking=visit[1].public_id, now=tomorrow(now))
    assert list(ledger_differences()) == []


@pytest.mark.parametrize("swept", [False, True])
@pytest.mark.parametrize(
    ("act", "before", "lasts", "refusal"),
    [
        (moves.confirm_booking, "held", dt.timedelta(minutes=15), refusals.HoldExpired),
        (moves.cancel_booking, "held", dt.timedelta(minutes=15), refusals.WrongState),
        (moves.confirm_booking, "request_", dt.timedelta(hours=24), refusals.HoldExpired),
        (moves.cancel_booking, "request_", dt.timedelta(hours=24), refusals.WrongState),
        (moves.accept_request, "request_", dt.timedelta(hours=24), refusals.WrongState),
        (moves.decline_request, "request_", dt.timedelta(hours=24), refusals.WrongState),
        (moves.cancel_by_institution, "request_", dt.timedelta(hours=24), refusals.WrongState),
    ],
)
def test_what_ran_out_is_answered_alike_before_and_after_the_sweep(request, act, before, lasts, refusal, swept):
    found = request.getfixturevalue(before)
    now = NOW + lasts
    if swept:
        assert expire_overdue(now=now) == 1

    for _ in range(2):
        with pytest.raises(refusals.Refused) as refused:
            act_on(found, act, now)
        assert type(refused.value) is refusal

    assert events(found.booking)[-1] == (found.booking.status, "expired")
    assert BookingEvent.objects.filter(to_status="expired", side="site", actor=None).count() == 1
    told = [m.payload["to"] for m in OutboxMessage.objects.filter(topic="booking.moved")]
    assert told == ([] if before == "held" else ["requested", "expired"])
    assert BookingCell.objects.count() == 0
    assert list(ledger_differences()) == []


@pytest.mark.parametrize(
    ("act", "before", "lasts", "status"),
    [
        (moves.cancel_booking, "held", dt.timedelta(minutes=15), "cancelled"),
        (moves.cancel_booking, "request_", dt.timedelta(hours=24), "cancelled"),
        (moves.decline_request, "request_", dt.timedelta(hours=24), "declined"),
    ],
)
def test_second_before_it_runs_out_the_act_is_done(request, act, before, lasts, status):
    assert act_on(request.getfixturevalue(before), act, NOW + lasts - SECOND).status == status


WITH_REASON = (moves.decline_request, moves.cancel_by_institution)


def act_on(found: Visit, act, now: dt.datetime) -> Booking:
    if act in (moves.confirm_booking, moves.cancel_booking):
        return act(user=found.user, booking=found.booking.public_id, now=now)
    return do(act, found, now, **({"reason": "x"} if act in WITH_REASON else {}))


def test_cancelling_twice_answers_the_same_even_after_the_start(visit):
    _, booking, user = visit
    moves.cancel_booking(user=user, booking=booking.public_id, now=NOW)

    again = moves.cancel_booking(user=user, booking=booking.public_id, now=tomorrow("15:00"))

    assert (again.status, again.changed_at) == ("cancelled", NOW)
    assert OutboxMessage.objects.filter(topic="booking.moved").count() == 2


@pytest.mark.parametrize("length", [79, 80, 81])
def test_reason_is_cut_to_what_the_history_holds(visit, length):
    do(moves.cancel_by_institution, visit, NOW, reason="停" * length)

    message = OutboxMessage.objects.filter(topic="booking.moved").latest("pk")
    assert BookingEvent.objects.get(to_status="cancelled").reason == "停" * min(length, 80)
    assert message.payload["reason"] == "停" * min(length, 80)


def test_institution_cancels_twice_and_tells_once(visit):
    for _ in range(2):
        cancelled = do(moves.cancel_by_institution, visit, NOW, reason="当天停水")

    assert (cancelled.status, events(visit[1])[-1]) == ("cancelled", ("confirmed", "cancelled"))
    assert BookingEvent.objects.filter(to_status="cancelled", reason="当天停水", side="institution").count() == 1


def test_accepting_twice_answers_the_same(request_):
    first = do(moves.accept_request, request_, NOW)
    again = do(moves.accept_request, request_, NOW + dt.timedelta(hours=1))

    assert (first.status, again.status, again.changed_at, again.expires_at) == ("confirmed", "confirmed", NOW, None)
    assert BookingEvent.objects.filter(from_status="requested", to_status="confirmed").count() == 1


def test_booking_that_was_never_asked_for_cannot_be_accepted(visit):
    with pytest.raises(refusals.WrongState):
        do(moves.accept_request, visit, NOW)


def test_accepting_what_the_parent_took_back_is_refused(request_):
    moves.cancel_booking(user=request_[2], booking=request_[1].public_id, now=NOW)

    with pytest.raises(refusals.WrongState):
        do(moves.accept_request, request_, NOW)


@pytest.mark.parametrize(
    ("after", "accepted"), [(dt.timedelta(hours=24) - SECOND, True), (dt.timedelta(hours=24), False)]
)
def test_request_is_accepted_until_it_runs_out_and_then_expires(request_, after, accepted):
    if accepted:
        assert do(moves.accept_request, request_, NOW + after).status == "confirmed"
    else:
        with pytest.raises(refusals.WrongState):
            do(moves.accept_request, request_, NOW + after)
    request_[1].refresh_from_db()
    assert request_[1].status == ("confirmed" if accepted else "expired")
    assert list(ledger_differences()) == []


def test_declining_twice_answers_the_same_and_frees_once(request_):
    first = do(moves.decline_request, request_, NOW, reason="人手不够")
    again = do(moves.decline_request, request_, NOW + SECOND, reason="别的原因")

    assert (first.status, again.changed_at) == ("declined", NOW)
    assert (BookingEvent.objects.get(to_status="declined").reason, BookingCell.objects.count()) == ("人手不够", 0)
    assert list(ledger_differences()) == []


@pytest.mark.parametrize(("after", "expired"), [(dt.timedelta(minutes=15) - SECOND, 0), (dt.timedelta(minutes=15), 1)])
def test_hold_expires_when_its_time_is_over(house, after, expired):
    user, child = toddler()
    held = hold(house, user=user, child=child)
    OutboxMessage.objects.all().delete()

    assert expire_bookings([held.pk], now=NOW + after) == expired
    held.refresh_from_db()
    assert held.status == ("expired" if expired else "held")
    assert OutboxMessage.objects.count() == 0


def test_sweep_takes_the_oldest_first_and_leaves_what_waits(house):
    families = [toddler() for _ in range(3)]
    late, early, waiting = (
        hold(house, user=user, child=child, now=NOW + dt.timedelta(minutes=minutes))
        for (user, child), minutes in zip(families, (2, 1, 20), strict=True)
    )
    now = NOW + dt.timedelta(minutes=20)

    assert expire_overdue(now=now, limit=1) == 1
    early.refresh_from_db()
    assert early.status == "expired"
    assert expire_overdue(now=now) == 1
    assert {b.pk: b.status for b in Booking.objects.all()} == {
        late.pk: "expired",
        early.pk: "expired",
        waiting.pk: "held",
    }
    assert list(ledger_differences()) == []


def test_nothing_to_expire_expires_nothing(visit):
    assert expire_bookings([], now=NOW) == 0
    assert expire_bookings([visit[1].pk], now=NOW + dt.timedelta(days=1)) == 0


class Vouchers:
    """Reserves 100 fen per booking and remembers what it gave back."""

    def __init__(self) -> None:
        self.released: list[int] = []

    def hold(self, *, booking: Booking, voucher: str, now: dt.datetime) -> int:
        return 100

    def release(self, *, booking: Booking, now: dt.datetime) -> None:
        self.released.append(booking.pk)


@pytest.fixture
def vouchers():
    provider = Vouchers()
    with credits.replaced_by(provider):
        yield provider


@pytest.mark.parametrize("spent", [True, False])
def test_credit_is_given_back_unless_it_was_spent(visit, vouchers, spent):
    Booking.objects.filter(pk=visit[1].pk).update(credit=100)

    if spent:
        do(moves.mark_absent, visit, tomorrow("14:30"))
    else:
        moves.cancel_booking(user=visit[2], booking=visit[1].public_id, now=NOW)

    assert vouchers.released == ([] if spent else [visit[1].pk])


def test_booking_without_credit_gives_none_back(visit, vouchers):
    moves.cancel_booking(user=visit[2], booking=visit[1].public_id, now=NOW)

    assert vouchers.released == []


class Stumble:
    """Meets a lock the first time, then does what it stands for."""

    def __init__(self, act) -> None:
        self.act, self.calls = act, 0

    def __call__(self, *args, **kwargs):
        self.calls += 1
        if self.calls == 1:
            raise OperationalError("database is locked")
        return self.act(*args, **kwargs)


ACTS = {
    "confirm": (moves.confirm_booking, "held", NOW, "confirmed"),
    "cancel": (moves.cancel_booking, "visit", NOW, "cancelled"),
    "accept": (moves.accept_request, "request_", NOW, "confirmed"),
    "decline": (moves.decline_request, "request_", NOW, "declined"),
    "arrive": (moves.mark_arrived, "visit", tomorrow("14:00"), "arrived"),
    "absent": (moves.mark_absent, "visit", tomorrow("14:00"), "absent"),
}


@pytest.fixture
def held(house):
    user, child = toddler()
    return Visit(house, hold(house, user=user, child=child), user)


@pytest.mark.parametrize("name", list(ACTS))
def test_act_that_met_a_lock_once_is_done_the_second_time(name, request, monkeypatch):
    act, before, now, status = ACTS[name]
    visit = request.getfixturevalue(before)
    monkeypatch.setattr(one_move, "emit_pending", Stumble(one_move.emit_pending))

    done = act_on(visit, act, now)

    visit.booking.refresh_from_db()
    assert (done.status, visit.booking.status) == (status, status)
    assert visit.booking.events.filter(to_status=status).count() == 1
    assert list(ledger_differences()) == []


def test_act_that_meets_a_lock_twice_is_busy_and_changes_nothing(visit, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(one_move, "change_cells", locked)

    with pytest.raises(refusals.Busy):
        moves.cancel_booking(user=visit.user, booking=visit.booking.public_id, now=NOW)
    visit.booking.refresh_from_db()
    assert visit.booking.status == "confirmed"
    assert list(ledger_differences()) == []
