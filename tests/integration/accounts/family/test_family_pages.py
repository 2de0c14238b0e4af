"""The pages of 我的: theirs alone, with what is kept, in a fixed number of statements."""

from __future__ import annotations

import datetime as dt
import json
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cms.accounts.family.components.child_lines import child_line
from cms.accounts.family.services.access_log import log_child_access
from cms.accounts.family.services.consents import publish_consent_texts, publish_text
from cms.accounts.family.services.joining import invite_adult
from cms.accounts.models import Consent, FamilyMember, SessionToken, User
from cms.accounts.signin.services.tokens import issue_token
from cms.core.calendar.times import local_date
from cms.core.calendar.times import now as clock
from parenting.classes.services.signups import sign_up
from tests.factories.accounts import (
    ChildFactory,
    FamilyMemberFactory,
    PickupPersonFactory,
    UserFactory,
    parent_with_child,
)
from tests.factories.booking import NOW as BOOKING_NOW
from tests.factories.booking import booked, open_house, toddler
from tests.factories.parenting import ClassSessionFactory

pytestmark = pytest.mark.django_db
LISTS = ("home", "children", "family", "pickup", "messages", "privacy")
PAGES = (*LISTS, "child-add", "family-join", "family-name", "family-leave", "account-close")
CHILD = {"nickname": "豆豆", "birth_date_year": "2025", "birth_date_month": "6", "birth_date_day": "3", "sex": ""}


@pytest.fixture(autouse=True)
def version() -> str:
    return publish_consent_texts(clock()).version


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def carer_of(user: User) -> User:
    return FamilyMemberFactory(family=user.family_member.family, role=FamilyMember.Role.CARER).user


def test_consent_is_asked_for_with_its_summary_in_view_and_the_whole_behind_it(version: str) -> None:
    page = signed_in(UserFactory()).get(reverse("me:child-add")).content.decode()
    summary, fold, whole = page.partition("<details>")

    assert [summary.count(words) for words in ("五句话说清楚", "<li>只", "谁在处理这些信息")] == [1, 2, 0]
    assert (fold, whole.count("谁在处理这些信息")) == ("<details>", 1)
    assert ("待填" in page, f"版本 {version}" in page) == (False, True)


def test_consent_without_a_summary_is_shown_whole() -> None:
    publish_text(kind="child-data", version="owner", title="题", text="## 一\n只有这些", now=clock())

    page = signed_in(UserFactory()).get(reverse("me:child-add")).content.decode()

    assert ("<details>" in page, page.count("只有这些")) == (False, 1)


def test_export_is_a_file_of_json_and_needs_a_post() -> None:
    user, child = parent_with_child()
    client = signed_in(user)
    assert client.get(reverse("me:export")).status_code == 405

    response = client.post(reverse("me:export"))

    name = f"我的托育资料-{local_date(clock()).isoformat()}.json"
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(name)}"
    assert json.loads(response.content)["family"]["children"][0]["nickname"] == child.nickname


def test_one_session_ends_and_only_an_own_one() -> None:
    user, other = UserFactory(), UserFactory()
    _token, mine = issue_token(user=user, now=clock())
    _token, theirs = issue_token(user=other, now=clock())
    client = signed_in(user)

    assert client.post(reverse("me:session-end", args=[theirs.pk])).status_code == 404
    client.post(reverse("me:session-end", args=[mine.pk]))

    assert list(SessionToken.objects.all()) == [theirs]


def test_signing_out_everywhere_ends_all_sessions() -> None:
    user = UserFactory()
    issue_token(user=user, now=clock())
    elsewhere = signed_in(user)

    signed_in(user).post(reverse("me:sessions-end"))

    assert not SessionToken.objects.exists()
    assert elsewhere.get(reverse("me:home")).status_code == 302


def test_closed_account_is_gone() -> None:
    user, _child = parent_with_child()
    client = signed_in(user)

    page = client.post(reverse("me:account-close")).content.decode()

    assert "账号已注销" in page
    assert not User.objects.exists()
    assert client.get(reverse("me:home")).status_code == 302


