"""The machine put together, and how it is run."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.booking_machine.core import DONE, Tally
from tests.booking_machine.family_acts import FamilyActs
from tests.booking_machine.invariants import Invariants
from tests.booking_machine.staff_acts import StaffActs
from tests.booking_machine.world import make_world

#: Every act must be done in some example, or the machine proves nothing of it.
ACTS = frozenset(
    {
        "hold", "change a hold", "confirm", "request", "cancel", "accept", "decline", "cancel by institution",
        "arrive", "leave", "absent", "undo", "correct", "end what nobody answered",
        "expire", "close", "reopen", "cancel what is closed", "generate",
        "change caregivers", "sign up", "cancel a sign-up", "move a session",
        "arrive at a class", "absent at a class", "undo at a class",
    }
)  # fmt: skip

#: The guards that must have stood in somebody's way.
REFUSALS = frozenset(
    {("hold", "full"), ("hold", "duplicate"), ("undo", "over"), ("sign up", "full"), ("confirm", "expired")}
)


class BookingMachine(FamilyActs, StaffActs, Invariants):
    """Everything that can happen, and all that must hold."""


def run_machine(*, examples: int, steps: int, derandomize: bool, shrink: bool = True) -> Tally:
    """Run the machine in the caller's transaction; returns what came of each act."""
    world, tally = make_world(), Tally()
    wanted = {Phase.explicit, Phase.generate, *([Phase.shrink] if shrink else [])}
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=derandomize,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[phase for phase in settings.default.phases if phase in wanted],
    )
    run_state_machine_as_test(lambda: BookingMachine(world, tally), settings=chosen)
    return tally


def never_seen(tally: Counter[tuple[str, str]]) -> set[tuple[str, str]]:
    """Acts that were refused in every example or never tried, and refusals that no example came to."""
    return {answer for answer in {(name, DONE) for name in ACTS} | REFUSALS if not tally[answer]}
