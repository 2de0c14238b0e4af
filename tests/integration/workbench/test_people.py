"""人员: what people are called, how they come in and leave."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.register.models import InstitutionMember, StaffInvite
from directory.register.services.invites import accept_invite, invite_caregiver, invite_manager
from tests.factories.accounts import UserFactory
from tests.factories.booking import NOW, House, open_house
from tests.factories.directory import InstitutionFactory
from tests.factories.workbench import browser, caregiver_of, manager_of

pytestmark = pytest.mark.django_db
Traveller = time_machine.Traveller
WEEK = dt.timedelta(days=7)


@pytest.fixture
def house(clock: Traveller) -> House:
    return open_house(policy={"cutoff_minutes": 60})


@pytest.fixture
def desk(house: House) -> Client:
    return browser(manager_of(house.institution))


def url(name: str, *args: object) -> str:
    return reverse(f"workbench:{name}", args=args)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def invited(desk: Client, name: str = "王芳") -> StaffInvite:
    desk.post(url("settings-people-invite"), {"name": name})
    return StaffInvite.objects.latest("pk")


def test_invitation_is_for_somebody_and_its_page_shows_the_link(house: House, desk: Client) -> None:
    answer = desk.post(url("settings-people-invite"), {"name": "王芳"})
    invite = StaffInvite.objects.get(institution=house.institution)
    page = text(desk, answer.url)
    link = f"http://testserver{reverse('directory:invite', args=[invite.token])}"

    assert (invite.role, invite.name, answer.url) == ("caregiver", "王芳", url("settings-people-link", invite.pk))
    assert f'value="{link}"' in page
    assert "把链接发给王芳" in page
    assert "11月30日 周一 8:00 前有效" in page
    assert '<svg viewBox="0 0' in page
    assert 'data-copy="link" hidden' in page


def test_reload_of_the_page_with_the_link_makes_no_second_invitation(house: House, desk: Client) -> None:
    invite = invited(desk)

    pages = [text(desk, url("settings-people-link", invite.pk)) for _number in range(2)]

    assert ["邀请链接" in page for page in pages] == [True, True]
    assert house.institution.invites.count() == 1


def test_second_tap_is_told_of_the_first_invitation(house: House, desk: Client) -> None:
    invite = invited(desk)

    page = desk.post(url("settings-people-invite"), {"name": "王芳"}).content.decode()

    assert "已有给这个名字的邀请" in page
    assert 'value="王芳"' in page
    assert url("settings-people-link", invite.pk) in page
    assert house.institution.invites.count() == 1


@pytest.mark.parametrize(("typed", "words"), [("", "请填姓名"), ("芳" * 61, "姓名最多 60 个字，现在有 61 个")])
def test_invitation_without_a_usable_name_is_asked_again(house: House, desk: Client, typed: str, words: str) -> None:
    page = desk.post(url("settings-people-invite"), {"name": typed}).content.decode()

    assert words in page
    assert not house.institution.invites.exists()


def test_list_names_people_and_open_invitations_with_their_end(house: House, desk: Client, clock: Traveller) -> None:
    named = caregiver_of(house.institution, UserFactory(phone="13800001234")).institution_memberships.get()
    named.name = "李芳"
    named.save()
    invited(desk)
    clock.shift(WEEK - dt.timedelta(seconds=1))
    before = text(desk, url("settings-people"))
    clock.shift(dt.timedelta(seconds=1))
    after = text(desk, url("settings-people"))

    for words in ("<b>李芳</b>", "138****1234", "改姓名", "填姓名"):
        assert words in before
    assert ("<b>王芳</b>" in before, "11月30日 周一 8:00 前有效" in before, "链接和二维码" in before) == (True,) * 3
    assert ("<b>王芳</b>" in after, "已过期" in after, "链接和二维码" in after) == (True, True, False)


def test_used_invitation_leaves_the_list_and_its_name_to_the_member(house: House, desk: Client) -> None:
    invite = invited(desk)
    accept_invite(token=invite.token, user=UserFactory(), now=NOW)

    page = text(desk, url("settings-people"))

    assert ("<b>王芳</b>" in page, "还没用的邀请" in page) == (True, False)


def test_invitation_is_taken_back_after_one_question(house: House, desk: Client) -> None:
    invite = invited(desk)
    link = reverse("directory:invite", args=[invite.token])

    question = text(desk, url("settings-people-back", invite.pk))
    asked = Client().get(link).status_code
    done = desk.post(url("settings-people-back", invite.pk), follow=True).content.decode()
    opened = Client().get(link)

    assert ("王芳" in question, "收回后链接马上不能用" in question, asked) == (True, True, 200)
    assert ("邀请已收回" in done, "还没用的邀请" in done) == (True, False)
    assert (opened.status_code, "这个邀请已经收回了" in opened.content.decode()) == (404, True)


def test_taken_back_in_two_tabs_is_taken_back(house: House, desk: Client) -> None:
    invite = invited(desk)
    address = url("settings-people-back", invite.pk)
    desk.post(address)

    again = desk.post(address, follow=True).content.decode()

    assert "邀请已收回" in again
    assert desk.get(address).url == url("settings-people")


def test_used_invitation_is_not_taken_back(house: House, desk: Client) -> None:
    invite = invited(desk)
    member = accept_invite(token=invite.token, user=UserFactory(), now=NOW)

    page = desk.post(url("settings-people-back", invite.pk), follow=True).content.decode()

    assert "刚刚有人用这个邀请进来了" in page
    assert InstitutionMember.objects.get(pk=member.pk).ended_at is None


def test_page_of_a_link_that_is_of_no_use_leads_back(house: House, desk: Client, clock: Traveller) -> None:
    used, gone, late = invited(desk, "一"), invited(desk, "二"), invited(desk, "三")
    accept_invite(token=used.token, user=UserFactory(), now=NOW)
    desk.post(url("settings-people-back", gone.pk))
    clock.shift(WEEK - dt.timedelta(seconds=1))
    last = desk.get(url("settings-people-link", late.pk)).status_code
    clock.shift(dt.timedelta(seconds=1))

    answers = [desk.get(url("settings-people-link", invite.pk)) for invite in (used, gone, late)]

    assert last == 200
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, url("settings-people"))] * 3


def test_invitation_of_a_manager_is_the_districts(house: House, desk: Client) -> None:
    boss = house.institution.members.get().user
    invite, _token = invite_manager(institution=house.institution, name="赵园长", actor=boss, now=NOW)

    page = text(desk, url("settings-people"))

    assert ("赵园长" in page, "由区里邀请" in page) == (True, True)
    for name in ("settings-people-link", "settings-people-back"):
        assert desk.get(url(name, invite.pk)).status_code == 404
    assert desk.post(url("settings-people-back", invite.pk)).status_code == 404


def test_manager_writes_the_name_of_a_colleague(house: House, desk: Client) -> None:
    member = caregiver_of(house.institution).institution_memberships.get()

    form = text(desk, url("settings-people-name", member.pk))
    bad = desk.post(url("settings-people-name", member.pk), {"name": "芳" * 61}).content.decode()
    answer = desk.post(url("settings-people-name", member.pk), {"name": "王芳"})
    member.refresh_from_db()

    assert ("家长和网站上看不到" in form, "现在有 61 个" in bad, "芳" * 61 in bad) == (True, True, True)
    assert (answer.url, member.name) == (url("settings-people"), "王芳")


def test_caregiver_writes_their_own_name_alone(house: House) -> None:
    user = caregiver_of(house.institution)
    client = browser(user)
    before = text(client, url("today"))

    answer = client.post(url("own-name"), {"name": "王芳"})
    after = text(client, url("today"))

    assert ("填您的姓名" in before, "填您的姓名" in after, "王芳" in after) == (True, False, True)
    assert (answer.url, user.institution_memberships.get().name) == (url("today"), "王芳")


def test_name_is_of_the_institution_that_the_page_is_for(house: House) -> None:
    user = caregiver_of(house.institution)
    other = InstitutionFactory(public=True)
    caregiver_of(other, user)
    client = browser(user)
    client.get(url("today"), {"institution": other.public_id})

    client.post(url("own-name"), {"name": "王芳", "institution": house.institution.public_id})

    names = {row.institution_id: row.name for row in user.institution_memberships.all()}
    assert names == {house.institution.pk: "王芳", other.pk: ""}


def test_membership_is_ended_after_one_question(house: House, desk: Client) -> None:
    user = caregiver_of(house.institution)
    member = user.institution_memberships.get()
    member.name = "王芳"
    member.save()

    question = text(desk, url("settings-people-end", member.pk))
    done = desk.post(url("settings-people-end", member.pk), follow=True).content.decode()
    member.refresh_from_db()

    assert ("停用后马上不能再进工作台" in question, "王芳" in question) == (True, True)
    assert "已停用 王芳，不能再进工作台" in done
    assert member.ended_at == NOW


def test_last_manager_stays(house: House, desk: Client) -> None:
    member = house.institution.members.get()

    page = desk.post(url("settings-people-end", member.pk), follow=True).content.decode()
    member.refresh_from_db()

    assert "这是最后一位负责人" in page
    assert member.ended_at is None


def test_caregivers_factor_is_switched(house: House, desk: Client) -> None:
    desk.post(url("settings-people-factor"), {"needed": "on"})
    house.institution.refresh_from_db()

    assert house.institution.caregivers_need_factor


def test_list_asks_the_database_as_often_for_three_as_for_one(house: House, desk: Client) -> None:
    boss = house.institution.members.get().user
    counted = []
    for number in (1, 2, 3):
        caregiver_of(house.institution)
        invite_caregiver(institution=house.institution, name=f"{number}", actor=boss, now=NOW)
        desk.get(url("settings-people"))  # what a change makes all pages read again
        with CaptureQueriesContext(connection) as queries:
            desk.get(url("settings-people"))
        counted.append(len(queries))

    assert counted[0] == counted[2]
