"""The pages of 我的: theirs alone, with what is kept, in a fixed number of statements."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from cms.accounts.family.services.access_log import log_child_access
from cms.accounts.family.services.consents import publish_consent_texts, publish_text
from cms.accounts.models import Child, Consent, FamilyMember, User
from cms.accounts.signin.services.tokens import issue_token
from cms.core.calendar.times import now as clock
from tests.factories.accounts import (
    ChildFactory,
    ConsentFactory,
    FamilyMemberFactory,
    MessageFactory,
    PickupPersonFactory,
    UserFactory,
    parent_with_child,
)

pytestmark = pytest.mark.django_db
LISTS = ("home", "children", "family", "pickup", "messages", "privacy", "own-data")
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


@pytest.mark.parametrize("name", PAGES)
def test_stranger_is_led_to_sign_in_and_back(client: Client, name: str) -> None:
    url = reverse(f"me:{name}")

    assert client.get(url)["Location"] == f"/sign-in/?next={url}"


@pytest.mark.parametrize("name", PAGES)
def test_page_is_shown_and_never_kept(name: str) -> None:
    user, _child = parent_with_child()

    response = signed_in(user).get(reverse(f"me:{name}"))

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", PAGES)
def test_page_is_shown_to_somebody_brand_new(name: str) -> None:
    assert signed_in(UserFactory()).get(reverse(f"me:{name}")).status_code == 200


def fill(user: User, count: int) -> None:
    """``count`` of everything that the lists show."""
    family = user.family_member.family
    now = clock()
    text = publish_consent_texts(now)
    for child in ChildFactory.create_batch(count, family=family):
        log_child_access(children=child, actor=UserFactory(), place="示例园", purpose="phone", now=now)
        ConsentFactory(family=family, child=child, user=user, text=text)
    PickupPersonFactory.create_batch(count, family=family)
    MessageFactory.create_batch(count, user=user)
    FamilyMemberFactory.create_batch(count, family=family, role=FamilyMember.Role.CARER)
    for _number in range(count):
        issue_token(user=user, now=now)


@pytest.mark.parametrize("name", LISTS)
def test_lists_take_the_same_statements_for_one_and_three(name: str, django_assert_num_queries) -> None:
    url = reverse(f"me:{name}")
    counts = []
    for count in (1, 3):
        user = FamilyMemberFactory().user
        fill(user, count)
        client = signed_in(user)
        client.get(url)
        with django_assert_num_queries(30, exact=False) as captured:
            client.get(url)
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["child-edit", "child-delete"])
def test_child_of_another_family_is_not_there(name: str) -> None:
    _guardian, child = parent_with_child()
    url = reverse(f"me:{name}", args=[child.public_id])

    for stranger in (UserFactory(), parent_with_child()[0]):
        assert signed_in(stranger).get(url).status_code == 404
        assert signed_in(stranger).post(url, CHILD).status_code == 404
    assert Child.objects.get(pk=child.pk).nickname == child.nickname


def test_carer_sees_but_does_not_consent_correct_or_delete() -> None:
    guardian, child = parent_with_child()
    client = signed_in(carer_of(guardian))

    assert child.nickname in client.get(reverse("me:children")).content.decode()
    for url in (
        reverse("me:child-add"),
        reverse("me:consent-renew"),
        reverse("me:child-edit", args=[child.public_id]),
        reverse("me:child-delete", args=[child.public_id]),
    ):
        assert client.post(url, CHILD | {"act": "save"}).status_code == 403
    assert Child.objects.count() == 1


def test_child_is_entered_after_the_consent(version: str) -> None:
    user = UserFactory()
    client = signed_in(user)
    url = reverse("me:child-add")
    page = client.get(url, {"next": "/booking/abc/"}).content.decode()
    assert "儿童个人信息保护负责人" in page
    assert "checked" not in page

    form = client.post(url, {"act": "agree", "agreed": "on", "version": version, "next": "/booking/abc/"})
    assert 'name="birth_date_year"' in form.content.decode()
    assert not Consent.objects.exists()
    response = client.post(url, CHILD | {"act": "save", "version": version, "next": "/booking/abc/"})

    assert response["Location"] == "/booking/abc/"
    assert Child.objects.get().birth_date == dt.date(2025, 6, 3)
    assert Consent.objects.get().decision == Consent.Decision.GIVEN


def test_consent_without_the_tick_goes_no_further(version: str) -> None:
    page = signed_in(UserFactory()).post(reverse("me:child-add"), {"act": "agree", "version": version})

    assert "要登记宝宝，请先勾选同意" in page.content.decode()


def test_refusal_leads_back_to_browsing_and_keeps_nothing(version: str) -> None:
    page = signed_in(UserFactory()).post(reverse("me:child-add"), {"act": "refuse", "version": version})

    assert "/institutions/" in page.content.decode()
    assert Consent.objects.get().decision == Consent.Decision.REFUSED
    assert not Child.objects.exists()


def test_child_is_not_entered_by_jumping_over_the_consent() -> None:
    response = signed_in(UserFactory()).post(reverse("me:child-add"), CHILD | {"act": "save"})

    assert response["Location"] == reverse("me:child-add")
    assert not Child.objects.exists()


def test_bad_birth_date_says_what_to_do_and_keeps_the_rest(version: str) -> None:
    body = CHILD | {"act": "save", "version": version, "birth_date_month": "13"}

    page = signed_in(UserFactory()).post(reverse("me:child-add"), body).content.decode()

    assert "没有这一天，请再看一下" in page
    assert 'value="豆豆"' in page
    assert 'value="13"' in page


def test_child_is_corrected_and_deleted() -> None:
    user, child = parent_with_child()
    client = signed_in(user)

    client.post(reverse("me:child-edit", args=[child.public_id]), CHILD | {"allergies": "花生"})
    assert Child.objects.get().allergies == "花生"
    response = client.post(reverse("me:child-delete", args=[child.public_id]), {"act": "delete"})

    assert response["Location"] == reverse("me:children")
    assert not Child.objects.exists()


def test_changed_text_is_asked_on_the_first_page_until_answered(version: str) -> None:
    user, _child = parent_with_child()
    publish_text(kind="child-data", version="2030-01", title="新规则", text="x", now=clock() + dt.timedelta(seconds=1))
    client = signed_in(user)
    assert reverse("me:consent-renew") in client.get(reverse("me:home")).content.decode()

    client.post(reverse("me:consent-renew"), {"act": "agree", "agreed": "on", "version": "2030-01"})

    assert reverse("me:consent-renew") not in client.get(reverse("me:home")).content.decode()


def test_invite_is_shown_once_and_lets_a_second_adult_in() -> None:
    guardian, child = parent_with_child()
    page = signed_in(guardian).post(reverse("me:family"), {"role": "carer"}).content.decode()
    code = page.split('class="code-big">')[1][:6]
    grandmother = UserFactory()

    response = signed_in(grandmother).post(reverse("me:family-join"), {"code": code, "relation": "外婆"})

    assert response["Location"] == reverse("me:family")
    assert FamilyMember.objects.get(user=grandmother).family == child.family
    assert code not in signed_in(guardian).get(reverse("me:family")).content.decode()


def test_wrong_invite_says_so() -> None:
    page = signed_in(UserFactory()).post(reverse("me:family-join"), {"code": "000000"})

    assert "邀请码不对或已过期" in page.content.decode()


def test_carer_cannot_invite_or_remove() -> None:
    guardian, _child = parent_with_child()
    client = signed_in(carer_of(guardian))
    other = carer_of(guardian)

    assert client.post(reverse("me:family"), {"role": "carer"}).status_code == 403
    client.post(reverse("me:member-remove", args=[other.family_member.pk]))

    assert FamilyMember.objects.filter(user=other, family=guardian.family_member.family).exists()


def test_member_of_another_family_cannot_be_removed() -> None:
    guardian, _child = parent_with_child()
    stranger = FamilyMemberFactory(role=FamilyMember.Role.CARER)

    assert signed_in(guardian).post(reverse("me:member-remove", args=[stranger.pk])).status_code == 404


def test_pickup_person_is_registered_and_removed() -> None:
    guardian, _child = parent_with_child()
    client = signed_in(guardian)
    body = {"name": "王秀英", "relation": "外婆", "phone": "139 0000 0001", "is_adult": "on"}
    client.post(reverse("me:pickup"), body)
    person = guardian.family_member.family.pickup_persons.get()

    client.post(reverse("me:pickup-remove", args=[person.public_id]))

    assert person.phone == "13900000001"
    assert not guardian.family_member.family.pickup_persons.exists()


def test_pickup_person_of_another_family_cannot_be_removed() -> None:
    guardian, _child = parent_with_child()
    person = PickupPersonFactory()

    assert signed_in(guardian).post(reverse("me:pickup-remove", args=[person.public_id])).status_code == 404


def test_opened_message_is_read_and_others_are_not() -> None:
    user = FamilyMemberFactory().user
    first, _second = MessageFactory.create_batch(2, user=user)
    client = signed_in(user)

    client.get(reverse("me:message", args=[first.public_id]))
    assert [message.read_at is None for message in user.messages.order_by("pk")] == [False, True]
    client.post(reverse("me:messages-read"))

    assert not user.messages.filter(read_at=None).exists()


def test_message_of_somebody_else_is_not_there() -> None:
    message = MessageFactory()

    assert signed_in(UserFactory()).get(reverse("me:message", args=[message.public_id])).status_code == 404