def test_work_account_cannot_be_closed_here() -> None:
    user = UserFactory(is_superuser=True)

    page = signed_in(user).post(reverse("me:account-close")).content.decode()

    assert "请联系管理员停用" in page
    assert User.objects.filter(pk=user.pk).exists()


def test_who_looked_is_shown_with_place_and_purpose() -> None:
    user, child = parent_with_child()
    log_child_access(children=child, actor=UserFactory(), place="示例·小满托育园", purpose="today", now=clock())

    page = signed_in(user).get(reverse("me:privacy")).content.decode()

    assert "示例·小满托育园" in page
    assert "看当天名单" in page


def test_first_page_shows_the_next_booking_with_its_rule() -> None:
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)

    with time_machine.travel(BOOKING_NOW, tick=False):
        page = signed_in(user).get(reverse("me:home")).content.decode()

    assert reverse("me:booking", args=[booking.public_id]) in page
    assert child.nickname in page
    assert "明天" in page


def test_child_with_a_coming_booking_is_told_to_cancel_first() -> None:
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)

    with time_machine.travel(BOOKING_NOW, tick=False):
        page = signed_in(user).get(reverse("me:child-delete", args=[child.public_id])).content.decode()

    assert "还有 1 次托育预约没有结束，请先取消：" in page
    assert f'<a href="/me/bookings/{booking.public_id}/">' in page
    assert "button--danger" not in page


def test_what_stands_in_the_way_is_the_childs_own_classes_and_not_a_brothers_booking() -> None:
    user, child = toddler()
    brother = ChildFactory(family=child.family, birth_date=child.birth_date)
    booking = booked(open_house(), user=user, child=brother)
    session = ClassSessionFactory()
    sign_up(user=user, session=session.public_id, child=child.public_id, now=BOOKING_NOW)
    born = {"birth_date_year": "2025", "birth_date_month": "5", "birth_date_day": "3"}
    pages = []
    with time_machine.travel(BOOKING_NOW, tick=False):
        client = signed_in(user)
        delete = reverse("me:child-delete", args=[child.public_id])
        pages += [client.get(delete), client.get(f"{delete}?act=withdraw"), client.post(delete)]
        changed = client.post(reverse("me:child-edit", args=[child.public_id]), CHILD | born)
    closing = signed_in(user)
    with time_machine.travel(BOOKING_NOW, tick=False):
        account = closing.get(reverse("me:account-close")).content.decode()

    for response in (*pages, changed):
        page = response.content.decode()
        assert page.count("还报着 1 场课堂，请先取消报名：") == 1
        assert f'<a href="/classes/{session.public_id}/">' in page
        assert "次托育预约" not in page
    assert list(changed.context["form"].errors) == ["birth_date"]
    assert "出生日期现在不能改" in changed.content.decode()
    assert f'<a href="/me/bookings/{booking.public_id}/">' in account
    assert f'<a href="/classes/{session.public_id}/">' in account


def test_name_is_changed_and_family_left() -> None:
    guardian, child = parent_with_child()
    carer = carer_of(guardian)
    client = signed_in(carer)

    client.post(reverse("me:family-name"), {"display_name": "外婆", "relation": "外婆"})
    response = client.post(reverse("me:family-leave"))

    carer.refresh_from_db()
    assert carer.display_name == "外婆"
    assert response["Location"] == reverse("me:home")
    assert carer.family_member.family != child.family


def test_last_guardian_is_told_why_leaving_is_refused() -> None:
    guardian, _child = parent_with_child()

    assert "您是唯一的监护人" in signed_in(guardian).post(reverse("me:family-leave")).content.decode()


def test_guardian_removes_a_carer_and_withdraws_codes() -> None:
    guardian, child = parent_with_child()
    carer = carer_of(guardian)
    client = signed_in(guardian)
    client.post(reverse("me:family"), {"role": "carer"})

    client.post(reverse("me:member-remove", args=[carer.family_member.pk]))
    client.post(reverse("me:invites-withdraw"))

    assert list(child.family.members.values_list("user", flat=True)) == [guardian.pk]
    assert not child.family.invites.filter(used_at=None).exists()


