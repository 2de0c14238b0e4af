"""Every page that shows a child's record notes the district of the place where it was read."""

from __future__ import annotations

import pytest
import time_machine

from cms.accounts.models import ChildAccess
from tests.factories.booking import TODAY, TOMORROW, booked, open_house, toddler
from tests.factories.workbench import browser, manager_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "purpose"),
    [
        ("/workbench/", "today"),
        (f"/workbench/days/{TODAY.isoformat()}/", "day"),
        (f"/workbench/settings/closing/new/?first={TOMORROW.isoformat()}", "closing"),
    ],
)
def test_page_notes_the_district(address: str, purpose: str, clock: time_machine.Traveller) -> None:
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child, day=TOMORROW if purpose == "closing" else TODAY)

    browser(manager_of(house.institution)).get(address)

    rows = ChildAccess.objects.values_list("child_id", "purpose", "district_code")
    assert list(rows) == [(child.pk, purpose, house.institution.district.code)]


def test_call_notes_the_district(clock: time_machine.Traveller) -> None:
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child, day=TODAY)

    browser(manager_of(house.institution)).post(f"/workbench/bookings/{booking.public_id}/call/")

    row = ChildAccess.objects.get(purpose="phone")
    assert (row.child_id, row.district_code) == (child.pk, house.institution.district.code)


def test_question_before_settings_are_saved_notes_the_district(clock: time_machine.Traveller) -> None:
    house = open_house()
    for _number in range(3):
        user, child = toddler()
        booked(house, user=user, child=child, day=TOMORROW)
    data = {"kind": "toddler", "name": "太阳班", "places": 10, "caregivers": 1, "active": "on"}

    browser(manager_of(house.institution)).post(f"/workbench/settings/classes/{house.group.public_id}/", data)

    rows = ChildAccess.objects.values_list("purpose", "district_code")
    assert list(rows) == [("settings", house.institution.district.code)] * 3
