"""How often codes may be asked for and tried, per number, device and address."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest

from cms.accounts.models import PhoneCode
from cms.accounts.origins import Origin
from cms.accounts.signin.services import sign_in
from cms.accounts.signin.services.sign_in import CodeInvalid, TooManyCodes
from cms.core.models import OutboxMessage, RateCounter
from tests.factories.phone_codes import HOME, NOW, PHONE, ask, enter, sent_code

pytestmark = pytest.mark.django_db


def test_second_request_within_a_minute_sends_nothing() -> None:
    first = ask()

    second = ask(now=NOW + dt.timedelta(seconds=30))

    assert first == second == NOW + sign_in.RESEND_AFTER
    assert PhoneCode.objects.count() == 1


def test_sixth_request_of_an_hour_for_one_number_is_refused() -> None:
    for minute in range(0, 50, 10):
        ask(now=NOW + dt.timedelta(minutes=minute), origin=Origin("203.0.113.7"))

    with pytest.raises(TooManyCodes):
        ask(now=NOW + dt.timedelta(minutes=55), origin=Origin("198.51.100.1", "another"))


def test_one_device_cannot_ask_for_many_numbers() -> None:
    for number in range(8):
        ask(f"1390000000{number}")

    with pytest.raises(TooManyCodes):
        ask("13900000009")


def test_a_carriers_address_is_not_locked_out() -> None:
    for number in range(120):
        ask(f"13900{number:06d}", origin=Origin("100.64.0.1", f"phone-{number}"))

    assert PhoneCode.objects.count() == 120


@pytest.mark.parametrize(("seconds", "codes"), [(59, 1), (60, 2), (61, 2)])
def test_next_code_is_sent_after_a_minute(seconds: int, codes: int) -> None:
    ask()
    later = NOW + dt.timedelta(seconds=seconds)

    again = ask(now=later)

    assert PhoneCode.objects.count() == codes
    assert again == (NOW if codes == 1 else later) + sign_in.RESEND_AFTER


def test_wait_of_one_number_is_not_anothers() -> None:
    ask()
    ask("13900000001", now=NOW + dt.timedelta(seconds=1))

    assert OutboxMessage.objects.count() == 2


def test_sixth_request_of_an_hour_is_refused_and_the_next_hour_begins_again() -> None:
    for minute in range(0, 50, 10):
        ask(now=NOW + dt.timedelta(minutes=minute), origin=Origin("203.0.113.7"))

    with pytest.raises(TooManyCodes) as refused:
        ask(now=NOW + dt.timedelta(minutes=59), origin=Origin("203.0.113.7"))

    assert refused.value.extra == {"retry_after": 60}
    ask(now=NOW + dt.timedelta(minutes=60), origin=Origin("203.0.113.7"))
    assert PhoneCode.objects.count() == 6


def test_eleventh_request_of_a_day_for_one_number_is_refused() -> None:
    midnight = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    for hour in range(10):
        ask(now=midnight + dt.timedelta(hours=hour), origin=Origin("203.0.113.7"))

    with pytest.raises(TooManyCodes):
        ask(now=midnight + dt.timedelta(hours=23, minutes=59), origin=Origin("203.0.113.7"))
    ask(now=midnight + dt.timedelta(days=1), origin=Origin("203.0.113.7"))


def test_device_may_ask_eight_times_in_ten_minutes() -> None:
    for number in range(8):
        ask(f"1390000000{number}")
    with pytest.raises(TooManyCodes):
        ask("13900000008")

    ask("13900000008", now=NOW + dt.timedelta(minutes=10))
    ask("13900000009", origin=Origin("203.0.113.7", "another-phone"))


def test_browser_without_a_mark_is_counted_by_number_and_address_alone() -> None:
    for number in range(9):
        ask(f"1390000000{number}", origin=Origin("203.0.113.7"))

    assert PhoneCode.objects.count() == 9


def test_address_may_ask_three_hundred_times_in_ten_minutes() -> None:
    for number in range(300):
        sign_in._count_request(f"number-{number}", Origin("100.64.0.1"), now=NOW)

    with pytest.raises(TooManyCodes):
        ask(origin=Origin("100.64.0.1"))
    ask(origin=Origin("100.64.0.2"))


def fill_checks(times: int, *, number: str, origin: Origin) -> None:
    for _number in range(times):
        with pytest.raises(CodeInvalid):
            enter("000000", number, origin=origin)


def test_device_may_check_thirty_times_in_ten_minutes() -> None:
    for number in range(3):
        fill_checks(10, number=f"1390000000{number}", origin=HOME)
    ask()

    with pytest.raises(TooManyCodes):
        enter(sent_code())
    assert enter(sent_code(), origin=Origin(HOME.address, "another-phone")).is_new


def test_number_may_be_checked_twenty_times_an_hour() -> None:
    for device in range(2):
        fill_checks(10, number=PHONE, origin=Origin(f"203.0.113.{device}"))
    ask()

    with pytest.raises(TooManyCodes):
        enter(sent_code())
    later = NOW + dt.timedelta(hours=1)
    ask(now=later)
    assert enter(sent_code(), now=later).is_new


@pytest.mark.parametrize(("seconds", "waits"), [(599, True), (600, False)])
def test_wait_of_an_address_ends_after_ten_minutes(seconds: int, waits: bool) -> None:
    for number in range(300):
        sign_in._count_request(f"number-{number}", Origin("100.64.0.1"), now=NOW)
    later = NOW + dt.timedelta(seconds=seconds)

    if waits:
        with pytest.raises(TooManyCodes):
            ask(now=later, origin=Origin("100.64.0.1"))
    else:
        ask(now=later, origin=Origin("100.64.0.1"))


@pytest.mark.parametrize(("seconds", "waits"), [(599, True), (600, False)])
def test_wait_of_a_device_that_checks_ends_after_ten_minutes(seconds: int, waits: bool) -> None:
    for number in range(30):
        sign_in._count_check(f"number-{number}", HOME, now=NOW)
    later = NOW + dt.timedelta(seconds=seconds)
    ask(now=later)

    if waits:
        with pytest.raises(TooManyCodes):
            enter(sent_code(), now=later)
    else:
        assert enter(sent_code(), now=later).is_new


def test_address_may_check_twelve_hundred_times_in_ten_minutes() -> None:
    elsewhere = Origin("100.64.0.1")
    for number in range(1200):
        sign_in._count_check(f"number-{number}", elsewhere, now=NOW)

    for seconds in (0, 599):
        with pytest.raises(TooManyCodes):
            sign_in._count_check("number", elsewhere, now=NOW + dt.timedelta(seconds=seconds))
    sign_in._count_check("number", elsewhere, now=NOW + dt.timedelta(seconds=600))


def test_device_that_is_used_up_does_not_use_up_its_address_and_the_numbers() -> None:
    """Of several limits the device's comes first: who is refused there costs others nothing."""
    for number in range(40):
        with contextlib.suppress(TooManyCodes):
            sign_in._count_request(f"number-{number}", HOME, now=NOW)
            sign_in._count_check(f"number-{number}", HOME, now=NOW)
    for number in range(40):
        with contextlib.suppress(TooManyCodes):
            sign_in._count_check(f"number-{number}", HOME, now=NOW)

    counts = {row.key.split(":")[1]: row.count for row in RateCounter.objects.filter(key__contains="-address")}
    assert counts == {"code-address": 8, "check-address": 30}
    asked = RateCounter.objects.filter(key__contains="code-number-hour").count()
    checked = RateCounter.objects.filter(key__contains="check-number").count()
    assert (asked, checked) == (
        8,
        22,
    )  # the device checked 0 to 7 in both loops and 8 to 21 in the second: thirty times


