from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import IdempotencyKey
from booking.places.services.housekeeping import tidy
from tests.factories.booking import NOW, hold, open_house, toddler

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("age", "removed"),
    [
        (dt.timedelta(hours=47, minutes=59), 0),
        (dt.timedelta(hours=48), 0),
        (dt.timedelta(hours=48, seconds=1), 1),
    ],
)
def test_keys_are_kept_for_two_days(age, removed):
    user, child = toddler()
    hold(open_house(days=1), user=user, child=child)

    assert tidy(now=NOW + age) == removed
    assert IdempotencyKey.objects.count() == 1 - removed