def test_new_guardian_may_be_removed_and_an_older_one_has_no_button() -> None:
    guardian, child = parent_with_child()
    new = FamilyMemberFactory(family=child.family)
    pages = {user: signed_in(user).get(reverse("me:family")).content.decode() for user in (guardian, new.user)}
    remove = reverse("me:member-remove", args=[new.pk])
    back = reverse("me:member-remove", args=[guardian.family_member.pk])
    client = signed_in(guardian)

    assert [remove in pages[guardian], back in pages[new.user]] == [True, False]
    assert signed_in(new.user).get(back).status_code == 404
    assert "这位监护人不能由您移出" in signed_in(new.user).post(back, follow=True).content.decode()
    assert "这位监护人看不到宝宝和预约" in client.get(remove).content.decode()
    client.post(remove)

    assert list(child.family.members.values_list("user", flat=True)) == [guardian.pk]


def test_last_who_may_fetch_is_asked_about_before_they_leave_or_are_removed() -> None:
    user, child = toddler()
    booked(open_house(), user=user, child=child)
    carer = carer_of(user)
    PickupPersonFactory(family=child.family, phone=carer.phone)
    leave, remove = reverse("me:family-leave"), reverse("me:member-remove", args=[carer.family_member.pk])
    with time_machine.travel(BOOKING_NOW, tick=False):
        theirs, ours = signed_in(carer), signed_in(user)

        for client, url in ((theirs, leave), (ours, remove)):
            asked = client.get(url).content.decode()
            assert "后面还有 1 次预约" in asked
            assert '<input type="hidden" name="last_ok" value="1">' in asked
            refused = client.post(url).content.decode()
            assert "这位是最后一位可接走的人，后面还有预约" in refused
        assert child.family.members.count() == 2
        ours.post(remove, {"last_ok": "1"})

    assert (child.family.members.count(), child.family.pickup_persons.count()) == (1, 0)


def test_who_fetches_and_is_not_the_last_hears_that_this_ends_too() -> None:
    guardian, child = parent_with_child()
    carer = carer_of(guardian)
    client, remove = signed_in(guardian), reverse("me:member-remove", args=[carer.family_member.pk])
    before = client.get(remove).content.decode()
    PickupPersonFactory(family=child.family, phone=carer.phone)

    after = client.get(remove).content.decode()

    assert ["这位也不再是可接走宝宝的人" in page for page in (before, after)] == [False, True]
    assert "您也不再是这家可接走宝宝的人" in signed_in(carer).get(reverse("me:family-leave")).content.decode()
    assert ["last_ok" in page for page in (before, after)] == [False, False]


def test_join_says_that_the_name_is_needed_and_keeps_what_was_typed() -> None:
    guardian, child = parent_with_child()
    code = invite_adult(user=guardian, role="carer", may_fetch=True, now=clock()).code
    client = signed_in(UserFactory())

    refused = client.post(reverse("me:family-join"), {"code": code, "relation": "外婆"})

    assert "家人请您也来接宝宝，请填姓名" in refused.content.decode()
    assert "（选填）" not in refused.content.decode()
    assert (refused.context["form"]["code"].value(), refused.context["form"]["relation"].value()) == (code, "外婆")
    client.post(reverse("me:family-join"), {"code": code, "relation": "外婆", "name": "王秀英"})
    assert child.family.pickup_persons.get().name == "王秀英"


def test_who_joins_without_a_place_on_the_list_is_told() -> None:
    guardian, child = parent_with_child()
    PickupPersonFactory.create_batch(8, family=child.family)
    code = invite_adult(user=guardian, role="carer", may_fetch=True, now=clock()).code

    page = signed_in(UserFactory()).post(reverse("me:family-join"), {"code": code, "name": "王"}, follow=True)

    assert "可接走的人已满 8 位，没能登记，请和家里的监护人说一声。" in page.content.decode()
    assert child.family.members.count() == 2


