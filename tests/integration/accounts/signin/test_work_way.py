"""The way to work: where an act leads whose session ended, and by which way this browser signs in."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client

from cms.accounts.messaging.services import text_messages
from cms.accounts.signin.services.second_factor import enrol_totp, new_secret
from cms.core.models import OutboxMessage
from tests.factories.accounts import PASSWORD, StaffUserFactory, UserFactory
from tests.factories.directory import InstitutionMemberFactory
from tests.factories.second_factors import current_totp_code

pytestmark = pytest.mark.django_db


def sign_in_by_phone(client: Client, phone: str) -> None:
    client.post("/sign-in/", {"act": "send", "phone": phone})
    code = OutboxMessage.objects.filter(topic=text_messages.TOPIC).latest("pk").payload["params"]["code"]
    client.post("/sign-in/", {"act": "enter", "phone": phone, "code": code})


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("by_script", [True, False])
def test_who_was_signed_out_while_tapping_comes_back_to_the_board(client: Client, method: str, by_script: bool) -> None:
    headers = {"HX-Request": "true"} if by_script else {}
    page = "/workbench/bookings/abc/arrive/"

    response = client.generic(method, page, headers=headers)

    is_page = method == "GET" and not by_script
    target = response["HX-Redirect" if by_script else "Location"]
    assert target == f"/staff/sign-in/?{urlencode({'next': page if is_page else '/workbench/'})}"


def test_act_elsewhere_comes_back_to_its_own_page(client: Client) -> None:
    assert (
        client.post("/admin/pages/3/edit/")["Location"]
        == f"/staff/sign-in/?{urlencode({'next': '/admin/pages/3/edit/'})}"
    )


def test_browser_remembers_by_which_way_people_came_to_work(client: Client) -> None:
    caregiver = InstitutionMemberFactory(user=UserFactory(), role="caregiver").user
    manager = InstitutionMemberFactory(user=StaffUserFactory(), role="manager").user
    assert client.get("/workbench/")["Location"].startswith("/staff/sign-in/?")

    sign_in_by_phone(client, caregiver.phone)
    client.post("/sign-out/")
    assert client.get("/workbench/")["Location"] == f"/sign-in/?{urlencode({'next': '/workbench/'})}"
    assert client.get("/admin/")["Location"].startswith("/staff/sign-in/?")

    enrol_totp(user=manager, secret=new_secret())
    client.post("/staff/sign-in/", {"username": manager.username, "password": PASSWORD})
    client.post("/staff/second-factor/", {"code": current_totp_code(manager)})
    client.post("/sign-out/")
    assert client.get("/workbench/")["Location"].startswith("/staff/sign-in/?")


def test_parent_who_signs_in_changes_nothing_for_who_works_there(client: Client) -> None:
    sign_in_by_phone(client, UserFactory().phone)
    client.post("/sign-out/")

    assert client.get("/workbench/")["Location"].startswith("/staff/sign-in/?")


def test_work_sign_in_offers_the_phone_as_a_button(client: Client) -> None:
    for_work = client.get("/staff/sign-in/?next=/workbench/").content.decode()
    other = client.get("/staff/sign-in/?next=/admin/").content.decode()

    link = '<a class="button button--plain button--wide" href="/sign-in/?next=%2Fworkbench%2F">'
    assert (link in for_work, link in other) == (True, False)
