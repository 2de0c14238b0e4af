"""With a copy of the database: figures and the register come from it; signing in and booking never touch it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from booking.care.services.moves import cancel_booking
from booking.places.models import Booking
from cms.accounts.models import User
from cms.core.runtime.replica import ALIAS
from directory.districts.queries.figures import district_figures
from directory.lists.queries.registers import register_rows
from tests.factories.booking import NOW, booked, open_house, toddler
from tests.factories.directory import AuthorisationFactory, InstitutionFactory
from tests.mirrors import CopyTouched

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 26)


def register() -> list[dict[str, Any]]:
    institution = InstitutionFactory()
    AuthorisationFactory(institution=institution, number="备001")
    return list(register_rows([institution.district]))


def test_register_and_figures_are_the_same_from_the_copy(mirror: None, django_assert_num_queries) -> None:
    institution = InstitutionFactory()
    AuthorisationFactory(institution=institution, number="备001")

    with django_assert_num_queries(2):
        rows = list(register_rows([institution.district]))
    figures = district_figures(institution.district.slug, day=TODAY)

    assert [(row["name"], row["filing_number"]) for row in rows] == [(institution.name, "备001")]
    assert (figures.district, figures.district._state.db) == (institution.district, ALIAS)


def test_register_asks_the_copy_alone(unreachable: None) -> None:
    with pytest.raises(CopyTouched):
        register()


def test_figures_ask_the_copy_alone(unreachable: None) -> None:
    slug = InstitutionFactory().district.slug

    with pytest.raises(CopyTouched):
        district_figures(slug, day=TODAY)


def test_booking_and_accounts_never_ask_the_copy(unreachable: None) -> None:
    user, child = toddler()
    booking = booked(open_house(days=1), user=user, child=child)

    cancel_booking(user=user, booking=booking.public_id, now=NOW)

    assert Booking.objects.get().status == Booking.Status.CANCELLED
    assert User.objects.get(pk=user.pk) == user
