from __future__ import annotations

import contextlib
import datetime as dt

import pytest

from cms.accounts.messaging.services import text_messages
from cms.accounts.models import FamilyMember, PhoneCode, User
from cms.accounts.origins import Origin
from cms.accounts.signin.services import sign_in
from cms.accounts.signin.services.sign_in import CodeInvalid, PhoneInvalid, TooManyCodes
from cms.core.models import OutboxMessage, RateCounter
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
HOME = Origin("203.0.113.7", "my-phone")
PHONE = "13800138000"


def ask(phone: str = PHONE, *, now: dt.datetime = NOW, origin: Origin = HOME) -> dt.datetime:
    return sign_in.request_code(phone=phone, origin=origin, now=now)


def sent_code() -> str:
    row = OutboxMessage.objects.filter(topic=text_messages.TOPIC).latest("pk")
    return row.payload["params"]["code"]


def enter(code: str, phone: str = PHONE, *, now: dt.datetime = NOW, origin: Origin = HOME) -> sign_in.SignedIn:
    return sign_in.check_code(phone=phone, code=code, origin=origin, now=now)


def test_first_right_code_makes_an_account_with_a_family() -> None:
    ask()

    found = enter(sent_code())

    assert found.is_new
    assert found.user.phone == PHONE
    assert not found.user.has_usable_password()
    assert FamilyMember.objects.get(user=found.user).is_guardian


def test_second_sign_in_finds_the_same_account() -> None:
    ask()
    first = enter(sent_code())
    later = NOW + dt.timedelta(minutes=2)
    ask(now=later)

    second = enter(sent_code(), now=later)

    assert (second.user, second.is_new) == (first.user, False)


def test_asking_makes_no_account() -> None:
    ask()

    assert User.objects.count() == 0


def test_neither_number_nor_code_is_kept_in_clear() -> None:
    ask()

    row = PhoneCode.objects.get()
    assert PHONE not in (row.phone_hash, row.code_hash)
    assert sent_code() not in row.code_hash


def test_known_and_unknown_numbers_take_the_same_statements(django_assert_num_queries) -> None:
    UserFactory(phone=PHONE)
    ask("13900000001")  # fills what a process keeps
    with django_assert_num_queries(10):
        ask("13900000002")

    with django_assert_num_queries(10):
        ask(PHONE)


def test_code_is_good_once() -> None:
    ask()
    code = sent_code()
    enter(code)

    with pytest.raises(CodeInvalid):
        enter(code)


def test_code_is_not_good_after_five_minutes() -> None:
    ask()

    with pytest.raises(CodeInvalid):
        enter(sent_code(), now=NOW + dt.timedelta(minutes=5))


def test_code_of_one_number_is_no_code_of_another() -> None:
    ask()

    with pytest.raises(CodeInvalid):
        enter(sent_code(), "13900000001")


def test_right_code_after_five_wrong_ones_is_refused() -> None:
    ask()
    code = sent_code()
    wrong = "000000" if code != "000000" else "111111"
    for _attempt in range(sign_in.MAX_ATTEMPTS):
        with pytest.raises(CodeInvalid):
            enter(wrong)

    with pytest.raises(CodeInvalid):
        enter(code)


def test_newer_code_puts_the_older_out_of_use() -> None:
    ask()
    old = sent_code()
    later = NOW + dt.timedelta(minutes=2)
    ask(now=later)

    with pytest.raises(CodeInvalid):
        enter(old, now=later)


def test_full_width_digits_are_the_same_code() -> None:
    ask()

    found = enter("".join(chr(ord(digit) + 0xFEE0) for digit in sent_code()))

    assert found.is_new


def test_closed_account_gets_the_answer_of_a_wrong_code() -> None:
    UserFactory(phone=PHONE, is_active=False)
    ask()

    with pytest.raises(CodeInvalid):
        enter(sent_code())


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


def test_malformed_number_is_refused() -> None:
    with pytest.raises(PhoneInvalid):
        ask("12345")


def test_old_codes_are_removed() -> None:
    ask()

    assert sign_in.prune_codes(now=NOW + dt.timedelta(days=3)) == 1


def test_two_right_codes_at_once_make_one_account(monkeypatch: pytest.MonkeyPatch) -> None:
    first = sign_in.ensure_account(phone=PHONE, now=NOW)
    monkeypatch.setattr(sign_in, "user_with_phone", lambda phone: None)  # the other request has not committed yet

    assert sign_in.ensure_account(phone=PHONE, now=NOW) == first
    assert User.objects.count() == 1


@pytest.mark.parametrize(("seconds", "right"), [(0, True), (299, True), (300, False), (301, False)])
def test_code_is_right_for_five_minutes(seconds: int, right: bool) -> None:
    ask()
    later = NOW + dt.timedelta(seconds=seconds)

    if right:
        assert enter(sent_code(), now=later).is_new
    else:
        with pytest.raises(CodeInvalid) as refused:
            enter(sent_code(), now=later)
        assert list(refused.value.fields) == ["code"]


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


def test_two_codes_within_a_minute_wait_for_the_newer_one() -> None:
    ask()
    PhoneCode.objects.update(created_at=NOW - dt.timedelta(seconds=40))
    PhoneCode.objects.create(
        phone_hash=PhoneCode.objects.get().phone_hash,
        code_hash="a",
        created_at=NOW - dt.timedelta(seconds=10),
        expires_at=NOW + dt.timedelta(minutes=5),
    )

    assert ask() == NOW + dt.timedelta(seconds=50)


@pytest.mark.parametrize(("wrong_ones", "right"), [(4, True), (5, False)])
def test_fifth_attempt_is_the_last(wrong_ones: int, right: bool) -> None:
    ask()
    code = sent_code()
    wrong = "000000" if code != "000000" else "111111"
    for _attempt in range(wrong_ones):
        with pytest.raises(CodeInvalid):
            enter(wrong)

    if right:
        assert enter(code).is_new
    else:
        with pytest.raises(CodeInvalid):
            enter(code)


def test_message_carries_the_code_until_it_expires() -> None:
    ask()

    row = OutboxMessage.objects.get()
    code = PhoneCode.objects.get()
    assert row.key == f"code:{code.pk}"
    assert row.payload == {
        "phone": PHONE,
        "template": "sign_in_code",
        "params": {"code": sent_code(), "minutes": "5"},
        "until": (NOW + dt.timedelta(minutes=5)).isoformat(),
    }
    assert (code.created_at, code.expires_at, code.used_at) == (NOW, NOW + dt.timedelta(minutes=5), None)


def test_newest_of_several_live_codes_is_the_one() -> None:
    ask()
    first = PhoneCode.objects.get()
    later = NOW + dt.timedelta(minutes=2)
    ask(now=later)
    PhoneCode.objects.filter(pk=first.pk).update(used_at=None)

    assert enter(sent_code(), now=later).is_new


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


@pytest.mark.parametrize(("hours", "removed"), [(47, 0), (48, 0), (49, 1)])
def test_codes_are_removed_after_two_days(hours: int, removed: int) -> None:
    ask()

    assert sign_in.prune_codes(now=NOW + dt.timedelta(hours=hours)) == removed


def test_other_numbers_code_stays_in_use_when_one_asks_again() -> None:
    ask()
    code = sent_code()
    ask("13900000001", now=NOW + dt.timedelta(minutes=2))

    assert enter(code, now=NOW + dt.timedelta(minutes=2)).is_new


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
