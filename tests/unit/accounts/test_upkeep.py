from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from cms.accounts.family.services import own_data
from cms.accounts.origins import Origin, address_of
from cms.accounts.signin import api_limits
from cms.accounts.signin.queries.sessions import find_session
from cms.accounts.signin.second_factors import is_enrolled
from cms.accounts.signin.services import tokens
from cms.accounts.signin.services.second_factor import enrol_totp, new_secret
from cms.accounts.signin.services.sign_in import ensure_account
from tests.factories.accounts import StaffUserFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
HOME = Origin("203.0.113.7")


def test_session_of_somebody_else_is_not_found() -> None:
    _token, row = tokens.issue_token(user=UserFactory(), now=NOW)

    with pytest.raises(tokens.SessionNotFound):
        tokens.revoke_session(user=UserFactory(), session_id=row.pk)


def test_session_brings_user_and_family_by_one_statement(django_assert_num_queries) -> None:
    user = ensure_account(phone="13800138000", now=NOW)
    token, _row = tokens.issue_token(user=user, now=NOW)

    with django_assert_num_queries(1):
        session = find_session(token, now=NOW)
        found = (session.user, session.user.family_member.family)

    assert found == (user, user.family_member.family)


def test_ensure_account_finds_the_account_it_made() -> None:
    first = ensure_account(phone="138 0013 8000", now=NOW)

    assert ensure_account(phone="13800138000", now=NOW) == first


def test_user_without_family_exports_and_closes() -> None:
    user = StaffUserFactory()

    data = own_data.export_own_data(user=user, now=NOW)
    own_data.erase_account(user=user, now=NOW)

    assert (data["family"]["children"], data["bookings"], data["classes"]) == ([], [], [])


def test_reset_second_factor_asks_to_enrol_anew() -> None:
    user = StaffUserFactory()
    enrol_totp(user=user, secret=new_secret())

    call_command("reset_second_factor", user.username, stdout=StringIO())

    assert not is_enrolled(user)
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody")


def test_counts_in_memory_stay_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_limits, "MAX_KEPT", 2)

    for number in range(5):
        api_limits.count_call(number, now=NOW)

    assert len(api_limits._calls) <= 2


@pytest.mark.parametrize("time", ["first", "second"])
def test_counts_in_memory_are_those_of_this_test(time: str) -> None:
    """Every twentieth call of a user costs a statement: left over from another test, it would be counted here."""
    assert api_limits._calls == {}

    api_limits.count_call(1, now=NOW)

    assert api_limits._calls == {1: 1}


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.9", "203.0.113.7"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "10.0.0.1, 198.51.100.9", "198.51.100.9"),
        (2, "198.51.100.9, 10.0.0.1", "198.51.100.9"),
        (2, "198.51.100.9", "203.0.113.7"),
        (1, "", "203.0.113.7"),
    ],
)
def test_address_is_believed_only_behind_own_proxies(settings, proxies: int, forwarded: str, address: str) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR=forwarded)

    assert address_of(request) == address
