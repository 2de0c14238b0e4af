"""Sessions of the API: from issue to expiry, and nobody else's."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.models import SessionToken
from cms.accounts.signin.queries.sessions import find_session, live_sessions, token_hash
from cms.accounts.signin.services import tokens
from tests.factories.accounts import FamilyMemberFactory, StaffUserFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
LIFE = dt.timedelta(days=30)
SECOND = dt.timedelta(seconds=1)


def test_token_is_kept_as_a_hash_for_thirty_days() -> None:
    user = UserFactory()

    token, row = tokens.issue_token(user=user, label="手" * 81, now=NOW)

    kept = SessionToken.objects.get()
    assert (kept, kept.token_hash, len(token)) == (row, token_hash(token), 43)
    assert (kept.label, kept.created_at, kept.expires_at, kept.last_used_at) == ("手" * 80, NOW, NOW + LIFE, NOW)
    assert kept.second_factor is False


@pytest.mark.parametrize(("moment", "alive"), [(NOW, True), (NOW + LIFE - SECOND, True), (NOW + LIFE, False)])
def test_session_lives_until_it_expires(moment: dt.datetime, alive: bool) -> None:
    user = UserFactory()
    token, row = tokens.issue_token(user=user, now=NOW)

    assert find_session(token, now=moment) == (row if alive else None)
    assert list(live_sessions(user, now=moment)) == ([row] if alive else [])


@pytest.mark.parametrize(("moment", "removed"), [(NOW + LIFE - SECOND, 0), (NOW + LIFE, 1)])
def test_expired_sessions_are_removed(moment: dt.datetime, removed: int) -> None:
    tokens.issue_token(user=UserFactory(), now=NOW)

    assert tokens.prune_sessions(now=moment) == removed


def test_found_session_carries_user_flags_and_family(django_assert_num_queries) -> None:
    member = FamilyMemberFactory(role="carer")
    tokens.issue_token(user=UserFactory(), now=NOW)
    token, row = tokens.issue_token(user=member.user, second_factor=True, now=NOW)

    with django_assert_num_queries(1):
        found = find_session(token, now=NOW)
        assert (found, found.user, found.user_id, found.second_factor) == (row, member.user, member.user_id, True)
        assert (found.expires_at, found.last_used_at) == (row.expires_at, NOW)
        assert (found.user.username, found.user.is_active) == (member.user.username, True)
        assert (found.user.is_staff, found.user.is_superuser) == (False, False)
        own = found.user.family_member
        assert (own, own.family, own.role, own.is_guardian, own.user) == (
            member,
            member.family,
            "carer",
            False,
            member.user,
        )


@pytest.mark.parametrize(("staff", "root"), [(True, False), (False, True)])
def test_found_session_keeps_the_two_flags_apart(staff: bool, root: bool) -> None:
    user = StaffUserFactory(is_staff=staff, is_superuser=root)
    token, _row = tokens.issue_token(user=user, now=NOW)

    found = find_session(token, now=NOW)

    assert (found.user.is_staff, found.user.is_superuser, found.second_factor) == (staff, root, False)


def test_session_of_a_closed_account_is_none() -> None:
    token, _row = tokens.issue_token(user=UserFactory(is_active=False), now=NOW)

    assert find_session(token, now=NOW) is None
    assert find_session("unknown", now=NOW) is None


def test_live_sessions_are_the_users_own_newest_first() -> None:
    user = UserFactory()
    tokens.issue_token(user=UserFactory(), now=NOW)
    first = tokens.issue_token(user=user, now=NOW)[1]
    third = tokens.issue_token(user=user, now=NOW + SECOND)[1]
    second = tokens.issue_token(user=user, now=NOW)[1]

    assert list(live_sessions(user, now=NOW + SECOND)) == [third, second, first]


@pytest.mark.parametrize(("seconds", "written"), [(-1, False), (0, True), (1, True)])
def test_use_is_written_once_a_day(seconds: int, written: bool) -> None:
    _token, row = tokens.issue_token(user=UserFactory(), now=NOW)
    later = NOW + dt.timedelta(days=1, seconds=seconds)

    tokens.touch_session(session=row, now=later)

    expected = later if written else NOW
    assert (SessionToken.objects.get().last_used_at, row.last_used_at) == (expected, expected)


def test_session_that_was_never_used_is_touched() -> None:
    _token, row = tokens.issue_token(user=UserFactory(), now=NOW)
    row.last_used_at = None

    tokens.touch_session(session=row, now=NOW + SECOND)

    assert SessionToken.objects.get().last_used_at == NOW + SECOND


def test_touching_one_session_leaves_the_other() -> None:
    user = UserFactory()
    rows = [tokens.issue_token(user=user, now=NOW)[1] for _number in range(2)]

    tokens.touch_session(session=rows[0], now=NOW + LIFE)

    assert SessionToken.objects.get(pk=rows[1].pk).last_used_at == NOW


def test_revoking_one_leaves_the_other() -> None:
    user = UserFactory()
    rows = [tokens.issue_token(user=user, now=NOW)[1] for _number in range(2)]

    tokens.revoke_session(user=user, session_id=rows[0].pk)

    assert list(SessionToken.objects.all()) == [rows[1]]
    with pytest.raises(tokens.SessionNotFound):
        tokens.revoke_session(user=user, session_id=rows[0].pk)


def test_revoking_everything_ends_tokens_and_browsers_of_the_user_alone() -> None:
    user, other = UserFactory(), UserFactory()
    for person in (user, user, other):
        tokens.issue_token(user=person, now=NOW)
    before, others = user.get_session_auth_hash(), other.get_session_auth_hash()

    tokens.revoke_everything(user=user)

    user.refresh_from_db()
    other.refresh_from_db()
    assert [row.user for row in SessionToken.objects.all()] == [other]
    assert (user.get_session_auth_hash() == before, other.get_session_auth_hash() == others) == (False, True)


def test_browsers_session_outlives_a_new_secret_by_its_fallback(settings) -> None:
    user = UserFactory()
    before = user.get_session_auth_hash()

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10

    assert user.get_session_auth_hash() != before
    assert list(user.get_session_auth_fallback_hash()) == [before]
