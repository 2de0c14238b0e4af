"""Who comes into the workbench, and how far."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.places.models import Booking
from cms.accounts.signin.proofs import PASSWORD, PHONE
from directory.register.models import InstitutionMember, StaffInvite
from tests.factories.accounts import StaffUserFactory, UserFactory
from tests.factories.booking import NOW, TODAY, House, booked, open_house, toddler
from tests.factories.directory import InstitutionFactory
from tests.factories.workbench import browser, caregiver_of, manager_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(house: House) -> Booking:
    user, child = toddler()
    return booked(house, user=user, child=child, day=TODAY)


def invite_of(house: House) -> StaffInvite:
    """An open invitation of a caregiver."""
    return StaffInvite.objects.get_or_create(
        institution=house.institution,
        role="caregiver",
        token_hash=f"hash {house.institution.pk}",
        defaults={
            "token": "t",
            "created_by": UserFactory(),
            "created_at": NOW,
            "expires_at": NOW + dt.timedelta(days=7),
        },
    )[0]


def for_managers(house: House, booking: Booking) -> list[tuple[str, str]]:
    """Every page and act that a caregiver must not reach."""
    product = house.products["hourly"]
    day = TODAY + dt.timedelta(days=3)
    member = house.institution.members.first() or caregiver_of(house.institution).institution_memberships.get()
    pk, invite = member.pk, invite_of(house).pk
    get = [
        ("week", []),
        ("day", [day]),
        ("day-end", [TODAY]),
        ("decline", [booking.public_id]),
        ("cancel", [booking.public_id]),
        ("correct", [booking.public_id]),
        ("settings", []),
        ("settings-setup", []),
        ("settings-classes", []),
        ("settings-class-add", []),
        ("settings-class", [house.group.public_id]),
        ("settings-hours", []),
        ("settings-hours-edit", [house.group.public_id]),
        ("settings-regular", []),
        ("settings-products", []),
        ("settings-product-add", ["hourly"]),
        ("settings-product", [product.public_id]),
        ("settings-fee-add", [product.public_id]),
        ("settings-fee", [product.public_id, product.fees.get().pk]),
        ("settings-policy", []),
        ("settings-closing", []),
        ("settings-closing-new", []),
        ("settings-people", []),
        ("settings-people-end", [pk]),
        ("settings-people-name", [pk]),
        ("settings-people-reset", [pk]),
        ("settings-people-link", [invite]),
        ("settings-people-back", [invite]),
        ("settings-profile", []),
    ]
    post = [
        ("confirm", []),
        ("accept", [booking.public_id]),
        ("decline", [booking.public_id]),
        ("cancel", [booking.public_id]),
        ("correct", [booking.public_id]),
        ("day-end", [TODAY]),
        ("settings-class-add", []),
        ("settings-class", [house.group.public_id]),
        ("settings-hours-edit", [house.group.public_id]),
        ("settings-regular", []),
        ("settings-product-add", ["hourly"]),
        ("settings-product", [product.public_id]),
        ("settings-fee-add", [product.public_id]),
        ("settings-fee", [product.public_id, product.fees.get().pk]),
        ("settings-fee-remove", [product.public_id, product.fees.get().pk]),
        ("settings-policy", []),
        ("settings-closing-new", []),
        ("settings-closing-reopen", []),
        ("settings-people-invite", []),
        ("settings-people-factor", []),
        ("settings-people-end", [pk]),
        ("settings-people-name", [pk]),
        ("settings-people-reset", [pk]),
        ("settings-people-back", [invite]),
        ("settings-profile", []),
        ("settings-profile-phone", []),
    ]
    return [("GET", reverse(f"workbench:{name}", args=args)) for name, args in get] + [
        ("POST", reverse(f"workbench:{name}", args=args)) for name, args in post
    ]


def for_members(booking: Booking) -> list[tuple[str, str]]:
    """What caregivers reach too."""
    return [
        ("GET", reverse("workbench:today")),
        ("GET", reverse("workbench:child", args=[booking.public_id])),
        ("GET", reverse("workbench:over", args=[booking.public_id, "arrive"])),
        ("POST", reverse("workbench:call", args=[booking.public_id])),
        ("POST", reverse("workbench:mark", args=[booking.public_id, "absent"])),
        ("GET", reverse("workbench:early", args=[booking.public_id])),
        ("GET", reverse("workbench:board")),
        ("GET", reverse("workbench:own-name")),
    ]


def statuses(client: Client, calls: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return {call: client.generic(*call).status_code for call in calls}


def test_stranger_finds_nothing(house: House, booking: Booking) -> None:
    calls = for_managers(house, booking) + for_members(booking)

    found = statuses(browser(UserFactory()), calls)

    assert {call: status for call, status in found.items() if status != 404} == {}


def test_anonymous_is_sent_to_sign_in(house: House, booking: Booking) -> None:
    calls = for_managers(house, booking) + for_members(booking)

    found = {call: Client().generic(*call) for call in calls}

    assert {call for call, answer in found.items() if answer.status_code != 302 or "sign-in" not in answer.url} == set()


def test_caregiver_reaches_only_today_and_the_marks(house: House, booking: Booking) -> None:
    client = browser(caregiver_of(house.institution))

    refused = statuses(client, for_managers(house, booking))
    allowed = statuses(client, for_members(booking))

    assert {call: status for call, status in refused.items() if status != 403} == {}
    assert "请负责人打开" in client.get(reverse("workbench:week")).content.decode()
    assert {call: status for call, status in allowed.items() if status not in (200, 302)} == {}


def test_manager_of_another_house_finds_nothing_of_this_one(house: House, booking: Booking) -> None:
    client = browser(manager_of(open_house().institution))
    own = ("workbench:decline", "workbench:cancel", "workbench:accept", "workbench:call")
    calls = [("POST", reverse(name, args=[booking.public_id])) for name in own]
    calls += [("POST", reverse("workbench:mark", args=[booking.public_id, "arrive"]))]
    calls += [(method, reverse("workbench:correct", args=[booking.public_id])) for method in ("GET", "POST")]
    calls += [("GET", reverse("workbench:child", args=[booking.public_id]))]
    calls += [("GET", reverse("workbench:settings-class", args=[house.group.public_id]))]
    calls += [("GET", reverse("workbench:settings-hours-edit", args=[house.group.public_id]))]
    product = house.products["hourly"]
    calls += [("GET", reverse("workbench:settings-product", args=[product.public_id]))]
    calls += [("GET", reverse("workbench:settings-fee-add", args=[product.public_id]))]
    fee = [product.public_id, product.fees.get().pk]
    calls += [("POST", reverse(f"workbench:{name}", args=fee)) for name in ("settings-fee", "settings-fee-remove")]
    member = caregiver_of(house.institution).institution_memberships.get()
    for name in ("settings-people-end", "settings-people-name", "settings-people-reset"):
        calls += [(method, reverse(f"workbench:{name}", args=[member.pk])) for method in ("GET", "POST")]
    invite = invite_of(house)
    for name in ("settings-people-link", "settings-people-back"):
        calls += [("GET", reverse(f"workbench:{name}", args=[invite.pk]))]
    calls += [("POST", reverse("workbench:settings-people-back", args=[invite.pk]))]
    calls += [("GET", f"{reverse('workbench:today')}?institution={house.institution.public_id}")]

    found = statuses(client, calls)

    assert {call: status for call, status in found.items() if status != 404} == {}
    booking.refresh_from_db()
    invite.refresh_from_db()
    assert (booking.status, invite.taken_back_at) == (Booking.Status.CONFIRMED, None)


def test_manager_without_second_factor_is_sent_to_it(house: House, booking: Booking) -> None:
    client = browser(manager_of(house.institution), PASSWORD)

    for method, url in for_managers(house, booking) + for_members(booking):
        answer = client.generic(method, url)
        assert answer.status_code == 302
        assert "/staff/second-factor/" in answer.url


def test_caregiver_needs_the_factor_where_the_house_wants_it(house: House) -> None:
    house.institution.caregivers_need_factor = True
    house.institution.save()

    answer = browser(caregiver_of(house.institution), PHONE).get(reverse("workbench:today"))

    assert answer.status_code == 302
    assert "/staff/second-factor/" in answer.url


@pytest.mark.parametrize("page", ["today", "week", "board", "choose"])
def test_ended_member_is_told_whom_to_ask(house: House, page: str) -> None:
    user = caregiver_of(house.institution)
    InstitutionMember.objects.filter(user=user).update(ended_at=NOW)

    answer = browser(user).get(reverse(f"workbench:{page}"))

    words = answer.content.decode()
    assert (answer.status_code, "您已不在机构的名单里" in words, "请找机构的负责人" in words) == (403, True, True)
    assert (house.institution.name in words, "没有这个页面" in words) == (False, False)


def test_ended_member_who_works_elsewhere_finds_nothing_of_the_old_house(house: House) -> None:
    user = caregiver_of(house.institution)
    InstitutionMember.objects.filter(user=user).update(ended_at=NOW)
    caregiver_of(InstitutionFactory(public=True), user)

    answer = browser(user).get(reverse("workbench:today"), {"institution": house.institution.public_id})

    assert answer.status_code == 404


def test_member_of_two_houses_chooses_and_the_choice_stays(house: House) -> None:
    user = manager_of(house.institution)
    other = InstitutionFactory(public=True)
    manager_of(other, user)
    client = browser(user)

    first = client.get(reverse("workbench:today"))
    client.get(reverse("workbench:today"), {"institution": other.public_id})
    later = client.get(reverse("workbench:today"))

    assert first.url == reverse("workbench:choose")
    assert later.context["institution"] == other
    assert house.institution.name in client.get(reverse("workbench:choose")).content.decode()


def test_form_acts_on_the_house_it_was_shown_for(house: House) -> None:
    """Two tabs: the second chose another house; the form of the first still means its own."""
    user = manager_of(house.institution)
    other = InstitutionFactory(public=True)
    manager_of(other, user)
    client = browser(user)
    client.get(reverse("workbench:today"), {"institution": other.public_id})
    values = {"kind": "toddler", "name": "月亮班", "places": 5, "caregivers": 1}

    client.post(reverse("workbench:settings-class-add"), {**values, "institution": house.institution.public_id})

    assert house.institution.class_groups.filter(name="月亮班").exists()
    assert not other.class_groups.exists()


def test_choose_page_is_nothing_for_strangers(clock: time_machine.Traveller) -> None:
    assert browser(StaffUserFactory()).get(reverse("workbench:choose")).status_code == 404