def test_carer_is_refused_each_act_of_a_guardian() -> None:
    guardian, child = parent_with_child()
    client = signed_in(carer_of(guardian))
    person = PickupPersonFactory(family=child.family)

    client.post(reverse("me:invites-withdraw"))
    client.post(reverse("me:pickup-remove", args=[person.public_id]))
    client.post(reverse("me:pickup"), {"name": "a", "relation": "b", "phone": "13900000001", "is_adult": "on"})

    assert list(child.family.pickup_persons.all()) == [person]


def test_refused_details_of_a_child_are_shown_at_their_field(version: str) -> None:
    user, child = parent_with_child()
    client = signed_in(user)
    old = CHILD | {"birth_date_year": "2001"}

    for url, extra in (
        (reverse("me:child-add"), {"act": "save", "version": version}),
        (reverse("me:child-edit", args=[child.public_id]), {}),
    ):
        assert "出生日期太早" in client.post(url, old | extra).content.decode()


def test_refusal_of_a_changed_text_leads_to_privacy(version: str) -> None:
    user, _child = parent_with_child()

    response = signed_in(user).post(reverse("me:consent-renew"), {"act": "refuse", "version": version})

    assert response["Location"] == reverse("me:privacy")
    assert Consent.objects.get().decision == "refused"


@pytest.mark.parametrize("page", ["child-add", "consent-renew"])
@pytest.mark.parametrize(
    "answer",
    [
        {"act": "refuse"},
        {"act": "refuse", "version": "2019-01"},
        {"act": "agree", "agreed": "on", "version": "2019-01"},
    ],
)
def test_answer_to_a_text_that_is_not_in_force_shows_the_one_that_is(
    page: str, answer: dict[str, str], version: str
) -> None:
    user, _child = parent_with_child()

    response = signed_in(user).post(reverse(f"me:{page}"), answer)

    form = response.context["form"]
    assert (response.status_code, form["version"].value(), form["agreed"].value()) == (200, version, None)
    assert "内容刚刚更新过" in response.content.decode()
    assert not Consent.objects.exists()


@pytest.mark.parametrize("page", ["child-add", "consent-renew"])
def test_agreeing_needs_the_tick(page: str, version: str) -> None:
    user, _child = parent_with_child()

    response = signed_in(user).post(reverse(f"me:{page}"), {"act": "agree", "version": version})

    assert "请先勾选同意" in response.content.decode()
    assert "内容刚刚更新过" not in response.content.decode()
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("months", "words"), [(2, "满 6 个月后可以入托"), (8, "乳儿班"), (40, "满 3 岁，不再提供托育")]
)
def test_child_line_says_what_the_age_means(months: int, words: str) -> None:
    today = dt.date(2026, 11, 23)
    year, month0 = divmod(2026 * 12 + 10 - months, 12)
    child = ChildFactory(birth_date=dt.date(year, month0 + 1, 23), allergies="")

    assert words in child_line(child, today).note


@pytest.mark.parametrize(("birthday", "told"), [("2023-11-24", False), ("2023-11-23", True)])
def test_child_of_three_years_is_told_of_at_once(
    version: str, clock: time_machine.Traveller, birthday: str, told: bool
) -> None:
    user, child = parent_with_child()
    client = signed_in(user)
    year, month, day = birthday.split("-")
    typed = CHILD | {"birth_date_year": year, "birth_date_month": month, "birth_date_day": day}

    for url, extra in (
        (reverse("me:child-add"), {"act": "save", "version": version}),
        (reverse("me:child-edit", args=[child.public_id]), {}),
    ):
        page = client.post(url, typed | extra, follow=True).content.decode()
        assert ("豆豆已满 3 岁，这里约不了托育" in page) is told


def test_carer_is_not_asked_to_agree_again() -> None:
    user, _child = parent_with_child()

    pages = [signed_in(person).get(reverse("me:home")).content.decode() for person in (user, carer_of(user))]

    assert [reverse("me:consent-renew") in page for page in pages] == [True, False]
