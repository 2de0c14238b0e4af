"""Day and time: days out of the window, stale places, and what stands in the way."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from booking.care.services.moves import cancel_booking
from booking.places.models import Booking
from booking.places.services.freshness import confirm_places
from cms.core.calendar.times import local
from tests.factories.accounts import FamilyMemberFactory
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, hold, open_house, toddler
from tests.factories.directory import CareProductFactory

pytestmark = pytest.mark.django_db


def time_url(house, child, *, mode="hourly", more="") -> str:
    return f"/booking/{house.institution.public_id}/time/?child={child.public_id}&mode={mode}&{more}"


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def age_places(house, **ago) -> None:
    confirm_places(institution=house.institution, actor=None, now=NOW - dt.timedelta(**ago))


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2026-12-08", "12月8日 周二 还没开放，11月24日 周二起可约"),
        ("2026-12-17", "12月17日 周四 还没开放，12月3日 周四起可约"),
        ("2026-11-22", "11月22日 周日 已经过了"),
    ],
)
@pytest.mark.parametrize(("mode", "following"), [("hourly", "11月23日 周一"), ("full_day", "11月24日 周二")])
def test_day_out_of_the_window_is_named_and_no_other_is_chosen_in_silence(sign_in, date, words, mode, following):
    house = open_house()
    user, child = toddler()

    response = sign_in(user).get(time_url(house, child, mode=mode, more=f"date={date}&from=14:00&to=17:00"))

    assert words in text(response)
    assert f"最近能约的是 {following}" in text(response)
    assert [day["current"] for day in response.context["days"]["days"]] == [False] * 15
    assert (response.context["offered"], response.context["missed"]) == (False, "")


def test_last_day_of_the_window_is_offered(sign_in):
    house = open_house(days=15)
    user, child = toddler()

    response = sign_in(user).get(time_url(house, child, more="date=2026-12-07"))

    assert response.context["offered"] is True
    assert response.context["days"]["days"][-1]["current"] is True
    assert (response.context["days"]["earlier"], response.context["days"]["later"]) == ("", "")


def test_hours_of_a_day_that_is_not_open_yet_are_refused_in_words(sign_in):
    house = open_house(days=30)
    user, child = toddler()

    response = sign_in(user).post(time_url(house, child, more="date=2026-12-17"), {"starts": "14:00", "ends": "17:00"})

    assert response.context["form"].errors == {"__all__": ["这一天还没有开放预约。"]}
    assert Booking.objects.count() == 0


@pytest.mark.parametrize("date", ["0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31"])
def test_date_of_another_age_is_left_out(sign_in, date):
    house = open_house()
    user, child = toddler()

    response = sign_in(user).get(time_url(house, child, more=f"date={date}"))

    assert response.context["day"] == TODAY


def test_month_is_named_at_the_beginning_and_where_it_changes(sign_in):
    house = open_house()
    user, child = toddler()

    response = sign_in(user).get(time_url(house, child))

    days = response.context["days"]["days"]
    assert [day["day"] for day in days if day["with_month"]] == [TODAY, dt.date(2026, 12, 1)]
    assert '<span class="month">12/</span>1</b>' in response.content.decode()


def test_chosen_full_day_does_not_look_free(sign_in):
    house = open_house(regular_places=9)
    other, sibling = toddler()
    booked(house, user=other, child=sibling, starts=dt.time(8), ends=dt.time(18))
    user, child = toddler()

    response = sign_in(user).get(time_url(house, child, more=f"date={TOMORROW}"))

    first, second, *_rest = response.context["days"]["days"]
    assert (first["current"], first["free"]) == (False, True)
    assert (second["current"], second["free"], second["note"]) == (True, False, "已满")


@pytest.mark.parametrize("mode", ["hourly", "half_day"])
def test_stale_places_are_shown_without_numbers_and_say_what_to_do(sign_in, mode):
    house = open_house(phone="0379-60000001")
    age_places(house, days=4)
    user, child = toddler()

    response = sign_in(user).get(time_url(house, child, mode=mode, more=f"date={TOMORROW}"))

    words = text(response)
    assert "等机构答复，也可打电话" in words
    assert "空位 4 天未更新，不作准。 提交以后，机构答复了才算约上。 0379-60000001" in words
    assert [day["note"] for day in response.context["days"]["days"]][1:3] == ["可申请", "可申请"]
    assert re.findall(r"\d+ ?位", words) == []


@pytest.mark.parametrize(("decides", "phone", "title"), [(True, "", "等机构答复"), (False, "0379-60000001", "")])
def test_fresh_places_show_their_numbers(sign_in, decides, phone, title):
    house = open_house(policy={"needs_acceptance": decides}, phone=phone)
    age_places(house, days=3)
    user, child = toddler()
    client = sign_in(user)

    response = client.get(time_url(house, child, mode="half_day", more=f"date={TOMORROW}"))
    steps = client.get(f"/booking/{house.institution.public_id}/mode/?child={child.public_id}")

    assert "6 位" in text(response)
    for page in (response, steps):
        assert ("机构答复了才算约上" in text(page)) is bool(title)
        assert "也可打电话" not in text(page)
        assert "未更新" not in text(page)


@pytest.mark.parametrize("step", ["child", "mode", "time"])
def test_every_step_says_that_stale_places_need_an_answer(sign_in, step):
    house = open_house(phone="0379-60000001")
    age_places(house, days=4)
    user, child = toddler()

    response = sign_in(user).get(time_url(house, child).replace("/time/", f"/{step}/"))

    assert "等机构答复，也可打电话" in text(response)
    assert "空位 4 天未更新，不作准" in text(response)


@pytest.mark.parametrize("confirmed", [True, False])
def test_overlap_leads_to_the_other_booking(sign_in, confirmed):
    house, other = open_house(name="示例·小满托育园"), open_house()
    user, child = toddler()
    by_whom = FamilyMemberFactory(family=child.family, role="guardian").user
    gone = booked(house, user=by_whom, child=child, starts=dt.time(16), ends=dt.time(18))
    cancel_booking(user=user, booking=gone.public_id, now=NOW)
    first = (booked if confirmed else hold)(house, user=by_whom, child=child)
    booked(house, user=by_whom, child=child, starts=dt.time(8), ends=dt.time(9))

    response = sign_in(user).post(time_url(other, child, more=f"date={TOMORROW}"), {"starts": "16:00", "ends": "18:00"})

    page = f"/me/bookings/{first.public_id}/" if confirmed else f"/booking/check/{first.public_id}/"
    assert response.context["in_the_way"] == {"words": "11月24日 周二 14:00–17:00 示例·小满托育园", "url": page}
    assert f'href="{page}"' in response.content.decode()
    assert "看那次预约：11月24日 周二 14:00–17:00 示例·小满托育园" in text(response)


def test_what_was_chosen_so_far_stands_beside_the_steps(sign_in):
    house = open_house(name="示例·小满托育园", phone="0379-60000001")
    user, child = toddler(nickname="豆豆")
    query = "date=2026-11-24&from=14:00&to=17:00"

    response = sign_in(user).get(time_url(house, child, more=query))

    so_far = response.context["so_far"]
    assert (so_far.institution, so_far.child, so_far.mode) == (house.institution, "豆豆", "计时托")
    assert (so_far.day, so_far.hours, so_far.price) == ("11月24日 周二", "14:00–17:00", "54 元")
    first = sign_in(user).get(f"/booking/{house.institution.public_id}/child/?{query}").context["so_far"]
    assert (first.child, first.mode, first.day, first.price) == ("", "", "11月24日 周二", "")
    assert "0379-60000001" in text(response)


@pytest.mark.parametrize(("mode", "chosen"), [("full_day", [True]), ("temporary", [False] * 5)])
def test_the_only_window_is_chosen_already(sign_in, mode, chosen):
    house = open_house()
    user, child = toddler()

    page = sign_in(user).get(time_url(house, child, mode=mode))

    assert [choice["chosen"] for choice in page.context["windows"]] == chosen


@pytest.mark.parametrize(
    ("hours", "chosen"),
    [
        ("from=14:00&to=17:00", [False, True]),
        ("from=14:00&to=18:00", [False, True]),
        ("from=08:30&to=11:00", [True, False]),
        ("from=11:00&to=15:00", [False, False]),
        ("from=14:00&to=18:30", [False, False]),
        ("", [False, False]),
    ],
)
def test_window_that_holds_the_asked_hours_is_chosen_already(sign_in, hours, chosen):
    house = open_house()
    house.institution.products.filter(mode="half_day").delete()
    for part, starts, ends in (("morning", 8, 12), ("afternoon", 14, 18)):
        CareProductFactory(
            institution=house.institution, half_day=True, part=part, starts=dt.time(starts), ends=dt.time(ends)
        )
    user, child = toddler()

    page = sign_in(user).get(time_url(house, child, mode="half_day", more=f"date={TOMORROW}&{hours}"))

    assert [choice["chosen"] for choice in page.context["windows"]] == chosen


def test_script_knows_the_shortest_stay(sign_in):
    house = open_house(policy={"minimum_minutes": 90})
    user, child = toddler()

    assert 'data-least="90"' in sign_in(user).get(time_url(house, child)).content.decode()


def test_the_only_window_is_not_chosen_in_place_of_what_was_sent(sign_in):
    house = open_house()
    user, child = toddler()

    page = sign_in(user).post(time_url(house, child, mode="full_day"), {"window": "x|08:00|18:00"})

    assert [choice["chosen"] for choice in page.context["windows"]] == [False]


def common(house, starts: str, ends: str) -> str:
    product = house.institution.products.get(mode="hourly")
    return f"{product.public_id}|{starts}|{ends}"


def radios(response) -> list[str]:
    return re.findall(r'<input type="radio" name="common"[^>]*>', re.sub(r"\s+", " ", response.content.decode()))


def test_common_stays_are_a_choice_with_the_asked_one_marked(sign_in):
    house = open_house()
    user, child = toddler()

    page = sign_in(user).get(time_url(house, child, more=f"date={TOMORROW}&from=14:00&to=17:00"))

    chosen = common(house, "14:00", "17:00")
    assert len(radios(page)) == 4
    assert [chosen in radio for radio in radios(page)] == ["checked" in radio for radio in radios(page)]
    assert f'<input type="hidden" name="marked" value="{chosen}">' in page.content.decode()
    assert "或者选常用时段" in text(page)


def test_hours_of_ones_own_mark_no_common_stay(sign_in):
    house = open_house()
    user, child = toddler()

    page = sign_in(user).get(time_url(house, child, more=f"date={TOMORROW}&from=14:00&to=16:30"))

    assert (len(radios(page)), [radio for radio in radios(page) if "checked" in radio]) == (4, [])
    assert 'name="marked"' not in page.content.decode()


@pytest.mark.parametrize(
    ("chosen", "marked", "booked_hours"),
    [
        (("15:00", "18:00"), ("14:00", "17:00"), (15, 18)),
        (("15:00", "18:00"), None, (15, 18)),
        (("14:00", "17:00"), ("14:00", "17:00"), (9, 12)),
        (("10:00", "13:00"), None, (9, 12)),
        (None, ("14:00", "17:00"), (9, 12)),
    ],
    ids=["another", "first", "the hours were changed", "not offered", "none"],
)
def test_common_stay_counts_where_it_was_chosen_on_the_page(sign_in, chosen, marked, booked_hours):
    house = open_house()
    user, child = toddler()
    sent = {"starts": "09:00", "ends": "12:00"}
    sent |= {"common": common(house, *chosen)} if chosen else {}
    sent |= {"marked": common(house, *marked)} if marked else {}

    sign_in(user).post(time_url(house, child, more=f"date={TOMORROW}"), sent)

    held = Booking.objects.get()
    assert (local(held.starts_at).hour, local(held.ends_at).hour) == booked_hours


def test_common_stay_that_filled_up_is_kept_in_the_hours(sign_in):
    house = open_house(regular_places=9)
    other, sibling = toddler()
    booked(house, user=other, child=sibling, starts=dt.time(14), ends=dt.time(17))
    user, child = toddler()

    page = sign_in(user).post(
        time_url(house, child, more=f"date={TOMORROW}"),
        {"starts": "09:00", "ends": "12:00", "common": common(house, "14:00", "17:00")},
    )

    assert page.context["is_full"] is True
    assert (page.context["form"]["starts"].value(), page.context["form"]["ends"].value()) == ("14:00", "17:00")


def test_several_windows_bring_their_fee_for_the_bar(sign_in):
    house = open_house()
    user, child = toddler()

    page = sign_in(user).get(time_url(house, child, mode="half_day", more=f"date={TOMORROW}"))

    assert 'name="window"' in page.content.decode()
    assert 'data-fee="45 元"' in page.content.decode()
    assert 'data-time="8:00–12:00"' in page.content.decode()
    assert 'name="marked"' not in page.content.decode()
