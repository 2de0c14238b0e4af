"""The district sends an introduction back on the institution's page; the manager reads why and hands it in again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.accounts.models import User
from directory.districts.models import District
from directory.register.models import Institution, InstitutionProfile, IntroductionReturn
from directory.register.services.institutions import create_institution
from directory.register.services.profiles import return_introduction, save_profile_draft
from tests.factories.accounts import StaffUserFactory
from tests.factories.booking import NOW
from tests.factories.directory import InstitutionMemberFactory
from tests.factories.staff import client_of, house, signed_in, text

pytestmark = pytest.mark.django_db

PROFILE = reverse("workbench:settings-profile")
WITHDRAW = reverse("workbench:settings-profile-withdraw")


@pytest.fixture
def garden(jianxi: District) -> Institution:
    garden = create_institution(district=jianxi, values={"name": "时光园", "address": "一号"}, now=NOW)
    InstitutionMemberFactory(institution=garden, user=StaffUserFactory(username="boss"))
    return garden


@pytest.fixture
def manager(garden: Institution) -> User:
    return User.objects.get(username="boss")


@pytest.fixture
def desk(manager: User) -> Client:
    return signed_in(manager)


def act_url(garden: Institution) -> str:
    return reverse("institutions:return-introduction", args=[garden.pk])


def send_back(staff: Client, garden: Institution, reason: str) -> Any:
    seen = staff.get(act_url(garden)).context["stake"].mark
    return staff.post(act_url(garden), {"reason": reason, "seen": seen}, follow=True)


def waiting(staff: Client) -> list[Institution]:
    """The list behind the line of 今天要办的事."""
    return list(staff.get(reverse("institutions:index"), {"work": "introduction"}).context["object_list"])


def test_from_the_draft_to_the_words_and_back(staff: Client, desk: Client, garden: Institution) -> None:
    desk.post(PROFILE, {"introduction": "院子里有沙池。"})
    assert waiting(staff) == [garden]
    page = text(staff.get(reverse("institutions:edit", args=[garden.pk])))
    assert "交来的一稿，等您发布或退回" in page
    assert act_url(garden) in page
    assert "院子里有沙池。" in text(staff.get(act_url(garden)))

    answer = text(send_back(staff, garden, "请加一日安排"))

    assert "退回，等机构改：请加一日安排" in answer
    assert act_url(garden) not in answer
    assert waiting(staff) == []
    assert "1 家交来了介绍" not in text(staff.get("/admin/"))
    for address in (PROFILE, reverse("workbench:today")):
        assert "请加一日安排" in text(desk.get(address))
    assert "草稿已经交给区里" not in text(desk.get(PROFILE))
    assert desk.get(PROFILE).context["form"]["introduction"].value() == "院子里有沙池。"
    desk.post(PROFILE, {"introduction": "院子里有沙池。十一点午餐。"})
    for address in (PROFILE, reverse("workbench:today")):
        assert "请加一日安排" not in text(desk.get(address))
    assert waiting(staff) == [garden]


def test_a_newer_draft_is_read_before_it_is_sent_back(staff: Client, garden: Institution, manager: User) -> None:
    save_profile_draft(institution=garden, introduction="一稿", actor=manager)
    seen = staff.get(act_url(garden)).context["stake"].mark
    save_profile_draft(institution=garden, introduction="二稿", actor=manager)

    answer = text(staff.post(act_url(garden), {"reason": "太短", "seen": seen}))

    assert "机构刚刚又交了一稿" in answer
    assert "二稿" in answer
    assert "太短" in answer
    assert IntroductionReturn.objects.count() == 0


@pytest.mark.parametrize("seen", ["", "17"])
def test_nothing_to_send_back_is_said(staff: Client, garden: Institution, seen: str) -> None:
    assert "没有等着处理的介绍" in text(staff.get(act_url(garden)))

    answer = text(staff.post(act_url(garden), {"reason": "太短", "seen": seen}))

    assert "没有等着处理的介绍" in answer
    assert IntroductionReturn.objects.count() == 0


def test_words_are_asked_for(staff: Client, garden: Institution, manager: User) -> None:
    save_profile_draft(institution=garden, introduction="一稿", actor=manager)

    send_back(staff, garden, "")

    assert IntroductionReturn.objects.count() == 0


def test_a_draft_is_withdrawn_after_a_question(staff: Client, desk: Client, garden: Institution) -> None:
    assert WITHDRAW not in text(desk.get(PROFILE))
    desk.post(PROFILE, {"introduction": "写错了"})
    assert WITHDRAW in text(desk.get(PROFILE))
    assert "家长看到的还是原来的介绍" in text(desk.get(WITHDRAW))
    assert waiting(staff) == [garden]

    first = text(desk.post(WITHDRAW, follow=True))
    second = text(desk.post(WITHDRAW, follow=True))

    assert "草稿已撤回" in first
    assert "没有等着处理的介绍" in second
    assert waiting(staff) == []
    assert desk.get(PROFILE).context["form"]["introduction"].value() == ""


def test_only_managers_withdraw(garden: Institution, desk: Client) -> None:
    desk.post(PROFILE, {"introduction": "写错了"})
    caregiver = InstitutionMemberFactory(institution=garden, user=StaffUserFactory(), role="caregiver").user

    answers = [client.post(WITHDRAW).status_code for client in (signed_in(caregiver), signed_in(StaffUserFactory()))]

    assert answers[1] == 404
    assert answers[0] in (403, 404)
    assert InstitutionProfile.objects.get(institution=garden).has_unpublished_changes


def test_another_district_is_refused(garden: Institution, desk: Client) -> None:
    desk.post(PROFILE, {"introduction": "一稿"})
    stranger = client_of(District.objects.get(slug="hongqi"), "health_commission")

    assert [stranger.get(act_url(garden)).status_code, stranger.post(act_url(garden)).status_code] == [404, 404]


def test_the_list_asks_nothing_of_each_introduction(staff: Client, jianxi: District) -> None:
    counts = []
    for number in range(3):
        institution = house(jianxi, name=f"第{number}园")
        save_profile_draft(institution=institution, introduction="稿", actor=StaffUserFactory())
        staff.get(reverse("institutions:index"))
        with CaptureQueriesContext(connection) as asked:
            staff.get(reverse("institutions:index"))
        counts.append(len(asked))

    assert counts[1:] == counts[:-1]


def test_the_list_of_profiles_has_what_waits_first(staff: Client, jianxi: District) -> None:
    boss = StaffUserFactory()
    made = {}
    for name in ("一园", "二园", "三园"):
        institution = create_institution(district=jianxi, values={"name": name, "address": name}, now=NOW)
        made[name] = institution
    sent_back = save_profile_draft(institution=made["二园"], introduction="稿", actor=boss)
    return_introduction(institution=made["二园"], revision_id=sent_back.pk, reason="太短", now=NOW)
    save_profile_draft(institution=made["三园"], introduction="稿", actor=boss)
    address = reverse(InstitutionProfile.snippet_viewset.get_url_name("list"))

    def names(**query: str) -> list[str]:
        return [str(row) for row in staff.get(address, query).context["object_list"]]

    page = text(staff.get(address))

    assert names()[0] == "三园"
    assert sorted(names()) == ["一园", "三园", "二园"]
    assert names(draft="waits") == ["三园"]
    assert names(draft="returned") == ["二园"]
    for words in ("交来一稿，等处理", "已退回，等机构改"):
        assert words in page


def editor(garden: Institution) -> str:
    profile = InstitutionProfile.objects.get(institution=garden)
    return reverse(InstitutionProfile.snippet_viewset.get_url_name("edit"), args=[profile.pk])


def test_editor_says_that_a_draft_was_sent_back_and_offers_it_before(
    staff: Client, garden: Institution, manager: User
) -> None:
    nothing = text(staff.get(editor(garden)))
    save_profile_draft(institution=garden, introduction="一稿", actor=manager)
    waits = text(staff.get(editor(garden)))
    send_back(staff, garden, "请加一日安排")
    returned = text(staff.get(editor(garden)))
    save_profile_draft(institution=garden, introduction="二稿", actor=manager)
    again = text(staff.get(editor(garden)))

    link, said = f'href="{act_url(garden)}"', "退回，等机构改：请加一日安排"
    assert [(link in page, said in page) for page in (nothing, waits, returned, again)] == [
        (False, False),
        (True, False),
        (False, True),
        (True, False),
    ]
