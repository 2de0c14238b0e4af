"""What the people of an institution do at their board and in their settings."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import Locator, expect

from cms.core.display import wording
from tests.journeys import world
from tests.journeys.visitor import Visitor


def row_of(visitor: Visitor, child: str) -> Locator:
    """The child's row of today's board."""
    return visitor.page.locator("li.kid").filter(has_text=child)


def sees_today(visitor: Visitor) -> None:
    visitor.heading(re.compile(f"^今天 {wording.day(world.today())}$"))
    for name in ("乳儿班", "托小班", "托大班"):
        expect(visitor.page.get_by_role("heading", level=2, name=name)).to_be_visible()


def sees_what_matters(visitor: Visitor, child: str, *words: str) -> None:
    """Allergies and all else that stands in the child's row."""
    for text in words:
        expect(row_of(visitor, child)).to_contain_text(text)


def marks(visitor: Visitor, child: str, act: str, *, next_act: str = "", words: str = "") -> None:
    """One button per child; the board is swapped in place and shows the next act or a message."""
    row = row_of(visitor, child)
    row.get_by_role("button", name=f"{act} {child}", exact=True).click()
    if next_act:
        expect(row.get_by_role("button", name=f"{next_act} {child}", exact=True)).to_be_visible()
    expect(row).to_contain_text(words)
    visitor.look()


def lifts_the_finger(visitor: Visitor) -> None:
    """The act that follows at the same spot counts only after a moment and a half."""
    visitor.page.wait_for_timeout(1600)


def waits_until_a_second_tap_counts(visitor: Visitor) -> None:
    """Nobody is checked out in the moment of being checked in."""
    visitor.page.wait_for_timeout(5000)


def calls(visitor: Visitor, child: str) -> None:
    """The number shows on the tap, and not before."""
    row = row_of(visitor, child)
    expect(row.locator("a[href^='tel:']")).to_have_count(0)
    row.get_by_role("button", name=f"打电话 {child}").click()
    expect(row.locator("a[href^='tel:']").first).to_be_visible()
    visitor.look()


def looks_for_a_day_to_close(visitor: Visitor, day: dt.date) -> None:
    visitor.follow("设置")
    visitor.follow("休息日")
    visitor.field("从哪天起").fill(day.isoformat())
    visitor.press("看看有谁约了")
    visitor.heading(f"关闭 {wording.day(day)}")


def closes_the_day(visitor: Visitor, day: dt.date, *, reason: str) -> None:
    visitor.write(原因=reason)
    visitor.press(re.compile("^关闭"))
    visitor.sees(wording.day(day), reason)


def expects(visitor: Visitor, child: str, *, day: dt.date) -> None:
    """By the week, among the bookings of that day."""
    visitor.open("/workbench/week/")
    visitor.open(f"/workbench/days/{day}/")
    visitor.heading(wording.day(day))
    visitor.sees(child)


# A new institution's settings, one after the other


def begins_the_setup(visitor: Visitor) -> None:
    visitor.sees("做完这几步，家长就能预约")
    visitor.follow("一步一步来")
    visitor.heading("开始接受预约")


def adds_a_class(visitor: Visitor) -> None:
    visitor.follow(re.compile("^去填"))
    visitor.heading("加一个班")
    visitor.tick("托小班（")
    visitor.write(班名="小芽班", 托位="15", 当班保育人员="2")
    visitor.press("保存，下一步")


def keeps_the_usual_hours(visitor: Visitor) -> None:
    visitor.follow(re.compile("^下一步"))
    visitor.heading("小芽班的开放时间")
    visitor.press("保存，下一步")


def says_how_many_are_regular(visitor: Visitor, places: int) -> None:
    visitor.heading("在托宝宝")
    for box in visitor.page.get_by_role("spinbutton").all():
        box.fill(str(places))
    visitor.press("保存，下一步")


def asks_a_fee(visitor: Visitor, yuan: str) -> None:
    visitor.heading("托育方式和收费")
    visitor.follow(re.compile("^计时托"))
    visitor.write(**{"每小时收费（元）": yuan})
    visitor.press("保存，下一步")
