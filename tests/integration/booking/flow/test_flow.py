from __future__ import annotations

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from booking.places.models import Booking
from directory.districts.class_kinds import CareMode
from tests.factories.accounts import ChildFactory, UserFactory
from tests.factories.booking import NOW, TODAY, booked, hold, open_house, toddler
from tests.factories.directory import InstitutionFactory

pytestmark = pytest.mark.django_db
QUESTION = "date=2026-11-24&from=14:00&to=17:00"


def url(house, step="", query=""):
    return f"/booking/{house.institution.public_id}/{step}{'?' if query else ''}{query}"


def time_url(house, child, mode="hourly", more=QUESTION):
    return url(house, "time/", f"child={child.public_id}&mode={mode}&{more}")


def query_of(response) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}


def only(house, *modes):
    house.institution.products.exclude(mode__in=modes).delete()


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("step", ["", "child/", "mode/", "time/"])
def test_visitor_without_session_signs_in_and_comes_back(clock, step):
    house = open_house()

    response = Client().get(url(house, step, QUESTION))

    assert response.status_code == 302
    assert query_of(response)["next"] == url(house, step, QUESTION)
    assert response["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("step", ["", "child/", "mode/", "time/"])
def test_institution_that_is_not_public_is_404(sign_in, step):
    user, _child = toddler()
    hidden = InstitutionFactory()

    assert sign_in(user).get(f"/booking/{hidden.public_id}/{step}").status_code == 404
    assert sign_in(user).get(f"/booking/nowhere/{step}").status_code == 404


def test_start_skips_what_only_one_answer_fits_and_keeps_the_question(sign_in):
    house = open_house()
    only(house, CareMode.HOURLY)
    user, child = toddler()

    response = sign_in(user).get(url(house, "", QUESTION))

    assert urlsplit(response["Location"]).path == url(house, "time/")
    assert query_of(response) == {
        "child": child.public_id,
        "mode": "hourly",
        "date": "2026-11-24",
        "from": "14:00",
        "to": "17:00",
    }


def test_start_asks_for_the_mode_where_there_are_several(sign_in):
    house = open_house()
    user, _child = toddler()

    response = sign_in(user).get(url(house))

    assert urlsplit(response["Location"]).path == url(house, "mode/")


def test_start_ignores_the_child_of_another_family(sign_in):
    house = open_house()
    user, child = toddler()
    _other, strange = toddler()

    response = sign_in(user).get(url(house, "", f"child={strange.public_id}"))

    assert query_of(response)["child"] == child.public_id


def test_start_of_an_institution_without_offers_says_so(sign_in):
    house = open_house()
    only(house)
    user, _child = toddler()

    response = sign_in(user).get(url(house))

    assert response.status_code == 200
    assert "暂时不能网上预约" in text(response)


def test_child_page_shows_who_fits_and_why_others_do_not(sign_in):
    house = open_house()
    user, child = toddler(nickname="豆豆")
    ChildFactory(family=child.family, nickname="果果", birth_date=dt.date(2026, 9, 1))
    ChildFactory(family=child.family, nickname="大宝", birth_date=dt.date(2022, 9, 1))

    response = sign_in(user).get(url(house, "child/"))

    assert [choice.child.nickname for choice in response.context["choices"].fitting] == ["豆豆"]
    assert "宝宝满 12 个月后可预约（2027年9月）" in text(response)
    assert "满 3 岁后不再提供托育" in text(response)
    assert f"/me/children/add/?next=%2Fbooking%2F{house.institution.public_id}" in response.content.decode()


def test_first_step_leads_back_to_the_institution_with_the_question(sign_in):
    house = open_house()
    user, child = toddler()
    asked = "age=17&date=2026-11-24&from=14:00&to=17:00"

    page = sign_in(user).get(url(house, "child/", f"child={child.public_id}&mode=hourly&{asked}"))

    back = urlsplit(page.context["back"])
    assert back.path == house.institution.get_absolute_url()
    assert parse_qs(back.query) == parse_qs(f"child={child.public_id}&{asked}")


def test_child_page_leads_to_adding_the_first_child(sign_in):
    house = open_house()

    response = sign_in(UserFactory()).get(url(house, "child/"))

    assert "先添加宝宝" in text(response)


def test_child_who_does_not_fit_cannot_be_sent(sign_in):
    house = open_house()
    user, child = toddler()
    baby = ChildFactory(family=child.family, birth_date=dt.date(2026, 9, 1))

    response = sign_in(user).post(url(house, "child/"), {"child": baby.public_id})

    assert response.context["form"].errors == {"child": ["这个宝宝现在不能约，请另选一个。"]}


def test_child_and_mode_are_carried_on(sign_in):
    house = open_house()
    user, child = toddler()
    ChildFactory(family=child.family, birth_date=child.birth_date)
    client = sign_in(user)

    first = client.post(url(house, "child/", QUESTION), {"child": child.public_id})
    second = client.post(url(house, "mode/", QUESTION + f"&child={child.public_id}"), {"mode": "hourly"})

    assert query_of(first)["child"] == child.public_id
    assert query_of(second)["mode"] == "hourly"
    assert urlsplit(client.get(second["Location"])["Location"]).path == url(house, "time/")


def test_mode_must_be_chosen(sign_in):
    house = open_house()
    user, _child = toddler()

    response = sign_in(user).post(url(house, "mode/"), {})

    assert response.context["form"].errors == {"mode": ["请选托育方式"]}
    assert "18 元/小时" in text(response)


def test_time_page_is_filled_in_from_the_question(sign_in):
    house = open_house()
    user, child = toddler()

    response = sign_in(user).get(time_url(house, child))

    assert response.context["form"]["starts"].value() == "14:00"
    assert response.context["form"]["ends"].value() == "17:00"
    assert response.content.decode().count("mine") == 6
    assert [day["note"] for day in response.context["days"]["days"]][:3] == ["6位", "6位", "6位"]
    assert len(response.context["days"]["days"]) == 15
    assert "3 小时" in text(response)
    assert "54 元" in text(response)


def test_time_page_names_days_that_are_full_closed_or_over(sign_in, clock):
    house = open_house(regular_places=9)
    other, sibling = toddler()
    booked(house, user=other, child=sibling, starts=dt.time(8), ends=dt.time(18))
    house.group.opening_rules.filter(weekday=2).delete()
    house.institution.capacity_pools.get(bucket="toddler").cells.filter(
        starts_at__date=TODAY + dt.timedelta(days=2)
    ).delete()
    clock.move_to(NOW + dt.timedelta(hours=8))
    user, child = toddler()

    response = sign_in(user).get(time_url(house, child, more=""))

    assert [day["note"] for day in response.context["days"]["days"]][:4] == ["已截止", "已满", "休", "1位"]
    assert response.context["day"] == TODAY + dt.timedelta(days=3)


def test_time_page_says_at_once_when_the_asked_hours_are_full(sign_in):
    house = open_house(regular_places=9)
    other, sibling = toddler()
    booked(house, user=other, child=sibling, starts=dt.time(14), ends=dt.time(15))
    user, child = toddler()

    response = sign_in(user).get(time_url(house, child))

    assert response.context["missed"] == "14:00–17:00：已满，看看下面的时段。"
    assert "看看这个时间别的机构" in text(response)
    assert (response.context["form"]["starts"].value(), response.context["form"]["ends"].value()) == ("08:00", "10:00")


def test_time_page_without_a_day_to_offer_leads_to_the_next(sign_in):
    house = open_house(regular_places=9)
    other, sibling = toddler()
    booked(house, user=other, child=sibling, starts=dt.time(8), ends=dt.time(18))
    user, child = toddler()

    response = sign_in(user).get(time_url(house, child))

    assert "11月24日 周二 已满" in text(response)
    assert "最近能约的是 11月23日 周一" in text(response)
    assert response.context["missed"] == ""
    assert text(response).count("别的机构") == 1


@pytest.mark.parametrize(
    "query", ["date=soon&from=25:00&to=x&mode=hourly", "date=2020-01-01&mode=hourly", "mode=nonsense"]
)
def test_nonsense_in_the_address_is_left_out(sign_in, query):
    house = open_house()
    user, child = toddler()

    response = sign_in(user).get(url(house, "time/", f"child={child.public_id}&{query}"), follow=True)

    assert response.status_code == 200


def test_time_page_of_a_strange_child_starts_anew(sign_in):
    house = open_house()
    user, _child = toddler()
    _other, strange = toddler()

    response = sign_in(user).get(time_url(house, strange))

    assert urlsplit(response["Location"]).path == url(house)


def test_hours_are_held_and_checked(sign_in):
    house = open_house()
    user, child = toddler()
    client = sign_in(user)
    key = client.get(time_url(house, child)).context["form"]["key"].value()

    response = client.post(time_url(house, child), {"key": key, "starts": "14:00", "ends": "17:00"})

    booking = Booking.objects.get()
    assert response["Location"] == f"/booking/check/{booking.public_id}/"
    assert (booking.status, booking.mode, booking.amount) == ("held", "hourly", 5400)
    again = client.post(time_url(house, child), {"key": key, "starts": "14:00", "ends": "17:00"})
    assert again["Location"] == response["Location"]


@pytest.mark.parametrize(("mode", "count"), [("full_day", 1), ("half_day", 1), ("temporary", 5)])
def test_fixed_windows_are_choices(sign_in, mode, count):
    house = open_house()
    user, child = toddler()
    client = sign_in(user)
    windows = client.get(time_url(house, child, mode)).context["windows"]
    assert len(windows) == count

    client.post(time_url(house, child, mode), {"window": windows[0]["window"].value})

    booking = Booking.objects.get()
    assert (booking.mode, booking.amount) == (mode, house.products[mode].fees.get().fee)


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"starts": "17:00", "ends": "14:00"}, {"ends": ["结束要晚于开始，请另选结束时间。"]}),
        ({"starts": "14:00"}, {"ends": ["请选结束"]}),
        (
            {"starts": "14:07", "ends": "x"},
            {"starts": ["这个时间不能选，请另选一个。"], "ends": ["这个时间不能选，请另选一个。"]},
        ),
        ({"starts": "14:00", "ends": "14:30"}, {"__all__": ["时间太短，请把结束时间往后选。"]}),
    ],
)
def test_hours_that_make_no_stay_are_refused_kindly(sign_in, sent, errors):
    house = open_house()
    user, child = toddler()

    response = sign_in(user).post(time_url(house, child), sent)

    assert response.status_code == 200
    assert response.context["form"].errors == errors
    assert Booking.objects.count() == 0


