"""A user name has one form, whoever types it and wherever it is typed."""

from __future__ import annotations

import datetime as dt
import importlib
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from cms.accounts.family.queries.users import user_with_name
from cms.accounts.models import User
from cms.accounts.origins import Origin
from cms.accounts.signin.second_factors import is_enrolled
from cms.accounts.signin.services.second_factor import enrol_totp, new_secret
from cms.accounts.signin.services.staff_sign_in import PasswordInvalid, TooManyPasswordTries, check_password
from cms.accounts.usernames import normalise_username
from tests.constraints import refuses
from tests.factories.accounts import PASSWORD, StaffUserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
HOME = Origin("203.0.113.7")
SPELLINGS = ["anna", "Anna", " ANNA ", "Ａｎｎａ\u200b", "\u202d\u3000anna\u3000"]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_normalise_username_gives_one_form(typed: str) -> None:
    assert normalise_username(typed) == "anna"


def test_names_with_a_difference_stay_apart() -> None:
    assert len({normalise_username(name) for name in ("anna", "ana", "anna.", "an na", "änna")}) == 5


@pytest.mark.parametrize("typed", SPELLINGS)
def test_account_is_found_and_signs_in_by_any_spelling(typed: str) -> None:
    user = StaffUserFactory(username="anna")
    StaffUserFactory(username="anna2")

    assert user_with_name(typed) == user
    assert check_password(username=typed, password=PASSWORD, origin=HOME, now=NOW) == user


def test_unknown_name_finds_nobody() -> None:
    StaffUserFactory(username="anna")

    assert user_with_name("ann") is None


def test_spellings_share_their_tries() -> None:
    user = StaffUserFactory(username="anna")
    for number in range(10):
        with pytest.raises(PasswordInvalid):
            check_password(username=SPELLINGS[number % 5], password="wrong", origin=HOME, now=NOW)

    with pytest.raises(TooManyPasswordTries):
        check_password(username=user.username, password=PASSWORD, origin=HOME, now=NOW)


def test_every_way_of_making_an_account_keeps_the_one_form() -> None:
    user = User(username="Anna", password="x")
    user.full_clean()
    user.save()
    made = User.objects.create_user("BEN", password=PASSWORD)
    call_command("createsuperuser", interactive=False, username="Carl", email="", stdout=StringIO())

    assert sorted(User.objects.values_list("username", flat=True)) == ["anna", "ben", "carl"]
    assert made.check_password(PASSWORD)


def test_second_account_of_a_name_in_another_spelling_is_refused() -> None:
    StaffUserFactory(username="anna")
    second = User(username="Anna", password="x")

    with pytest.raises(ValidationError) as refused:
        second.full_clean()

    assert list(refused.value.message_dict) == ["username"]


def test_database_refuses_another_form() -> None:
    refuses("user_name_is_lower_case", lambda: StaffUserFactory(username="Anna"))


def test_commands_take_any_spelling() -> None:
    user = StaffUserFactory(username="anna")
    enrol_totp(user=user, secret=new_secret())

    call_command("reset_second_factor", "Anna", stdout=StringIO())

    assert not is_enrolled(user)


migration = importlib.import_module("cms.accounts.migrations.0002_user_names_in_one_form")


def test_names_in_another_form_are_those_that_change() -> None:
    assert migration.find_new_names([(1, "Anna"), (2, "ben"), (3, " ＣARL")]) == {1: "anna", 3: "carl"}


def test_migration_stops_where_two_names_become_one() -> None:
    with pytest.raises(migration.NamesClash, match="users 1, 3") as stopped:
        migration.find_new_names([(1, "Anna"), (2, "ben"), (3, "anna")])

    assert "2" not in str(stopped.value)
