"""What takes something away is asked first, on a page of its own with the button of danger."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cms.accounts.family.services.joining import invite_adult
from cms.accounts.models import FamilyMember, PickupPerson, User
from tests.factories.accounts import (
    FamilyMemberFactory,
    PickupPersonFactory,
    UserFactory,
    parent_with_child,
)
from tests.factories.booking import NOW, booked, open_house, toddler

pytestmark = pytest.mark.django_db
CARER = FamilyMember.Role.CARER


@pytest.fixture(autouse=True)
def still(clock: time_machine.Traveller) -> None:
    """The clock of the bookings."""


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_removing_who_may_fetch_shows_a_question_and_then_removes() -> None:
    user, child = parent_with_child()
    first, second = PickupPersonFactory.create_batch(2, family=child.family)
    url = reverse("me:pickup-remove", args=[first.public_id])

    page = signed_in(user).get(url).content.decode()
    answer = signed_in(user).post(url)

    assert (f"以后不让{first.name}接宝宝吗" in page, page.count("button--danger"), "last_ok" in page) == (
        True,
        1,
        False,
    )
    assert answer["Location"] == reverse("me:pickup")
    assert list(PickupPerson.objects.all()) == [second]


def test_removing_the_last_names_the_bookings_and_needs_a_second_yes() -> None:
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child)
    person = PickupPersonFactory(family=child.family)
    url = reverse("me:pickup-remove", args=[person.public_id])

    unasked = signed_in(user).post(url).content.decode()
    asked = signed_in(user).get(url).content.decode()

    for page in (unasked, asked):
        assert "后面还有 1 次预约" in page
    assert ["只剩这一位能接宝宝了" in page for page in (unasked, asked)] == [True, False]
    assert PickupPerson.objects.exists()
    signed_in(user).post(url, {"last_ok": "1"})
    assert not PickupPerson.objects.exists()


def test_question_about_somebody_of_another_family_is_not_found() -> None:
    user, _child = parent_with_child()
    client = signed_in(user)
    theirs, seat = PickupPersonFactory(), FamilyMemberFactory(role=CARER)
    urls = [reverse("me:pickup-remove", args=[theirs.public_id]), reverse("me:member-remove", args=[seat.pk])]

    assert [client.get(url).status_code for url in urls] == [404, 404]
    assert [client.post(url).status_code for url in urls] == [404, 404]


def test_carer_is_led_to_a_guardian_and_removes_nobody() -> None:
    _guardian, child = parent_with_child()
    carer = FamilyMemberFactory(family=child.family, role=CARER)
    person = PickupPersonFactory(family=child.family)
    client = signed_in(carer.user)

    codes = [
        client.get(reverse("me:pickup-remove", args=[person.public_id])).status_code,
        client.get(reverse("me:member-remove", args=[carer.pk])).status_code,
    ]

    assert codes == [403, 404]
    assert (child.family.members.count(), child.family.pickup_persons.count()) == (2, 1)


def test_stranger_is_led_to_sign_in_before_the_question(client: Client) -> None:
    url = reverse("me:pickup-remove", args=[PickupPersonFactory().public_id])

    assert client.get(url)["Location"] == f"/sign-in/?next={url}"


def test_removing_a_carer_is_asked_first() -> None:
    guardian, child = parent_with_child()
    carer = FamilyMemberFactory(family=child.family, role=CARER, user__display_name="外婆")
    url = reverse("me:member-remove", args=[carer.pk])

    page = signed_in(guardian).get(url).content.decode()

    assert ("要把外婆移出家庭吗" in page, page.count("button--danger")) == (True, 1)
    signed_in(guardian).post(url)
    assert child.family.members.count() == 1


def test_joining_a_second_family_asks_first_and_keeps_what_was_typed() -> None:
    house = open_house()
    first, child = toddler(nickname="安安")
    booked(house, user=first, child=child)
    second, _child = parent_with_child()
    carer = FamilyMemberFactory(family=child.family, role=CARER)
    code = invite_adult(user=second, role=CARER, may_fetch=True, now=NOW).code
    typed = {"code": code, "relation": "外婆", "name": "王秀英"}
    client = signed_in(carer.user)

    asked = client.post(reverse("me:family-join"), typed)
    page = asked.content.decode()

    assert asked.context["typed"] == {**typed, "leaving": carer.pk}
    assert ("您看不到安安的资料" in page, "还有 1 次预约" in page) == (True, True)
    assert child.family.members.count() == 2
    client.post(reverse("me:family-join"), asked.context["typed"])
    assert second.family_member.family.members.count() == 2
    assert PickupPerson.objects.get().name == "王秀英"


def test_code_can_be_copied_with_words_that_say_what_to_do() -> None:
    guardian, _child = parent_with_child()

    answer = signed_in(guardian).post(reverse("me:family"), {"role": CARER, "may_fetch": "on"})
    page = answer.content.decode()

    invite = answer.context["invite"]
    words = f"打开 http://testserver/me/family/join/，用自己的手机号登录，填邀请码 {invite.code}，"
    assert invite.invite.may_fetch is True
    assert page.count(words) == 2
    assert (page.count("data-copy="), page.count("data-share=")) == (1, 1)


def test_numbers_of_who_may_fetch_are_masked() -> None:
    user, child = parent_with_child()
    person = PickupPersonFactory(family=child.family, phone="13912345678")

    page = signed_in(user).get(reverse("me:pickup")).content.decode()

    assert ("139****5678" in page, person.phone in page) == (True, False)


def test_joining_says_that_the_name_is_needed_and_keeps_the_rest() -> None:
    guardian, _child = parent_with_child()
    code = invite_adult(user=guardian, role=CARER, may_fetch=True, now=NOW).code

    page = signed_in(UserFactory()).post(reverse("me:family-join"), {"code": code, "relation": "外婆"}).content.decode()

    assert ("请填姓名" in page, f'value="{code}"' in page) == (True, True)
