from __future__ import annotations

import datetime as dt
import logging
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.core.web.logs import PrivacyFilter
from directory.register.models import Institution, InstitutionMember
from directory.register.services.invites import invite_caregiver, invite_manager, take_back
from tests.factories.accounts import StaffUserFactory, UserFactory
from tests.factories.directory import InstitutionFactory, InstitutionMemberFactory

pytestmark = pytest.mark.django_db

GOOD = {"username": "xiaoman-wang", "password": "quiet-garden-7", "password_again": "quiet-garden-7"}


def manager_link(institution: Institution | None = None) -> str:
    house = institution or InstitutionFactory(public=True)
    _invite, token = invite_manager(institution=house, actor=StaffUserFactory(), now=timezone.now())
    return reverse("directory:invite", args=[token])


def caregiver_link(institution: Institution) -> str:
    boss = InstitutionMemberFactory(institution=institution, user=StaffUserFactory())
    _invite, token = invite_caregiver(institution=institution, actor=boss.user, now=timezone.now())
    return reverse("directory:invite", args=[token])


def test_manager_makes_an_account_and_must_set_up_the_second_factor(client: Client) -> None:
    link = manager_link()

    response = client.post(link, GOOD)
    workbench = client.get("/workbench/")

    assert response.url == "/workbench/"
    assert InstitutionMember.objects.get(user__username="xiaoman-wang").role == "manager"
    assert workbench.url.startswith(reverse("accounts:second-factor-set-up"))


def test_link_works_once(client: Client) -> None:
    link = manager_link()
    client.post(link, GOOD)

    response = Client().get(link)

    assert response.status_code == 404
    assert "用过或过期" in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password_again": "other-garden-7"}, "两次填的密码不一样"),
        ({"password": "12345678901", "password_again": "12345678901"}, "密码"),
        ({"username": ""}, "请填用户名"),
        ({"username": "taken"}, "已有人用"),
    ],
)
def test_wrong_accounts_keep_what_was_typed(client: Client, changes: dict[str, str], words: str) -> None:
    StaffUserFactory(username="taken")

    response = client.post(manager_link(), GOOD | changes)

    html = response.content.decode()
    assert response.status_code == 200
    assert words in html
    username = (GOOD | changes)["username"]
    (field,) = re.findall(r'<input[^>]* name="username"[^>]*>', html)
    assert re.findall(r' value="([^"]*)"', field) == ([username] if username else [])
    assert "quiet-garden-7" not in html
    assert not InstitutionMember.objects.exists()


def test_stranger_with_a_wrong_link_learns_nothing(client: Client) -> None:
    response = client.get(reverse("directory:invite", args=["guessed"]))

    assert response.status_code == 404


def test_pages_of_a_link_are_not_kept_and_send_no_referer(client: Client) -> None:
    response = client.get(manager_link())

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


def test_caregiver_signs_in_first_and_comes_back(client: Client) -> None:
    link = caregiver_link(InstitutionFactory(public=True))

    html = client.get(link).content.decode()

    assert f"{reverse('accounts:sign-in')}?next={link.replace('/', '%2F')}" in html


def test_caregiver_joins_with_the_phone_account(client: Client) -> None:
    house = InstitutionFactory(public=True)
    link = caregiver_link(house)
    user = UserFactory()
    client.force_login(user)

    page = client.get(link)
    response = client.post(link)

    assert "加入" in page.content.decode()
    assert response.url == "/workbench/"
    assert InstitutionMember.objects.get(user=user).role == "caregiver"


def test_second_click_on_the_link_leads_where_the_first_did(client: Client) -> None:
    link = caregiver_link(InstitutionFactory(public=True))
    user = UserFactory()
    client.force_login(user)

    answers = [client.post(link), client.post(link), client.get(link)]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/workbench/")] * 3
    assert InstitutionMember.objects.filter(user=user).count() == 1


def test_new_manager_who_clicks_twice_is_led_on(client: Client) -> None:
    link = manager_link()

    answers = [client.post(link, GOOD), client.post(link, GOOD)]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/workbench/")] * 2


def test_used_link_leads_nobody_else_on(client: Client) -> None:
    house = InstitutionFactory(public=True)
    link = caregiver_link(house)
    client.force_login(UserFactory())
    client.post(link)
    colleague = InstitutionMemberFactory(institution=house, user=StaffUserFactory()).user

    for other in (UserFactory(), colleague):
        client.force_login(other)
        assert client.post(link).status_code == 404


def test_used_link_does_not_lead_on_who_was_let_go(client: Client) -> None:
    link = caregiver_link(InstitutionFactory(public=True))
    user = UserFactory()
    client.force_login(user)
    client.post(link)
    InstitutionMember.objects.filter(user=user).update(ended_at=timezone.now())

    assert client.post(link).status_code == 404


def test_nobody_joins_twice(client: Client) -> None:
    house = InstitutionFactory(public=True)
    member = InstitutionMemberFactory(institution=house, user=StaffUserFactory())
    client.force_login(member.user)

    response = client.post(manager_link(house))

    for page in (response.content.decode(), client.get(manager_link(house)).content.decode()):
        assert ("您已经是这家机构的工作人员" in page, 'href="/workbench/"' in page) == (True, True)
        assert ("您将以" in page, "加入</button>" in page) == (False, False)
    assert house.members.count() == 1


def test_somebody_without_a_password_gets_an_account_of_its_own_for_managing(client: Client) -> None:
    client.force_login(UserFactory())

    assert 'name="username"' in client.get(manager_link()).content.decode()


def test_link_runs_out(client: Client) -> None:
    house = InstitutionFactory(public=True)
    past = timezone.now() - dt.timedelta(days=8)
    _invite, token = invite_manager(institution=house, actor=StaffUserFactory(), now=past)

    assert client.get(reverse("directory:invite", args=[token])).status_code == 404


def test_token_of_a_refused_request_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    link = manager_link()

    with caplog.at_level(logging.WARNING):
        response = Client(enforce_csrf_checks=True).post(link, GOOD)
    for line in caplog.records:
        PrivacyFilter().filter(line)

    assert response.status_code == 403
    assert [line.getMessage() for line in caplog.records] == [
        "Forbidden (CSRF cookie not set.): /institutions/invites/[hidden]/"
    ]


@pytest.mark.parametrize(("user", "door"), [(UserFactory, "/sign-in/"), (StaffUserFactory, "/staff/sign-in/")])
def test_browser_remembers_how_who_joins_comes_to_work(client: Client, user: Any, door: str) -> None:
    client.force_login(user())
    client.post(caregiver_link(InstitutionFactory(public=True)))
    client.post("/sign-out/")

    assert client.get("/workbench/")["Location"].startswith(f"{door}?")


def test_link_that_was_taken_back_says_so(client: Client) -> None:
    house = InstitutionFactory(public=True)
    boss = InstitutionMemberFactory(institution=house, user=StaffUserFactory()).user
    invite, token = invite_caregiver(institution=house, actor=boss, now=timezone.now())
    take_back(invite=invite, actor=boss, now=timezone.now())

    for method in ("get", "post"):
        answer = getattr(client, method)(reverse("directory:invite", args=[token]))
        assert (answer.status_code, "这个邀请已经收回了" in answer.content.decode()) == (404, True)


def test_link_names_nobody_to_who_opens_it(client: Client) -> None:
    house = InstitutionFactory(public=True)
    now = timezone.now()
    _invite, token = invite_manager(institution=house, name="王芳", actor=StaffUserFactory(), now=now)

    assert "王芳" not in client.get(reverse("directory:invite", args=[token])).content.decode()
