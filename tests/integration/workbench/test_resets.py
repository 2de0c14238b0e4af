"""重置登录: a manager lets a colleague begin again."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cms.accounts.models import SetupLink, User
from cms.accounts.signin.proofs import PASSWORD
from cms.accounts.signin.services.second_factor import enrol_totp, new_secret
from directory.register.models import InstitutionMember
from tests.factories.accounts import PASSWORD as OLD
from tests.factories.accounts import UserFactory
from tests.factories.booking import House, open_house
from tests.factories.directory import InstitutionFactory
from tests.factories.workbench import browser, caregiver_of, manager_of

pytestmark = pytest.mark.django_db
NEW = "quiet-garden-7"


@pytest.fixture
def house(clock: time_machine.Traveller) -> House:
    return open_house()


@pytest.fixture
def desk(house: House) -> Client:
    return browser(manager_of(house.institution))


@pytest.fixture
def colleague(house: House) -> InstitutionMember:
    user = manager_of(house.institution)
    enrol_totp(user=user, secret=new_secret())
    return user.institution_memberships.get()


def page_of(member: InstitutionMember) -> str:
    return reverse("workbench:settings-people-reset", args=[member.pk])


def ask(desk: Client, member: InstitutionMember, lost: str = "password") -> dict[str, str]:
    """What the form sends, as it stands on the page."""
    form = desk.get(page_of(member)).context["form"]
    return {"lost": lost, "seen": str(form["seen"].value())}


@pytest.mark.parametrize(("lost", "next_page"), [("password", ""), ("everything", "set-up/")])
def test_colleague_begins_again_by_the_link_on_the_page(
    desk: Client, colleague: InstitutionMember, lost: str, next_page: str
) -> None:
    at_work = browser(colleague.user, PASSWORD)

    page = desk.post(page_of(colleague), ask(desk, colleague, lost))
    link = page.context["link"]
    fresh = Client()
    answer = fresh.post(link, {"new": NEW, "again": NEW})

    assert (f'value="{link}"' in page.content.decode(), '<svg viewBox="0 0' in page.content.decode()) == (True, True)
    assert link.startswith("http://testserver/staff/start/")
    assert answer.url.split("?")[0] == f"/staff/second-factor/{next_page}"
    assert at_work.get("/workbench/").url.startswith("/staff/sign-in/")
    assert User.objects.get(pk=colleague.user_id).check_password(NEW)


def test_old_password_is_of_no_use_at_once(desk: Client, colleague: InstitutionMember) -> None:
    desk.post(page_of(colleague), ask(desk, colleague))

    page = Client().post("/staff/sign-in/", {"username": colleague.user.username, "password": OLD})

    assert "用户名或密码不对" in page.content.decode()


def test_form_without_a_choice_asks_again_and_resets_nothing(desk: Client, colleague: InstitutionMember) -> None:
    page = desk.post(page_of(colleague), {"seen": "0"}).content.decode()

    assert "请选哪一样不能用了" in page
    assert not SetupLink.objects.exists()


def test_reload_of_the_answer_asks_once_more(desk: Client, colleague: InstitutionMember) -> None:
    sent = ask(desk, colleague)
    link = desk.post(page_of(colleague), sent).context["link"]

    again = desk.post(page_of(colleague), sent, follow=True)

    assert "刚刚重置过" in again.content.decode()
    assert Client().get(link).status_code == 200


def test_caregiver_by_phone_is_signed_out_without_a_link(house: House, desk: Client) -> None:
    caregiver = caregiver_of(house.institution, UserFactory(phone="13800001234")).institution_memberships.get()
    at_door = browser(caregiver.user)
    question = desk.get(page_of(caregiver)).content.decode()

    done = desk.post(page_of(caregiver), {"seen": "0"}, follow=True).content.decode()

    assert ("用新手机号重新邀请" in question, 'name="lost"' in question) == (True, False)
    assert "138****1234 的登录都已退出" in done
    assert at_door.get("/workbench/").status_code == 302
    assert not SetupLink.objects.exists()


def test_own_row_leads_to_ones_own_page_instead(house: House, desk: Client) -> None:
    own = house.institution.members.get()
    page = desk.get(reverse("workbench:settings-people")).content.decode()

    refused = desk.post(page_of(own), {"seen": "0", "lost": "everything"}).content.decode()

    assert (page_of(own) in page, reverse("accounts:factors") in page) == (False, True)
    assert "这是您自己" in refused
    assert not SetupLink.objects.exists()


def test_refusal_stands_on_the_page(house: House, desk: Client, colleague: InstitutionMember) -> None:
    manager_of(InstitutionFactory(public=True), colleague.user)

    page = desk.post(page_of(colleague), ask(desk, colleague)).content.decode()

    assert "这个账号还在别处工作，您不能重置" in page
    assert 'name="lost"' in page


def test_link_to_reset_stands_at_every_colleague(desk: Client, colleague: InstitutionMember) -> None:
    assert page_of(colleague) in desk.get(reverse("workbench:settings-people")).content.decode()
