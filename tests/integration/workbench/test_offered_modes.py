"""The workbench offers only ways of care that are filed and that the district has."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from directory.register.models import CareProduct, Institution
from tests.factories.booking import TODAY
from tests.factories.directory import CareProductFactory, InstitutionFactory, RuleFactory
from tests.factories.workbench import browser, manager_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOURS = {"starts": "08:00", "ends": "18:00", "fee": "18", "from_date": TODAY.isoformat()}


@pytest.fixture
def institution() -> Institution:
    """Filed for hourly care and the half month; its district has these and temporary care."""
    made = InstitutionFactory(public=True, filed_modes=["half_month", "hourly"])
    RuleFactory(district=made.district, kind="care_modes", value=["half_month", "hourly", "temporary"])
    return made


@pytest.fixture
def desk(institution: Institution) -> Client:
    return browser(manager_of(institution))


def add(mode: str) -> str:
    return reverse("workbench:settings-product-add", args=[mode])


def test_ways_to_add_are_those_that_may_be_offered_and_booked(desk: Client) -> None:
    page = desk.get(reverse("workbench:settings-products"))

    assert [mode for mode, _label in page.context["modes"]] == ["hourly"]
    assert [
        mode for mode in ("hourly", "temporary", "full_day", "half_month") if add(mode) in page.content.decode()
    ] == ["hourly"]


def test_filed_way_is_added(desk: Client, institution: Institution) -> None:
    desk.post(add("hourly"), HOURS)

    assert institution.products.get().mode == "hourly"


@pytest.mark.parametrize("mode", ["temporary", "full_day", "half_month"])
def test_way_that_is_not_filed_or_not_bookable_is_no_page(desk: Client, mode: str) -> None:
    assert (desk.get(add(mode)).status_code, desk.post(add(mode), HOURS).status_code) == (404, 404)
    assert not CareProduct.objects.exists()


def test_way_that_ended_does_not_begin_again_where_it_is_not_filed(desk: Client, institution: Institution) -> None:
    product = CareProductFactory(institution=institution, mode="full_day", active=False)
    address = reverse("workbench:settings-product", args=[product.public_id])

    response = desk.post(address, HOURS | {"active": "on"})

    assert response.status_code == 200
    assert "备案里没有全日托" in response.content.decode()
    product.refresh_from_db()
    assert product.active is False
