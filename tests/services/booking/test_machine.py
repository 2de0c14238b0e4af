"""Booking as a whole under made-up histories on PostgreSQL, more than on SQLite and each time others."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.booking_machine.core import DONE
from tests.booking_machine.machine import never_seen, run_machine
from tests.booking_machine.story import tell_story

pytestmark = pytest.mark.django_db


def test_every_act_succeeds_and_every_guard_refuses_on_postgresql():
    assert connection.vendor == "postgresql"

    assert never_seen(tell_story()) == set()


def test_books_are_right_after_every_step_on_postgresql():
    tally = run_machine(examples=60, steps=20, derandomize=False)

    assert tally["hold", DONE] > 0
