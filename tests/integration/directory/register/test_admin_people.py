"""The people of an institution in the admin: invited by name, reset, let go, links taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from cms.accounts.models import SetupLink
from directory.districts.models import District
from directory.register.models import Institution, InstitutionMember, StaffInvite
from directory.register.services.invites import InviteTakenBack, invite_caregiver, invite_manager, read_invite
from directory.register.viewsets.people import invite_link
from tests.factories.accounts import StaffUserFactory, UserFactory
from tests.factories.directory import InstitutionFactory, InstitutionMemberFactory
from tests.factories.staff import client_of, house, text

pytestmark = pytest.mark.django_db
READERS = ("womens_federation", "education", "commerce", "street_office")


@pytest.fixture
def garden(jianxi: District) -> Institution:
    return house(jianxi, name="示例园", public=True)


@pytest.fixture
def manager(garden: Institution) -> InstitutionMember:
    return InstitutionMemberFactory(institution=garden, user=StaffUserFactory(username="yuanzhang"), name="王芳")


def act(name: str, row: Any) -> str:
    space = "institution-invites" if isinstance(row, StaffInvite) else "institution-members"
    return reverse(f"{space}:{name}", args=[row.pk])


def list_of(kind: str, institution: Institution) -> str:
    return f"{reverse(f'institution-{kind}:index')}?institution={institution.pk}"


def test_manager_is_invited_by_name_and_the_link_can_be_scanned(staff: Client, garden: Institution) -> None:
    asked = staff.post(reverse("institutions:invite", args=[garden.pk]), {"name": ""})
    page = staff.post(reverse("institutions:invite", args=[garden.pk]), {"name": " 李园长 "})
    invite = StaffInvite.objects.get()

    assert "请填写这一项" in text(asked)
    assert (invite.name, invite.role) == ("李园长", "manager")
    assert escape(invite_link(invite.token)) in text(page)
    assert ("directory-qr" in text(page), 'data-copy="once"' in text(page)) == (True, True)
    assert "no-store" in page["Cache-Control"]
    assert invite.token not in text(staff.get(reverse("institutions:edit", args=[garden.pk])))


def test_second_invitation_of_the_same_name_points_to_the_first(staff: Client, garden: Institution) -> None:
    for _number in range(2):
        page = staff.post(reverse("institutions:invite", args=[garden.pk]), {"name": "李园长"})

    assert "已有给这个名字的邀请" in text(page)
    assert StaffInvite.objects.count() == 1


def test_page_of_the_institution_names_its_people_and_leads_to_them(
    staff: Client, garden: Institution, manager: InstitutionMember
) -> None:
    InstitutionMemberFactory(institution=garden, user=UserFactory(phone="13800001234"), role="caregiver")

    page = text(staff.get(reverse("institutions:edit", args=[garden.pk])))

    assert "王芳（负责人 yuanzhang）、138****1234（保育人员）" in page
    assert (list_of("members", garden) in page, list_of("invites", garden) in page) == (True, True)


def test_list_of_people_is_of_the_institution_and_of_now(
    staff: Client, garden: Institution, manager: InstitutionMember
) -> None:
    InstitutionMemberFactory(institution=garden, user=StaffUserFactory(), name="走了", ended_at=timezone.now())
    InstitutionMemberFactory(institution=house(garden.district, public=True), user=StaffUserFactory(), name="邻园")
    InstitutionMemberFactory(user=StaffUserFactory(), name="别区")

    one, district = (text(staff.get(url)) for url in (list_of("members", garden), reverse("institution-members:index")))

    assert [name in one for name in ("王芳", "走了", "邻园", "别区")] == [True, False, False, False]
    assert [name in district for name in ("王芳", "走了", "邻园", "别区")] == [True, False, True, False]


def test_list_of_invitations_leaves_out_what_is_used_or_taken_back(staff: Client, garden: Institution) -> None:
    person = StaffUserFactory()
    now = timezone.now()
    for name in ("一", "二", "三"):
        invite_manager(institution=garden, name=f"园长{name}", actor=person, now=now)
    waiting, used, back = StaffInvite.objects.order_by("pk")
    StaffInvite.objects.filter(pk=used.pk).update(used_at=now, name="", token="")
    staff.post(act("back", back), follow=True)

    page = text(staff.get(list_of("invites", garden)))

    assert [name in page for name in ("园长一", "园长二", "园长三")] == [True, False, False]
    assert (act("link", waiting) in page, act("back", waiting) in page) == (True, True)


def test_link_is_shown_again_while_it_is_open(staff: Client, garden: Institution) -> None:
    invite, token = invite_manager(institution=garden, name="李园长", actor=StaffUserFactory(), now=timezone.now())

    shown = staff.post(act("link", invite))
    staff.post(act("back", invite))
    later = staff.post(act("link", invite))

    assert escape(invite_link(token)) in text(shown)
    assert "用过或过期" in text(later)


def test_district_takes_any_link_back(staff: Client, garden: Institution, manager: InstitutionMember) -> None:
    invite, token = invite_caregiver(institution=garden, name="李老师", actor=manager.user, now=timezone.now())

    question = staff.get(act("back", invite))
    done = staff.post(act("back", invite))

    assert "李老师（示例园）" in text(question)
    assert done.url == list_of("invites", garden)
    with pytest.raises(InviteTakenBack):
        read_invite(token=token, now=timezone.now())


def test_used_link_is_not_taken_back(staff: Client, garden: Institution) -> None:
    invite, _token = invite_manager(institution=garden, actor=StaffUserFactory(), now=timezone.now())
    StaffInvite.objects.update(used_at=timezone.now(), name="", token="")

    assert "刚刚有人用这个邀请进来了" in text(staff.post(act("back", invite)))


def test_person_is_named_and_let_go(staff: Client, garden: Institution, manager: InstitutionMember) -> None:
    form = text(staff.get(act("name", manager)))
    named = staff.post(act("name", manager), {"name": "王园长"})
    manager.refresh_from_db()
    ended = staff.post(act("end", manager))

    assert 'value="王芳"' in form
    assert (named.url, ended.url, manager.name) == (list_of("members", garden), list_of("members", garden), "王园长")
    assert garden.members.filter(ended_at__isnull=True).count() == 0


@pytest.mark.parametrize(("lost", "replaces"), [("password", False), ("everything", True)])
def test_manager_begins_again_by_a_link_of_the_district(
    staff: Client, manager: InstitutionMember, lost: str, replaces: bool
) -> None:
    question = staff.get(act("reset", manager))
    page = staff.post(act("reset", manager), {"lost": lost, "seen": question.context["form"]["seen"].value()})
    link = SetupLink.objects.get(user=manager.user)

    assert "王芳（示例园）" in text(question)
    assert "/staff/start/" in text(page)
    assert "directory-qr" in text(page)
    assert link.replaces_factor is replaces


def test_reset_asks_what_was_lost_and_again_if_it_is_old(staff: Client, manager: InstitutionMember) -> None:
    missing = staff.post(act("reset", manager), {"seen": "0"})
    old = staff.post(act("reset", manager), {"lost": "password", "seen": "7"})

    assert "请填写这一项" in text(missing)
    assert "刚刚重置过" in text(old)
    assert not SetupLink.objects.filter(user=manager.user).exists()


def test_caregiver_by_phone_is_signed_out(staff: Client, garden: Institution) -> None:
    user = UserFactory(phone="13800001234")
    member = InstitutionMemberFactory(institution=garden, user=user, role="caregiver")

    question = staff.get(act("reset", member))
    page = staff.post(act("reset", member), {"seen": "0"}, follow=True)

    user.refresh_from_db()
    assert 'name="lost"' not in text(question)
    assert "请本人用手机号重新登录" in text(page)
    assert (user.session_epoch, SetupLink.objects.filter(user=user).exists()) == (1, False)


def test_person_who_works_in_another_district_too_is_not_reset(staff: Client, manager: InstitutionMember) -> None:
    InstitutionMemberFactory(institution=InstitutionFactory(public=True), user=manager.user)

    page = staff.post(act("reset", manager), {"lost": "password", "seen": "0"})

    assert "这个账号还在别处工作" in text(page)
    assert not SetupLink.objects.filter(user=manager.user).exists()


@pytest.mark.parametrize("department", READERS)
def test_offices_that_only_read_neither_see_nor_change_people(
    jianxi: District, manager: InstitutionMember, department: str
) -> None:
    reader = client_of(jianxi, department)
    invite, _token = invite_manager(institution=manager.institution, actor=StaffUserFactory(), now=timezone.now())
    calls = [reverse("institution-members:index"), reverse("institution-invites:index")]
    calls += [act(name, manager) for name in ("name", "reset", "end")] + [
        act(name, invite) for name in ("link", "back")
    ]

    answers = {call: reader.post(call, {"name": "x", "seen": "0", "lost": "password"}) for call in calls}
    looks = {call: reader.get(call) for call in calls}

    for given in (answers, looks):
        assert {call: answer.url for call, answer in given.items()} == dict.fromkeys(calls, "/admin/")
    invite.refresh_from_db()
    assert (invite.taken_back_at, SetupLink.objects.filter(user=manager.user).exists()) == (None, False)


@pytest.mark.parametrize("kind", ["members", "invites"])
def test_lists_ask_the_database_as_often_for_three_as_for_one(staff: Client, garden: Institution, kind: str) -> None:
    counted = []
    for number in (1, 2, 3):
        InstitutionMemberFactory(institution=garden, user=StaffUserFactory())
        invite_manager(institution=garden, name=f"{number}", actor=StaffUserFactory(), now=timezone.now())
        staff.get(list_of(kind, garden))
        with CaptureQueriesContext(connection) as queries:
            staff.get(list_of(kind, garden))
        counted.append(len(queries))

    assert counted[0] == counted[2]
