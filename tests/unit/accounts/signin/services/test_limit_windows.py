"""How often codes may be asked for and checked, and when the counting begins again."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.origins import Origin
from cms.accounts.signin.services import sign_in, staff_sign_in
from cms.core.web.limits import Limit

pytestmark = pytest.mark.django_db
HOME = Origin("203.0.113.7")
PHONE = "13800138000"
MINUTES, HOUR, DAY = dt.timedelta(minutes=10), dt.timedelta(hours=1), dt.timedelta(days=1)


def test_limits() -> None:
    assert (Limit("code-number-hour", 5, HOUR), Limit("code-number-day", 10, DAY)) == sign_in.PER_NUMBER
    assert Limit("code-device", 8, MINUTES) == sign_in.PER_DEVICE
    assert Limit("code-address", 300, MINUTES) == sign_in.PER_ADDRESS
    assert Limit("check-device", 30, MINUTES) == sign_in.CHECKS_PER_DEVICE
    assert Limit("check-address", 1200, MINUTES) == sign_in.CHECKS_PER_ADDRESS
    assert Limit("check-number", 20, HOUR) == sign_in.CHECKS_PER_NUMBER
    quarter = dt.timedelta(minutes=15)
    assert Limit("password-name-address", 10, quarter) == staff_sign_in.PER_NAME_AND_ADDRESS
    assert Limit("password-name", 60, HOUR) == staff_sign_in.PER_NAME
    assert Limit("password-address", 200, quarter) == staff_sign_in.PER_ADDRESS


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, second, tzinfo=dt.UTC)


def test_ten_codes_a_day_and_the_next_day_begins_again() -> None:
    for hour in (0, 1):
        for minute in (0, 10, 20, 30, 40):
            sign_in.request_code(phone=PHONE, origin=HOME, now=at(23, hour, minute))

    with pytest.raises(sign_in.TooManyCodes) as caught:
        sign_in.request_code(phone=PHONE, origin=HOME, now=at(23, 23, 59, 59))
    assert caught.value.extra["retry_after"] == 1
    assert sign_in.request_code(phone=PHONE, origin=HOME, now=at(24, 0)).next_at == at(24, 0, 1)


def test_five_codes_an_hour_and_the_next_hour_begins_again() -> None:
    for minute in (0, 10, 20, 30, 40):
        sign_in.request_code(phone=PHONE, origin=HOME, now=at(23, 0, minute))

    with pytest.raises(sign_in.TooManyCodes):
        sign_in.request_code(phone=PHONE, origin=HOME, now=at(23, 0, 59, 59))
    assert sign_in.request_code(phone=PHONE, origin=HOME, now=at(23, 1)).next_at == at(23, 1, 1)
