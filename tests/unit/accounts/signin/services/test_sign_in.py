"""Signing in by a code sent to a phone."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.models import FamilyMember, PhoneCode, User
from cms.accounts.signin.services import sign_in
from cms.accounts.signin.services.sign_in import CodeInvalid, PhoneInvalid
from cms.core.models import OutboxMessage
from tests.factories.accounts import UserFactory
from tests.factories.phone_codes import NOW, PHONE, ask, enter, sent_code

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(("hours", "removed"), [(47, 0), (48, 0), (49, 1)])
def test_codes_are_removed_after_two_days(hours: int, removed: int) -> None:
    ask()

    assert sign_in.prune_codes(now=NOW + dt.timedelta(hours=hours)) == removed


def test_other_numbers_code_stays_in_use_when_one_asks_again() -> None:
    ask()
    code = sent_code()
    ask("13900000001", now=NOW + dt.timedelta(minutes=2))

    assert enter(code, now=NOW + dt.timedelta(minutes=2)).is_new
