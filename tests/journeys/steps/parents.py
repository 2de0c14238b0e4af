"""What a parent does, from the question to the confirmed booking and back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect

from cms.core.calendar.times import birthday_after_months
from cms.core.display import wording
from tests.journeys import world
from tests.journeys.visitor import Visitor

AGE, STARTS, ENDS = 17, "14:00", "17:00"


def birth_date(day: dt.date, months: int = AGE) -> dt.date:
    """Of a child that has completed so many months some days before that day."""
    return birthday_after_months(day, -months) - dt.timedelta(days=5)


# Finding


def opens_the_site(visitor: Visitor) -> None:
    visitor.open("/")
    visitor.heading("谁能照看我的宝宝？")


def searches(visitor: Visitor, words: str) -> None:
    """In the list, by words."""
    visitor.page.get_by_role("searchbox").fill(words)
    visitor.press("查找")


def finds(visitor: Visitor, name: str) -> None:
    """Among the cards of the list."""
    expect(visitor.page.get_by_role("heading", level=3, name=name)).to_be_visible()


def asks(visitor: Visitor, *, day: dt.date, months: int = AGE, starts: str = STARTS, ends: str = ENDS) -> None:
    """The question of the home page."""
    visitor.pick("宝宝多大", wording.months(months))
    visitor.field("哪一天").select_option(value=day.isoformat())
    visitor.pick("几点来", starts)
    visitor.pick("几点走", ends)
    visitor.press("看看谁有空位")


def is_told_who_can(visitor: Visitor, *, day: dt.date, name: str) -> None:
    """The question stands on top, those who can take the child below it, with the day as a ribbon."""
    visitor.sees(f"{wording.day(day)} {STARTS}–{ENDS}")
    visitor.sees(f"那天满 {AGE} 个月，托小班")
    finds(visitor, name)
    expect(visitor.page.get_by_role("list", name=name)).to_be_visible()


# Booking


def opens_the_institution(visitor: Visitor, name: str) -> None:
    visitor.follow(name)
    visitor.heading(name)


def begins_to_book(visitor: Visitor) -> None:
    visitor.page.locator(".bar").get_by_role("link", name="预约").click()
    visitor.look()


def begins_with_a_new_child(visitor: Visitor) -> None:
    """The flow asks for the child first."""
    visitor.heading("给哪个宝宝约")
    visitor.follow("添加宝宝")


def agrees_as_guardian(visitor: Visitor) -> None:
    """Just in time, before the first child is kept."""
    visitor.heading("登记宝宝之前，请监护人先看")
    visitor.tick("我是宝宝的监护人，已阅读并同意")
    visitor.press("同意，继续")


def enters_the_child(visitor: Visitor, nickname: str, born: dt.date) -> None:
    visitor.heading("登记宝宝")
    visitor.write(宝宝的小名=nickname, 过敏="鸡蛋")
    for label, part in (("年", born.year), ("月", born.month), ("日", born.day)):
        visitor.page.get_by_label(label, exact=True).fill(str(part))
    visitor.press("保存")


def chooses_hours(visitor: Visitor) -> None:
    visitor.heading("怎么托")
    visitor.tick("计时托")
    visitor.press("下一步")


def finds_the_time_filled_in(visitor: Visitor) -> None:
    """The question of the list was carried along."""
    visitor.heading("选日子和时间")
    expect(visitor.page.get_by_role("combobox", name="开始")).to_have_value(STARTS)
    expect(visitor.page.get_by_role("combobox", name="结束")).to_have_value(ENDS)


def picks_the_start(visitor: Visitor, starts: str) -> None:
    """Another hour than the one carried along."""
    visitor.page.get_by_role("combobox", name="开始").select_option(label=starts)


def holds_the_place(visitor: Visitor) -> None:
    visitor.press("下一步")
    visitor.heading("核对后确认")
    visitor.sees("已为您保留到")


def has_a_fast_clock(visitor: Visitor, *, minutes: int) -> None:
    """From the next page on; the time since a page was opened can then be moved on too."""
    visitor.page.add_init_script(
        f"""const clock = Date.now, since = performance.now.bind(performance);
        window.passed = 0;
        Date.now = () => clock() + {minutes} * 60000;
        performance.now = () => since() + window.passed * 60000;"""
    )


def lets_minutes_pass(visitor: Visitor, minutes: int) -> None:
    """On the phone alone, and on this page."""
    visitor.page.evaluate(f"window.passed += {minutes}")


def confirms(visitor: Visitor) -> None:
    visitor.press("确认预约")


def cannot_confirm(visitor: Visitor) -> None:
    expect(visitor.page.get_by_role("button", name="确认预约")).to_be_hidden()


def is_booked(visitor: Visitor, *, day: dt.date, starts: str = STARTS) -> str:
    """The confirmation is the date itself; gives the reference."""
    visitor.heading(f"{wording.day(day)}{starts}–{ENDS}")
    visitor.sees("预约成功")
    return visitor.page.locator(".ref span").inner_text()


def has_the_calendar_file(visitor: Visitor, *, day: dt.date, name: str) -> None:
    """One event of that time, with its place."""
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="加到日历").click()
    text = Path(download.value.path()).read_text().replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == 1
    assert f"DTSTART:{day:%Y%m%d}T060000Z" in text
    assert name in text


@contextmanager
def without_a_network(visitor: Visitor) -> Iterator[None]:
    """In a lift. The worker that answers then is there from the second page on."""
    visitor.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    troubles = list(visitor.troubles)
    visitor.context.set_offline(True)
    yield
    visitor.context.set_offline(False)
    lost = [trouble for trouble in visitor.troubles if "ERR_INTERNET_DISCONNECTED" in trouble]
    visitor.troubles[:] = [*troubles, *(new for new in visitor.troubles[len(troubles) :] if new not in lost)]


# Afterwards


def opens_my_bookings(visitor: Visitor) -> None:
    visitor.open("/me/bookings/")
    visitor.heading("我的预约")


def sees_the_booking(visitor: Visitor, *, day: dt.date, name: str) -> None:
    row = visitor.page.get_by_role("listitem").filter(has_text=wording.day(day)).filter(has_text=name)
    expect(row).to_be_visible()


def cancels(visitor: Visitor, name: str) -> None:
    """From the list, by the booking's own page, with a question in between."""
    visitor.follow(name)
    visitor.follow("取消这次预约")
    visitor.heading("取消这次预约？")
    visitor.press("确认取消")


