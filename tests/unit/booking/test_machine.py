"""Booking as a whole under made-up histories, on SQLite; tests/services has it longer, on PostgreSQL.

Whether hypothesis comes to every rare act in so few histories hangs on its own choices, so a history by hand shows that
the machine can; of the made-up ones most must.
"""

from __future__ import annotations

import pytest

from booking.care.services import one_move
from booking.places import targets
from tests.booking_machine.machine import never_seen, run_machine
from tests.booking_machine.story import tell_story

pytestmark = pytest.mark.django_db
BOUNDED = {"examples": 28, "steps": 15, "derandomize": True}


def test_every_act_succeeds_and_every_guard_refuses_in_one_history():
    tally = tell_story()

    assert never_seen(tally) == set()


def test_books_are_right_after_every_step():
    tally = run_machine(**BOUNDED)

    assert len(never_seen(tally)) <= 8, never_seen(tally)


def test_without_giving_back_the_books_are_wrong(monkeypatch):
    monkeypatch.setattr(one_move, "change_cells", lambda cells, **how: None)

    with pytest.raises(AssertionError):
        run_machine(**BOUNDED, shrink=False)


def test_without_the_ratio_the_books_are_wrong(monkeypatch):
    monkeypatch.setattr(targets, "may_look_after", lambda group: group.places)

    with pytest.raises(AssertionError):
        run_machine(**BOUNDED, shrink=False)
