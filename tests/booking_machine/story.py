"""One history by hand in which every act succeeds and every guard refuses: the machine can come to all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.booking_machine.core import DONE, FULL_DAY, Tally
from tests.booking_machine.machine import BookingMachine
from tests.booking_machine.staff_acts import COMING, EXPECTED, MARKED, RECORDED
from tests.booking_machine.time_acts import MORNING as NEXT_MORNING
from tests.booking_machine.world import make_world

MORNING, AFTERNOON = ("hourly", 10 * 60, 12 * 60), ("hourly", 14 * 60, 17 * 60)


def tell_story() -> Tally:
    """The invariants are checked after every act; returns what came of each."""
    machine = BookingMachine(make_world(), Tally())
    try:
        for tell in (_families, _requests, _classes, _closing, _door, _rest):
            tell(machine)
    finally:
        machine.teardown()
    return machine.tally


def _try(machine: BookingMachine, name: str, rule: Callable[..., None], answer: str = DONE, **how: Any) -> None:
    """With one booking or child after the other, until this comes of it."""
    before = machine.tally[name, answer]
    for number in range(12):
        rule(number=number, **how)
        machine.check()
        if machine.tally[name, answer] > before:
            return
    raise AssertionError((name, answer, machine.tally))


def _families(machine: BookingMachine) -> None:
    here = {"other": False}
    _try(machine, "confirm", machine.confirm)
    _try(machine, "request", machine.confirm)
    _try(machine, "hold", machine.hold, **here, ahead=2, stay=MORNING)
    _try(machine, "change a hold", machine.change_hold, **here, ahead=2, stay=AFTERNOON)
    _try(machine, "hold", machine.hold, "full", **here, ahead=FULL_DAY, stay=MORNING)
    _try(machine, "hold", machine.hold, "duplicate", **here, ahead=FULL_DAY, stay=AFTERNOON)
    _try(machine, "cancel", machine.cancel)


def _requests(machine: BookingMachine) -> None:
    _try(machine, "accept", machine.accept)
    _try(machine, "decline", machine.decline)


def _classes(machine: BookingMachine) -> None:
    _try(machine, "sign up", machine.sign_up, which=True)
    _try(machine, "sign up", machine.sign_up, "full", which=True)
    _do(machine, machine.move_session, which=True, ahead=2, clock=dt.time(15), capacity=2)


def _closing(machine: BookingMachine) -> None:
    _try(machine, "close", machine.close, at_once=True, days=1, minutes=(0, 24 * 60), own_class=False)
    _try(machine, "reopen", machine.reopen)


def _door(machine: BookingMachine) -> None:
    """Somebody leaves; tomorrow two come to a class and one does not come to his stay, and loses the place."""
    _do(machine, machine.wait, minutes=1)
    _do(machine, machine.leave, number=0)
    _do(machine, machine.undo, number=0, over_ok=False)
    for status in ("absent", "confirmed", "completed", "arrived"):
        _do(machine, machine.correct, number=_of(machine, 7, "care", RECORDED), status=status, over_ok=False)
    _do(machine, machine.arrive, number=_of(machine, 0, "session", COMING), late=-10, over_ok=False)
    _do(machine, machine.undo, number=_of(machine, 0, "session", MARKED), over_ok=False)
    _do(machine, machine.absent, number=_of(machine, 3, "session", EXPECTED), late=0)
    _do(machine, machine.absent, number=_of(machine, 6, "care", EXPECTED), late=0)
    _do(machine, machine.hold, number=2, other=False, ahead=0, stay=("temporary", 10 * 60, 12 * 60))
    _do(machine, machine.undo, number=_of(machine, 6, "care", MARKED), over_ok=False)
    _do(machine, machine.arrive, number=_of(machine, 5, "care", COMING), late=0, over_ok=False)


def _rest(machine: BookingMachine) -> None:
    _try(machine, "cancel a sign-up", machine.cancel_sign_up)
    _try(machine, "cancel by institution", machine.cancel_at_the_house)
    _try(machine, "change caregivers", machine.change_caregivers, caregivers=2)
    _try(machine, "hold", machine.hold, other=False, ahead=1, stay=MORNING)
    _do(machine, machine.wait, minutes=15)
    _try(machine, "confirm", machine.confirm, "expired")
    _do(machine, machine.wait, minutes=NEXT_MORNING)
    for job in ("sweep", "generate", "end"):
        _do(machine, machine.run_job, job=job)


def _do(machine: BookingMachine, rule: Callable[..., None], **how: Any) -> None:
    rule(**how)
    machine.check()


def _of(machine: BookingMachine, child: int, kind: str, statuses: tuple[str, ...]) -> int:
    """The number by which a rule for these states finds the booking of a child."""
    pk = machine.world.people[child][1].pk
    found = machine.among(statuses)
    return next(number for number, b in enumerate(found) if (b.child_id, b.kind) == (pk, kind))
