"""Closing days, hours and classes in the workbench: the list first, then done; and opened again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.care.services import closing
from booking.places.models import Booking, CapacityCell
from cms.accounts.models import ChildAccess
from cms.core.calendar.times import at
from directory.register.models import ClosingDay
from tests.factories.booking import TODAY, TOMORROW, House, booked, full_house, infant, toddler
from tests.factories.directory import ClosingDayFactory
from tests.factories.workbench import browser, manager_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def laid_house(lay: Callable[[Callable[[], House]], House]) -> House:
    return lay(lambda: full_house(policy={"cutoff_minutes": 60}, days=5))


@pytest.fixture
def desk(house: House) -> Client:
    return browser(manager_of(house.institution))


def url(name: str, **query: object) -> str:
    return f"{reverse(f'workbench:settings-closing{name}')}?" + "&".join(
        f"{key}={value}" for key, value in query.items()
    )


def three_booked(house: House) -> list[Booking]:
    return [booked(house, user=user, child=child) for user, child in (toddler(), toddler(), infant())]


def close(desk: Client, **query: object) -> str:
    """Look, then do it: what the page says in the end."""
    address = url("-new", **query)
    seen = desk.get(address).context["impact"].mark
    return desk.post(address, {"reason": "停水检修", "seen": seen}, follow=True).content.decode()


def target(house: House, day: dt.date, hour: int, bucket: str = "toddler") -> int:
    cells = CapacityCell.objects.filter(pool__institution=house.institution, pool__bucket=bucket)
    return cells.get(starts_at=at(day, dt.time(hour))).target


def test_list_of_who_is_booked_comes_first(house: House, desk: Client) -> None:
    bookings = three_booked(house)

    page = desk.get(url("-new", first=TOMORROW)).content.decode()

    assert "有 3 个预约，3 个家庭（3 个宝宝）会收到取消通知" in page
    assert bookings[0].child.nickname in page
    assert not ClosingDay.objects.exists()


def test_closing_says_how_many_are_told(house: House, desk: Client) -> None:
    three_booked(house)

    done = close(desk, first=TOMORROW)

    assert "11月24日 周二已关闭，正在告诉 3 家（3 个预约）" in done
    assert [(row.date, row.reason) for row in ClosingDay.objects.all()] == [(TOMORROW, "停水检修")]


def test_closing_of_nobody_tells_nobody(desk: Client) -> None:
    page = desk.get(url("-new", first=TOMORROW)).content.decode()

    assert "这段时间还没有预约" in page
    done = close(desk, first=TOMORROW)
    assert "11月24日 周二已关闭" in done
    assert "正在告诉" not in done


def test_every_look_at_a_child_is_written_down(house: House, desk: Client) -> None:
    three_booked(house)
    desk.get(url("-new", first=TOMORROW))

    assert ChildAccess.objects.filter(purpose="closing").count() == 3


def test_booking_made_meanwhile_is_shown_before_closing(house: House, desk: Client) -> None:
    seen = desk.get(url("-new", first=TOMORROW)).context["impact"].mark
    three_booked(house)

    page = desk.post(url("-new", first=TOMORROW), {"reason": "停水检修", "seen": seen}).content.decode()

    assert "刚刚预约有变化，请再看一遍名单" in page
    assert "有 3 个预约" in page
    assert "停水检修" in page
    assert not ClosingDay.objects.exists()


def test_closing_needs_a_reason(desk: Client) -> None:
    page = desk.post(url("-new", first=TOMORROW), {"reason": "", "seen": ""}).content.decode()

    assert "请填原因" in page


def test_spring_festival_is_one_form(house: House, desk: Client) -> None:
    page = close(desk, first=TOMORROW, last=TOMORROW + 6 * DAY)

    assert "11月24日 周二至11月30日 周一" in page
    assert ClosingDay.objects.count() == 7
    assert target(house, TOMORROW + 2 * DAY, 9) == 0


def test_half_a_day_of_one_class(house: House, desk: Client) -> None:
    bookings = three_booked(house)
    query = {"first": TOMORROW, "opens": "12:00", "closes": "18:00", "class_kind": "toddler"}

    page = desk.get(url("-new", **query))
    done = close(desk, **query)

    assert "11月24日 周二 12:00–18:00 托小班 已关闭" in done
    assert page.context["bookings"] == bookings[:2]
    assert "托小班" in page.content.decode()
    assert [target(house, TOMORROW, hour) for hour in (9, 12)] == [9, 0]
    assert target(house, TOMORROW, 12, "infant") == 3


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"first": ""}, "请填从哪天起"),
        ({"first": "明天"}, "日期请写成 2026-12-25"),
        ({"first": TODAY - DAY}, "请选今天或以后的日期"),
        ({"first": TODAY + 367 * DAY}, "日期太远，请看看年份"),
        ({"first": TOMORROW, "last": TODAY}, "结束的日期不能早于开始"),
        ({"first": TODAY, "last": TODAY + 92 * DAY}, "一次最多关闭 92 天"),
        ({"first": TODAY, "opens": "12:00"}, "请把两个时间都选上"),
        ({"first": TODAY, "closes": "12:00"}, "请把两个时间都选上"),
        ({"first": TODAY, "opens": "12:00", "closes": "12:00"}, "结束的时间应晚于开始"),
        ({"first": TODAY, "class_kind": "senior_toddler"}, "senior_toddler"),
    ],
)
def test_what_cannot_be_closed_is_said_on_the_form(desk: Client, query: dict[str, object], problem: str) -> None:
    page = desk.post(url("-new", **query), {"reason": "停水", "seen": ""}).content.decode()

    assert problem in page
    assert not ClosingDay.objects.exists()


@pytest.mark.parametrize("last", [TODAY + 91 * DAY, TODAY])
def test_today_and_the_longest_span_are_closed(desk: Client, last: dt.date) -> None:
    close(desk, first=TODAY, last=last)

    assert ClosingDay.objects.count() == (last - TODAY).days + 1


def test_what_is_closed_already_is_said(house: House, desk: Client) -> None:
    close(desk, first=TOMORROW)

    assert "这段时间已经设为休息" in desk.get(url("-new", first=TOMORROW), follow=True).content.decode()


def test_day_page_leads_to_the_form_with_its_day(desk: Client) -> None:
    page = desk.get(reverse("workbench:day", args=[TOMORROW])).content.decode()

    assert f"{reverse('workbench:settings-closing')}?first={TOMORROW.isoformat()}" in page
    assert f'value="{TOMORROW.isoformat()}"' in desk.get(url("", first=TOMORROW)).content.decode()


def reopen(desk: Client, *days: object) -> str:
    return desk.post(url("-reopen"), {"days": days}, follow=True).content.decode()


def test_some_days_of_a_closing_are_opened_again(house: House, desk: Client) -> None:
    close(desk, first=TODAY, last=TOMORROW + DAY)
    rows = {row.date: row.pk for row in ClosingDay.objects.all()}

    page = reopen(desk, rows[TOMORROW], rows[TOMORROW + DAY])

    assert "11月24日 周二、11月25日 周三重新开放" in page
    assert list(ClosingDay.objects.values_list("date", flat=True)) == [TODAY]
    assert [target(house, day, 9) for day in (TODAY, TOMORROW, TOMORROW + DAY)] == [0, 9, 9]


@pytest.mark.parametrize("chosen", [lambda _own, other: [other], lambda _own, _other: [], lambda _o, _p: ["x"]])
def test_nothing_but_ones_own_closings_is_opened(
    house: House, desk: Client, chosen: Callable[[int, int], list[object]]
) -> None:
    close(desk, first=TOMORROW)
    own = ClosingDay.objects.get()
    other = ClosingDayFactory(institution=house.other.institution, date=TOMORROW)

    assert "请勾选要重新开放的日子" in reopen(desk, *chosen(own.pk, other.pk))
    assert ClosingDay.objects.count() == 2


def locked(*args: object, **values: object) -> None:
    raise OperationalError("database is locked")


def test_closing_and_reopening_that_meet_a_lock_say_so(
    house: House, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(desk, first=TOMORROW)
    monkeypatch.setattr(closing, "lock_institution", locked)

    again = reopen(desk, ClosingDay.objects.get().pk)
    other = close(desk, first=TOMORROW + DAY)

    assert "现在预约的人多" in again
    assert "重新开放。" not in again
    assert "现在预约的人多" in other
    assert house.institution.closing_days.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_closings_and_bookings(house: House, desk: Client, count: int) -> None:
    for number in range(count):
        ClosingDayFactory(institution=house.institution, date=TOMORROW + (10 + 2 * number) * DAY)
        user, child = toddler()
        booked(house, user=user, child=child)

    counted = []
    for address in (url(""), url("-new", first=TOMORROW)):
        desk.get(address)
        with CaptureQueriesContext(connection) as queries:
            desk.get(address)
        counted.append(len([q for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]))

    assert counted == QUERIES


#: Of the list, and of the page that says who is booked.
QUERIES = [7, 11]


def test_warning_that_children_would_be_over_leads_to_their_days(house: House, desk: Client) -> None:
    three_booked(house)
    group = house.groups["infant"]
    data = {"kind": "infant", "name": group.name, "places": group.places, "caregivers": 0, "active": "on"}

    page = desk.post(reverse("workbench:settings-class", args=[group.public_id]), data).content.decode()

    assert page.count(f'href="{reverse("workbench:day", args=[TOMORROW])}"') == 2