def test_window_must_be_chosen(sign_in):
    house = open_house()
    user, child = toddler()

    response = sign_in(user).post(time_url(house, child, "full_day"), {"window": "x|08:00|18:00"})

    assert response.context["form"].errors == {"window": ["这个时段不能选了，请另选一个。"]}


def test_place_taken_meanwhile_offers_others_at_once_and_keeps_the_choice(sign_in):
    house = open_house(regular_places=9)
    user, child = toddler()
    client = sign_in(user)
    client.get(time_url(house, child))
    other, sibling = toddler()
    booked(house, user=other, child=sibling)

    response = client.post(time_url(house, child), {"starts": "14:00", "ends": "17:00"})

    assert response.context["form"].errors == {"__all__": ["这个时间已经满了，看看别的时间。"]}
    assert (response.context["form"]["starts"].value(), response.context["form"]["ends"].value()) == ("14:00", "17:00")
    assert [choice["window"].problem for choice in response.context["windows"]] == ["", "", "full", "full"]
    assert "看看这个时间别的机构" in text(response)


def test_own_unconfirmed_hold_does_not_stand_in_the_way(sign_in):
    house = open_house()
    user, child = toddler()
    client = sign_in(user)
    first = client.post(time_url(house, child), {"key": "page", "starts": "14:00", "ends": "17:00"})

    second = client.post(time_url(house, child), {"key": "page", "starts": "15:00", "ends": "17:00"})

    assert second["Location"] != first["Location"]
    assert sorted(Booking.objects.values_list("status", flat=True)) == ["cancelled", "held"]


def test_change_that_is_refused_leaves_the_earlier_hold(sign_in):
    house = open_house(regular_places=9)
    other, sibling = toddler()
    booked(house, user=other, child=sibling, starts=dt.time(9), ends=dt.time(10))
    user, child = toddler()
    held = hold(house, user=user, child=child)

    sign_in(user).post(
        time_url(house, child, more=f"date=2026-11-24&replaces={held.public_id}"), {"starts": "08:00", "ends": "10:00"}
    )

    held.refresh_from_db()
    assert held.status == Booking.Status.HELD


def test_another_day_of_the_same_child_replaces_only_where_asked(sign_in):
    house = open_house()
    user, child = toddler()
    client = sign_in(user)
    held = hold(house, user=user, child=child)

    client.post(time_url(house, child, more="date=2026-11-25"), {"starts": "14:00", "ends": "17:00"})
    held.refresh_from_db()
    assert held.status == Booking.Status.HELD
    client.post(
        time_url(house, child, more=f"date=2026-11-26&replaces={held.public_id}"), {"starts": "14:00", "ends": "17:00"}
    )

    held.refresh_from_db()
    assert held.status == Booking.Status.CANCELLED
