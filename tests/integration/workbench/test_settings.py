"""Settings: from nothing to bookable, warnings before booked children are pushed over, closing a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from booking.places.models import Booking, BookingPolicy, CapacityCell
from booking.places.queries.offers import list_offers
from cms.accounts.models import ChildAccess
from cms.core.calendar.times import at
from cms.workbench.services import changes
from directory.register.models import CareProduct
from tests.factories.booking import NOW, TOMORROW, House, booked, open_house, toddler
from tests.factories.directory import InstitutionFactory
from tests.factories.workbench import browser, caregiver_of, manager_of

pytestmark = pytest.mark.django_db
Traveller = time_machine.Traveller


@pytest.fixture(scope="module")
def laid_house(lay: Callable[[Callable[[], House]], House]) -> House:
    return lay(lambda: open_house(policy={"cutoff_minutes": 60}))


@pytest.fixture
def desk(house: House) -> Client:
    return browser(manager_of(house.institution))


def url(name: str, *args: object) -> str:
    return reverse(f"workbench:{name}", args=args)


def week(opens: str = "08:00", closes: str = "18:00", days: int = 5) -> dict[str, str]:
    found: dict[str, str] = {}
    for day in range(days):
        found |= {f"open_{day}": "on", f"opens_{day}": opens, f"closes_{day}": closes}
    return found


def test_checklist_leads_from_nothing_to_a_booking(clock: Traveller) -> None:
    institution = InstitutionFactory(public=True)
    client = browser(manager_of(institution))

    first = client.get(url("settings-setup"))
    client.post(
        url("settings-class-add"),
        {"kind": "toddler", "name": "小星星班", "places": 15, "caregivers": 3, "setup": "1"},
    )
    group = institution.class_groups.get()
    hours = client.post(url("settings-hours-edit", group.public_id), {**week(), "setup": "1"})
    rules = group.opening_rules.order_by("weekday")
    taken_before = [rule.regular_places for rule in rules]
    regular = client.post(url("settings-regular"), {**{f"rule_{rule.pk}": 12 for rule in rules}, "setup": "1"})
    product = {"starts": "08:00", "ends": "18:00", "fee": "18", "from_date": "2026-11-23", "setup": "1"}
    client.post(url("settings-product-add", "hourly"), product)
    policy = client.get(url("settings-policy"), {"setup": "1"})
    done = client.post(url("settings-policy"), {**policy.context["form"].initial, "setup": "1"}, follow=True)

    assert first.context["next"].name == "classes"
    assert taken_before == [15] * 5
    assert hours.url == url("settings-regular") + "?setup=1"
    assert regular.url == url("settings-products") + "?setup=1"
    assert "家长现在可以预约了" in done.content.decode()
    offers = list_offers(institution=institution, age_months=17, day=TOMORROW, now=NOW)
    assert {offer.remaining for offer in offers} == {3}


def test_checklist_of_an_unpublished_institution_says_what_is_missing(clock: Traveller, house: House) -> None:
    BookingPolicy.objects.get_or_create(institution=house.institution)
    house.institution.is_public = False
    house.institution.save()
    client = browser(manager_of(house.institution))

    assert "还差一件事：区里公布备案" in client.get(url("settings-setup")).content.decode()


def test_every_settings_page_opens(house: House, desk: Client) -> None:
    caregiver_of(house.institution)
    pages = [
        url(name)
        for name in (
            "settings",
            "settings-setup",
            "settings-classes",
            "settings-class-add",
            "settings-hours",
            "settings-regular",
            "settings-products",
            "settings-policy",
            "settings-closing",
            "settings-people",
            "settings-profile",
        )
    ]
    pages += [url("settings-class", house.group.public_id), url("settings-hours-edit", house.group.public_id)]
    pages += [url("settings-product", product.public_id) for product in house.products.values()]

    assert {page: desk.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_class_is_changed_and_cells_follow(house: House, desk: Client) -> None:
    data = {"kind": "toddler", "name": "太阳班", "places": 10, "caregivers": 1, "active": "on"}

    answer = desk.post(url("settings-class", house.group.public_id), data)

    assert answer.url == url("settings-classes")
    cells = CapacityCell.objects.filter(pool__institution=house.institution, pool__bucket="toddler")
    assert set(cells.filter(starts_at__gt=NOW).values_list("target", flat=True)) == {1}


def test_name_used_twice_is_told_and_typed_words_stay(house: House, desk: Client) -> None:
    data = {"kind": "toddler", "name": house.group.name, "places": 7, "caregivers": 1}

    page = desk.post(url("settings-class-add"), data).content.decode()

    assert "已有同名的班" in page
    assert 'value="7"' in page


def three_booked(house: House) -> list[Booking]:
    made = []
    for index in range(3):
        user, child = toddler(nickname=f"豆豆{index}号")
        made.append(booked(house, user=user, child=child, day=TOMORROW))
    return made


def test_fewer_caregivers_name_the_booked_children_first(house: House, desk: Client) -> None:
    bookings = three_booked(house)
    data = {"kind": "toddler", "name": "太阳班", "places": 10, "caregivers": 1, "active": "on"}

    warned = desk.post(url("settings-class", house.group.public_id), data)
    house.group.refresh_from_db()
    before = house.group.caregivers
    desk.post(url("settings-class", house.group.public_id), {**data, "accept_over": "1"})
    house.group.refresh_from_db()
    page = warned.content.decode()

    assert "超出 2 位" in page
    assert "涉及 3 个预约" in page
    assert all(booking.child.nickname in page for booking in bookings)
    assert (before, house.group.caregivers) == (2, 1)
    assert ChildAccess.objects.filter(purpose="settings").count() == 3
    assert {booking.status for booking in Booking.objects.all()} == {"confirmed"}
    assert "超出 2 位" in desk.get("/workbench/").content.decode()


def test_shorter_hours_name_the_booked_children_first(house: House, desk: Client) -> None:
    three_booked(house)

    warned = desk.post(url("settings-hours-edit", house.group.public_id), week(closes="15:00", days=7))

    assert warned.context["warning"].spans[0].starts_at == at(TOMORROW, dt.time(15))
    assert house.group.opening_rules.filter(closes=dt.time(18)).count() == 7


def test_saving_a_product_names_the_children_who_would_be_over(house: House, desk: Client) -> None:
    """The hours were changed by other means; saving anything writes the places again."""
    three_booked(house)
    house.group.opening_rules.update(regular_places=10)
    product = house.products["full_day"]
    page = url("settings-product", product.public_id)
    data = {"starts": "08:00", "ends": "17:00", "active": "on"}

    warned = desk.post(page, data)
    product.refresh_from_db()
    before = product.ends
    desk.post(page, {**data, "accept_over": "1"})
    product.refresh_from_db()

    assert "涉及 3 个预约" in warned.content.decode()
    assert 'name="accept_over"' in warned.content.decode()
    assert (before, product.ends) == (dt.time(18), dt.time(17))


def test_regular_places_over_the_class_are_told(house: House, desk: Client) -> None:
    rules = house.group.opening_rules.order_by("weekday")

    page = desk.post(url("settings-regular"), {f"rule_{rule.pk}": 99 for rule in rules}).content.decode()

    assert escape(f"{house.group.name}周一请填 0 到 10") in page


def test_half_day_product_is_added_with_its_part(house: House, desk: Client) -> None:
    data = {"part": "afternoon", "starts": "13:00", "ends": "18:00", "fee": "45", "from_date": "2026-09-01"}

    desk.post(url("settings-product-add", "half_day"), data)

    product = CareProduct.objects.get(institution=house.institution, part="afternoon")
    assert list(product.fees.values_list("class_kind", "from_date", "fee")) == [("", dt.date(2026, 9, 1), 4500)]


def test_unknown_mode_is_404(desk: Client) -> None:
    assert desk.get(url("settings-product-add", "half_month")).status_code == 404


def test_policy_is_saved(house: House, desk: Client) -> None:
    initial = desk.get(url("settings-policy")).context["form"].initial

    desk.post(url("settings-policy"), {**initial, "opens_days_ahead": "7", "needs_acceptance": "on"})

    saved = BookingPolicy.objects.get(institution=house.institution)
    assert (saved.opens_days_ahead, saved.needs_acceptance) == (7, True)


def locked(*args: object, **values: object) -> None:
    raise OperationalError("database is locked")


def test_setting_that_meets_a_lock_says_so(house: House, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    initial = desk.get(url("settings-policy")).context["form"].initial
    monkeypatch.setattr(changes, "lock_institution", locked)

    answer = desk.post(url("settings-policy"), {**initial, "opens_days_ahead": "7"})

    assert answer.context["form"].errors == {"__all__": ["现在预约的人多，请稍等几秒再试一次。"]}
    assert BookingPolicy.objects.get(institution=house.institution).opens_days_ahead == 14


@pytest.mark.parametrize("bad", ["2026-02-30", "abc", "2026-13-01"])
def test_days_that_are_none_are_404(desk: Client, bad: str) -> None:
    assert desk.get(f"/workbench/days/{bad}/").status_code == 404


def test_introduction_is_a_draft_for_staff(house: House, desk: Client) -> None:
    desk.post(url("settings-profile"), {"introduction": "院子里有沙池。"})
    page = desk.get(url("settings-profile")).content.decode()

    profile = house.institution.profile
    assert profile.introduction == ""
    assert profile.get_latest_revision_as_object().introduction == "院子里有沙池。"
    assert "草稿已经交给区里" in page
    assert "院子里有沙池。" in page


def test_public_phone_is_changed_at_once(house: House, desk: Client) -> None:
    bad = desk.post(url("settings-profile-phone"), {"phone": "找园长"}).content.decode()
    desk.post(url("settings-profile-phone"), {"phone": "0379-65500001"})
    house.institution.refresh_from_db()

    assert "电话请填数字" in bad
    assert house.institution.phone == "0379-65500001"


def test_refused_phone_leaves_the_draft_of_the_introduction_on_the_page(house: House, desk: Client) -> None:
    desk.post(url("settings-profile"), {"introduction": "院子里有沙池。"})

    refused = desk.post(url("settings-profile-phone"), {"phone": "找园长"})

    assert refused.context["form"]["introduction"].value() == "院子里有沙池。"
    assert refused.context["phone_form"]["phone"].value() == "找园长"
    assert "草稿已经交给区里" in refused.content.decode()
