"""The first step of staff: what counts as a try, for whom, and for how long."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.models import SessionToken
from cms.accounts.origins import Origin
from cms.accounts.signin.services.staff_sign_in import (
    NewPasswordInvalid,
    PasswordInvalid,
    TooManyPasswordTries,
    change_password,
    check_password,
)
from cms.accounts.signin.services.tokens import issue_token
from tests.factories.accounts import PASSWORD, StaffUserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)  # the first second of a quarter and of an hour
HOME = Origin("203.0.113.7")
NEW = "another-horse-battery"


def sign_in(name: str, password: str = PASSWORD, *, origin: Origin = HOME, now: dt.datetime = NOW):
    return check_password(username=name, password=password, origin=origin, now=now)


def wrong(name: str, times: int, **where) -> None:
    for _number in range(times):
        with pytest.raises(PasswordInvalid):
            sign_in(name, "wrong", **where)


def test_name_and_password_give_the_user() -> None:
    user = StaffUserFactory()

    assert sign_in(f" {user.username} ") == user


def test_unknown_name_wrong_password_and_closed_account_get_one_answer() -> None:
    closed = StaffUserFactory(is_active=False)

    for name, password in (("nobody", PASSWORD), (StaffUserFactory().username, "wrong"), (closed.username, PASSWORD)):
        with pytest.raises(PasswordInvalid) as refused:
            sign_in(name, password)
        assert (str(refused.value), refused.value.fields) == ("用户名或密码不对", {})


@pytest.mark.parametrize(("tries", "waits"), [(9, False), (10, True)])
def test_right_password_waits_after_ten_wrong_ones(tries: int, waits: bool) -> None:
    user = StaffUserFactory()
    wrong(user.username, tries)

    if waits:
        with pytest.raises(TooManyPasswordTries):
            sign_in(user.username)
    else:
        assert sign_in(user.username) == user


@pytest.mark.parametrize(("seconds", "waits"), [(15 * 60 - 1, True), (15 * 60, False)])
def test_wait_ends_with_the_quarter(seconds: int, waits: bool) -> None:
    user = StaffUserFactory()
    wrong(user.username, 10)
    later = NOW + dt.timedelta(seconds=seconds)

    if waits:
        with pytest.raises(TooManyPasswordTries):
            sign_in(user.username, now=later)
    else:
        assert sign_in(user.username, now=later) == user


def test_who_guesses_from_elsewhere_does_not_shut_the_owner_out() -> None:
    user, other = StaffUserFactory(), StaffUserFactory()
    wrong(user.username, 10, origin=Origin("198.51.100.9"))

    assert sign_in(user.username) == user
    assert sign_in(other.username, origin=Origin("198.51.100.9")) == other


def test_tries_beyond_the_limit_of_an_address_do_not_count_for_the_name() -> None:
    user = StaffUserFactory()
    guesser = Origin("198.51.100.9")
    wrong(user.username, 10, origin=guesser)
    for _number in range(60):
        with pytest.raises(TooManyPasswordTries):
            sign_in(user.username, "wrong", origin=guesser)

    assert sign_in(user.username) == user


def test_sixty_wrong_passwords_an_hour_shut_a_name_from_everywhere() -> None:
    user = StaffUserFactory()
    for number in range(6):
        wrong(user.username, 10, origin=Origin(f"198.51.100.{number}"))

    with pytest.raises(TooManyPasswordTries):
        sign_in(user.username)
    assert sign_in(user.username, now=NOW + dt.timedelta(hours=1)) == user


def test_right_password_takes_back_only_its_own_try() -> None:
    user = StaffUserFactory()
    wrong(user.username, 9)
    sign_in(user.username)

    wrong(user.username, 1)

    with pytest.raises(TooManyPasswordTries):
        sign_in(user.username)


def test_address_may_try_two_hundred_times_a_quarter_right_ones_counted() -> None:
    user = StaffUserFactory()
    for _number in range(200):
        sign_in(user.username)

    with pytest.raises(TooManyPasswordTries):
        sign_in(user.username)
    assert sign_in(user.username, origin=Origin("198.51.100.9")) == user


def test_change_password_wants_the_old_one() -> None:
    user = StaffUserFactory()

    with pytest.raises(PasswordInvalid):
        change_password(user=user, old="wrong", new=NEW, origin=HOME, now=NOW)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_change_password_sets_the_new_one() -> None:
    user = StaffUserFactory()
    before = user.get_session_auth_hash()

    change_password(user=user, old=PASSWORD, new=NEW, origin=HOME, now=NOW)

    user.refresh_from_db()
    assert user.check_password(NEW)
    assert user.get_session_auth_hash() != before


def test_new_password_ends_the_users_api_sessions_alone() -> None:
    user, other = StaffUserFactory(), StaffUserFactory()
    issue_token(user=user, now=NOW)
    _token, kept = issue_token(user=other, now=NOW)

    change_password(user=user, old=PASSWORD, new=NEW, origin=HOME, now=NOW)

    user.refresh_from_db()
    assert (user.session_epoch, list(SessionToken.objects.all())) == (1, [kept])


def test_refused_new_password_ends_no_session() -> None:
    user = StaffUserFactory()
    _token, row = issue_token(user=user, now=NOW)

    with pytest.raises(NewPasswordInvalid):
        change_password(user=user, old=PASSWORD, new="1234567890", origin=HOME, now=NOW)

    assert list(SessionToken.objects.all()) == [row]


def test_weak_new_password_is_refused_and_changes_nothing() -> None:
    user = StaffUserFactory()

    with pytest.raises(NewPasswordInvalid) as refused:
        change_password(user=user, old=PASSWORD, new="1234567890", origin=HOME, now=NOW)

    assert list(refused.value.fields) == ["new"]
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(("seconds", "waits"), [(15 * 60 - 1, True), (15 * 60, False)])
def test_wait_of_an_address_ends_with_the_quarter(seconds: int, waits: bool) -> None:
    user = StaffUserFactory()
    for _number in range(200):
        sign_in(user.username)
    later = NOW + dt.timedelta(seconds=seconds)

    if waits:
        with pytest.raises(TooManyPasswordTries):
            sign_in(user.username, now=later)
    else:
        assert sign_in(user.username, now=later) == user


@pytest.mark.parametrize(("seconds", "waits"), [(60 * 60 - 1, True), (60 * 60, False)])
def test_wait_of_a_name_ends_with_the_hour(seconds: int, waits: bool) -> None:
    user = StaffUserFactory()
    for number in range(6):
        wrong(user.username, 10, origin=Origin(f"198.51.100.{number}"))
    later = NOW + dt.timedelta(seconds=seconds)

    if waits:
        with pytest.raises(TooManyPasswordTries):
            sign_in(user.username, now=later)
    else:
        assert sign_in(user.username, now=later) == user
