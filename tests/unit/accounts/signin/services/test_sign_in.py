from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.messaging.services import text_messages
from cms.accounts.models import FamilyMember, PhoneCode, User
from cms.accounts.origins import Origin
from cms.accounts.signin.services import sign_in
from cms.accounts.signin.services.sign_in import CodeInvalid, PhoneInvalid, TooManyCodes
from cms.core.models import OutboxMessage
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
