"""Booking as a whole under made-up histories on PostgreSQL, longer than on SQLite and each time others."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.booking_machine.core import DONE
from tests.booking_machine.machine import run_machine

pytestmark = pytest.mark.django_db


def test_books_are_right_after_every_step_on_postgresql():
    assert connection.vendor == "postgresql"

    tally = run_machine(examples=200, steps=20, derandomize=False)

    assert tally["hold", DONE] > 0
