"""Booking as a whole under made-up histories, on SQLite; tests/services has it longer, on PostgreSQL."""

from __future__ import annotations

import pytest

from booking.care.services import moves
from booking.places.services import generation
from tests.booking_machine.machine import never_done, run_machine

pytestmark = pytest.mark.django_db
BOUNDED = {"examples": 80, "steps": 18, "derandomize": True}


def test_books_are_right_after_every_step():
    tally = run_machine(**BOUNDED)

    assert never_done(tally) == set()


def test_without_giving_back_the_books_are_wrong(monkeypatch):
    monkeypatch.setattr(moves, "change_cells", lambda cells, **how: None)

    with pytest.raises(AssertionError):
        run_machine(**BOUNDED, shrink=False)


def test_without_the_ratio_the_books_are_wrong(monkeypatch):
    monkeypatch.setattr(generation, "may_look_after", lambda group: group.places)

    with pytest.raises(AssertionError):
        run_machine(**BOUNDED, shrink=False)
