"""Saving booking rules: who has to wait, and what is refused."""

from __future__ import annotations

import pytest

from booking.places.models import BookingPolicy
from booking.places.refusals import Busy
from booking.places.services import policies
from booking.places.services.policies import save_policy
from tests.factories.booking import NOW, open_house
from tests.races import Locked

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("times", "saved"), [(1, True), (2, False)])
def test_rules_are_saved_the_second_time_or_the_institution_is_busy(monkeypatch, times, saved):
    house = open_house(days=0)
    lock = Locked(policies.lock_institution, times)
    monkeypatch.setattr(policies, "lock_institution", lock)
    rules = {"institution": house.institution, "values": {"opens_days_ahead": 7}, "now": NOW}

    if saved:
        assert save_policy(**rules).opens_days_ahead == 7
    else:
        with pytest.raises(Busy):
            save_policy(**rules)
    assert lock.calls == 2
    assert BookingPolicy.objects.count() == int(saved)
