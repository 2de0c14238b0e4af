"""The booking rules on the public record carry the day on which the institution last saved them itself."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from booking.places.services.freshness import confirm_places
from booking.places.services.policies import save_policy
from cms.core.errors import InvalidInput
from directory.register.models import Institution
from directory.register.services.institutions import correct_institution
from tests.factories.booking import NOW, House, open_house

pytestmark = pytest.mark.django_db
#: Past midnight of 3 November in Luoyang.
SAVED = dt.datetime(2026, 11, 2, 16, 30, tzinfo=dt.UTC)


@pytest.fixture
def house(clock: time_machine.Traveller) -> House:
    return open_house()


def shown(client: Client, institution: Institution) -> tuple[str, str | None]:
    """What stands beside 预约规则, and the date of their source in the API."""
    html = re.sub(r"\s*<[^>]+>\s*", " ", client.get(institution.get_absolute_url()).content.decode())
    words = re.search(r"预约规则(.*?)提前", " ".join(html.split()))
    assert words is not None
    rules = client.get(f"/api/v1/institutions/{institution.public_id}").json()["booking_policy"]
    assert rules["source"]["title"] == "机构填写"
    assert "confirmed_at" not in rules["data"]
    return words[1].strip(), rules["source"]["date"]


def test_rules_that_nobody_saved_have_no_day(client: Client, house: House) -> None:
    assert shown(client, house.institution) == ("", None)


def test_rules_carry_the_day_on_which_they_were_saved(client: Client, house: House) -> None:
    save_policy(institution=house.institution, values={"cutoff_minutes": 60}, now=SAVED)

    assert shown(client, house.institution) == ("机构填写，2026年11月3日", "2026-11-03")


def test_rules_saved_as_they_were_are_confirmed_again(client: Client, house: House) -> None:
    for moment in (SAVED, NOW):
        save_policy(institution=house.institution, values={"cutoff_minutes": 60}, now=moment)

    assert shown(client, house.institution) == ("机构填写，2026年11月23日", "2026-11-23")


def test_other_facts_and_refused_rules_do_not_move_the_day(client: Client, house: House) -> None:
    save_policy(institution=house.institution, values={"cutoff_minutes": 60}, now=SAVED)

    correct_institution(institution=house.institution, values={"phone": "0379-60000001"}, actor=None, now=NOW)
    confirm_places(institution=house.institution, actor=None, now=NOW)
    with pytest.raises(InvalidInput):
        save_policy(institution=house.institution, values={"cutoff_minutes": -1}, now=NOW)

    assert shown(client, house.institution) == ("机构填写，2026年11月3日", "2026-11-03")
