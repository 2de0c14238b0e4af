"""Second factors and set-up links changed at once: integration tests run it on SQLite, service tests on PostgreSQL."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator

from cms.accounts.models import SetupLink, User
from cms.accounts.signin.second_factors import totp_code, totp_counter
from cms.accounts.signin.services import second_factor as service
from cms.accounts.signin.services import setup_links
from tests.factories.accounts import PASSWORD, StaffUserFactory
from tests.races import InFlight

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
Kind = Authenticator.Type


def passkeys(user: User) -> list[Authenticator]:
    """Two passkeys, the only factors of the user."""
    return [Authenticator.objects.create(user=user, type=Kind.WEBAUTHN, data={"name": name}) for name in "ab"]


class FactorRaceCases:
    """Every case runs on both databases."""

    def test_second_of_two_passkeys_stays_while_the_first_goes(self):
        user = StaffUserFactory()
        first, second = passkeys(user)

        with (
            InFlight(lambda: service.remove_factor(user=user, factor_id=first.pk)),
            pytest.raises(service.LastFactor),
        ):
            service.remove_factor(user=user, factor_id=second.pk)

        assert list(Authenticator.objects.all()) == [second]

    def test_app_confirmed_twice_at_once_is_enrolled_once(self):
        user, secret = StaffUserFactory(), service.new_secret()
        code = totp_code(secret, totp_counter(NOW.timestamp()))

        def confirm() -> list[str]:
            return service.confirm_totp(user=user, secret=secret, code=code, now=NOW)

        with InFlight(confirm):
            codes = confirm()

        assert sorted(row.type for row in Authenticator.objects.all()) == [Kind.RECOVERY_CODES, Kind.TOTP]
        assert service.check_second_factor(user=user, code=codes[0], now=NOW).type == Kind.RECOVERY_CODES

    def test_link_used_twice_at_once_sets_one_password(self):
        user = StaffUserFactory()
        token = setup_links.issue_setup_link(user=user, now=NOW)

        with (
            InFlight(lambda: setup_links.use_setup_link(token=token, password="first-horse-battery", now=NOW)),
            pytest.raises(setup_links.SetupLinkGone),
        ):
            setup_links.use_setup_link(token=token, password="second-horse-battery", now=NOW)

        user.refresh_from_db()
        assert user.check_password("first-horse-battery")

    def test_link_replaced_while_it_is_used_sets_nothing(self):
        user = StaffUserFactory()
        token = setup_links.issue_setup_link(user=user, now=NOW)

        with (
            InFlight(lambda: setup_links.issue_setup_link(user=user, now=NOW)),
            pytest.raises(setup_links.SetupLinkGone),
        ):
            setup_links.use_setup_link(token=token, password="second-horse-battery", now=NOW)

        user.refresh_from_db()
        assert user.check_password(PASSWORD)

    def test_two_links_made_at_once_leave_one(self):
        user = StaffUserFactory()

        with InFlight(lambda: setup_links.issue_setup_link(user=user, now=NOW)):
            token = setup_links.issue_setup_link(user=user, now=NOW)

        assert setup_links.read_setup_link(token=token, now=NOW).user == user
        assert SetupLink.objects.count() == 1
