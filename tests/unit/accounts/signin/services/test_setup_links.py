"""One-time links for a password and a second factor: once, in time, the newest alone."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator

from cms.accounts.models import SessionToken, SetupLink, User
from cms.accounts.signin.second_factors import is_enrolled
from cms.accounts.signin.services import setup_links
from cms.accounts.signin.services.second_factor import enrol_totp, new_secret, renew_recovery_codes
from cms.accounts.signin.services.setup_links import SetupLinkGone
from cms.accounts.signin.services.staff_sign_in import NewPasswordInvalid
from cms.accounts.signin.services.tokens import issue_token
from tests.constraints import refuses
from tests.factories.accounts import PASSWORD, StaffUserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
LIFE = dt.timedelta(days=3)
NEW = "another-horse-battery"


def enrolled(**values) -> User:
    """A user with an authenticator app, recovery codes and a session of the API."""
    user = StaffUserFactory(**values)
    enrol_totp(user=user, secret=new_secret())
    renew_recovery_codes(user=user)
    issue_token(user=user, now=NOW)
    return user


def issue(user: User, **values) -> str:
    return setup_links.issue_setup_link(user=user, now=values.pop("now", NOW), **values)


def use(token: str, *, password: str = NEW, now: dt.datetime = NOW) -> User:
    return setup_links.use_setup_link(token=token, password=password, now=now)


def test_link_sets_the_password_and_ends_what_was_before() -> None:
    user = enrolled()
    epoch = user.session_epoch

    used = use(issue(user))

    user.refresh_from_db()
    assert used == user
    assert user.check_password(NEW)
    assert user.session_epoch == epoch + 1
    assert (SessionToken.objects.count(), Authenticator.objects.count()) == (0, 0)


def test_link_for_the_password_alone_leaves_the_second_factor() -> None:
    user = enrolled()

    use(issue(user, replaces_factor=False))

    assert Authenticator.objects.filter(user=user).count() == 2
    assert SessionToken.objects.count() == 0


def test_nothing_changes_until_the_link_is_used() -> None:
    user = enrolled()

    issue(user)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert (is_enrolled(user), SessionToken.objects.count()) == (True, 1)


def test_token_is_long_and_only_its_hash_is_stored() -> None:
    token = issue(StaffUserFactory())

    row = SetupLink.objects.get()
    assert len(token) == 43
    assert token not in (row.token_hash, str(row))
    assert len(row.token_hash) == 64


@pytest.mark.parametrize(("after", "works"), [(LIFE - dt.timedelta(seconds=1), True), (LIFE, False)])
def test_link_works_for_three_days(after: dt.timedelta, works: bool) -> None:
    user = StaffUserFactory()
    token = issue(user)

    if works:
        assert use(token, now=NOW + after) == user
    else:
        with pytest.raises(SetupLinkGone):
            use(token, now=NOW + after)
        with pytest.raises(SetupLinkGone):
            setup_links.read_setup_link(token=token, now=NOW + after)


def test_link_works_once() -> None:
    token = issue(StaffUserFactory())
    use(token)

    with pytest.raises(SetupLinkGone):
        use(token, password="third-horse-battery")
    assert User.objects.get().check_password(NEW)


def test_newer_link_takes_the_older_ones_place() -> None:
    user = StaffUserFactory()
    first = issue(user)
    second = issue(user, now=NOW + dt.timedelta(hours=1))

    with pytest.raises(SetupLinkGone):
        use(first, now=NOW + dt.timedelta(hours=1))
    assert use(second, now=NOW + LIFE + dt.timedelta(minutes=59)) == user


def test_used_link_can_be_followed_by_another() -> None:
    user = StaffUserFactory()
    use(issue(user))

    use(issue(user), password="third-horse-battery")

    user.refresh_from_db()
    assert user.check_password("third-horse-battery")


def test_link_is_for_its_own_user() -> None:
    user, other = StaffUserFactory(), enrolled()
    issue(other)

    use(issue(user))

    other.refresh_from_db()
    assert other.check_password(PASSWORD)
    assert (is_enrolled(other), SessionToken.objects.filter(user=other).count()) == (True, 1)


def test_closed_account_has_no_link() -> None:
    user = StaffUserFactory()
    token = issue(user)
    User.objects.update(is_active=False)

    with pytest.raises(SetupLinkGone):
        use(token)


@pytest.mark.parametrize("token", ["", "x", "a" * 43])
def test_unknown_token_opens_nothing(token: str) -> None:
    issue(StaffUserFactory())

    with pytest.raises(SetupLinkGone):
        setup_links.read_setup_link(token=token, now=NOW)


def test_weak_password_leaves_the_link_open() -> None:
    user = StaffUserFactory()
    token = issue(user)

    with pytest.raises(NewPasswordInvalid) as refused:
        use(token, password="1234567890")
    assert list(refused.value.fields) == ["new"]
    assert use(token) == user


def test_reset_closes_the_old_ways_at_once_and_gives_a_link() -> None:
    user = enrolled()

    token = setup_links.reset_account(user=user, now=NOW)

    user.refresh_from_db()
    assert not user.has_usable_password()
    assert (SessionToken.objects.count(), Authenticator.objects.count()) == (0, 0)
    assert use(token) == user


def test_reset_of_the_password_leaves_the_factor() -> None:
    user = enrolled()

    token = setup_links.reset_account(user=user, now=NOW, replaces_factor=False)
    use(token)

    user.refresh_from_db()
    assert (is_enrolled(user), user.check_password(NEW)) == (True, True)


def test_only_who_used_the_link_is_known_by_it() -> None:
    user = StaffUserFactory()
    token = issue(user)
    before = setup_links.set_up_by(token=token, user=user)
    use(token)

    assert not before
    assert setup_links.set_up_by(token=token, user=user)
    assert not setup_links.set_up_by(token=token, user=StaffUserFactory())
    assert not setup_links.set_up_by(token="other", user=user)


@pytest.mark.parametrize(("after", "left"), [(LIFE - dt.timedelta(seconds=1), 1), (LIFE, 0)])
def test_links_that_ran_out_are_removed(after: dt.timedelta, left: int) -> None:
    issue(StaffUserFactory())

    removed = setup_links.prune_setup_links(now=NOW + after)

    assert (removed, SetupLink.objects.count()) == (1 - left, left)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("setup_link_ends_after_start", {"expires_at": NOW}),
        ("setup_link_used_while_good", {"used_at": NOW - dt.timedelta(seconds=1)}),
        ("setup_link_used_while_good", {"used_at": NOW + LIFE}),
    ],
)
def test_database_refuses_moments_that_cannot_be(name: str, values: dict) -> None:
    times = {"created_at": NOW, "expires_at": NOW + LIFE} | values

    refuses(name, lambda: SetupLink.objects.create(user=StaffUserFactory(), token_hash="a", **times))