def has_no_booking(visitor: Visitor) -> None:
    visitor.open("/me/bookings/")
    visitor.sees("以后还没有预约")


def has_a_message(visitor: Visitor, title: str, text: str = "") -> None:
    """After the job runner came by."""
    world.jobs_run()
    visitor.open("/me/messages/")
    visitor.follow(re.compile(title))
    visitor.sees(title, text)


# Classes


def signs_up(visitor: Visitor, title: str) -> None:
    """From the list of classes."""
    visitor.follow(title)
    visitor.heading(title)
    visitor.page.locator(".bar").get_by_role("link", name="报名").click()
    visitor.look()


def confirms_the_sign_up(visitor: Visitor, *, child: str, words: str) -> None:
    visitor.heading("核对后报名")
    visitor.tick(child)
    visitor.press("确认报名")
    visitor.sees("报名成功")
    visitor.heading(words.replace(" 10:00", "10:00"))


def cancels_the_sign_up(visitor: Visitor, title: str) -> None:
    """From the list of one's own classes."""
    visitor.follow("查看我的课堂")
    visitor.follow(title)
    visitor.follow("取消报名")
    visitor.heading("取消这次报名？")
    visitor.press("取消报名")
    visitor.sees("已取消报名")


def signs_up_again(visitor: Visitor, title: str) -> None:
    """The place is still free."""
    visitor.open("/classes/")
    signs_up(visitor, title)
    visitor.press("确认报名")
    visitor.sees("报名成功")
