"""Guesses sent at once; collected by tests/integration (SQLite) and tests/services (PostgreSQL)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from cms.accounts.origins import Origin
from cms.accounts.signin.services import second_factor, staff_sign_in
from cms.accounts.signin.services.second_factor import check_second_factor, enrol_totp, new_secret
from cms.accounts.signin.services.staff_sign_in import check_password
from tests.factories.accounts import StaffUserFactory
from tests.races import Gate, race, tally

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
GUESSES = 20
CODES = 8
PASSWORDS = 10


def wrong_codes() -> list[Callable[[], object]]:
    """Wrong codes for one account, one thread each."""
    user = StaffUserFactory()
    enrol_totp(user=user, secret=new_secret())
    return [lambda: check_second_factor(user=user, code="000000", now=NOW)] * GUESSES


def wrong_passwords() -> list[Callable[[], object]]:
    """Wrong passwords for one account from one address, one thread each."""
    name, origin = StaffUserFactory().username, Origin("203.0.113.7")
    return [lambda: check_password(username=name, password="wrong", origin=origin, now=NOW)] * GUESSES


class GuessRaceCases:
    """Every case runs on both databases; each act stops between counting and looking until all have come so far."""

    def test_without_counting_first_every_code_is_looked_at(self, monkeypatch):
        guesses = wrong_codes()
        monkeypatch.setattr(second_factor, "count_hits", lambda hits, *, now: None)

        assert tally(race(guesses)) == {"FactorInvalid": GUESSES}

    def test_codes_sent_at_once_are_looked_at_as_often_as_the_limit_says(self):
        assert tally(race(wrong_codes())) == {"FactorInvalid": CODES, "TooManyFactorTries": GUESSES - CODES}

    def test_without_counting_first_every_password_is_looked_at(self, monkeypatch):
        guesses = wrong_passwords()
        monkeypatch.setattr(staff_sign_in, "count_hits", lambda hits, *, now: None)
        monkeypatch.setattr(staff_sign_in, "authenticate", Gate(GUESSES, staff_sign_in.authenticate))

        assert tally(race(guesses)) == {"PasswordInvalid": GUESSES}

    def test_passwords_sent_at_once_are_looked_at_as_often_as_the_limit_says(self):
        assert tally(race(wrong_passwords())) == {
            "PasswordInvalid": PASSWORDS,
            "TooManyPasswordTries": GUESSES - PASSWORDS,
        }