@pytest.mark.parametrize(("seconds", "sent"), [(0, False), (59, False), (60, True)])
def test_who_asks_again_learns_whether_anything_was_sent(seconds: int, sent: bool) -> None:
    first = sign_in.request_code(phone=PHONE, origin=HOME, now=NOW)

    again = sign_in.request_code(phone=PHONE, origin=HOME, now=NOW + dt.timedelta(seconds=seconds))

    assert (first.sent, again.sent) == (True, sent)
    assert OutboxMessage.objects.count() == 1 + sent


def test_refusal_says_when_to_try_again() -> None:
    for minute in range(0, 50, 10):
        ask(now=NOW + dt.timedelta(minutes=minute), origin=Origin("203.0.113.7"))

    with pytest.raises(TooManyCodes) as refused:
        ask(now=NOW + dt.timedelta(minutes=55), origin=Origin("203.0.113.7"))

    assert str(refused.value) == "获取验证码太频繁，请在今天 11:00 以后再试"


def test_too_many_entered_codes_are_called_that() -> None:
    for _number in range(20):
        with pytest.raises(CodeInvalid):
            enter("000000", origin=Origin("203.0.113.7"))

    with pytest.raises(sign_in.TooManyTries) as refused:
        enter("000000", origin=Origin("203.0.113.7"))

    assert str(refused.value) == "验证码试的次数太多，请在今天 11:00 以后再试"
