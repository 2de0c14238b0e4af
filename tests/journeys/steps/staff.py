"""What 妇幼保健 staff do in the admin."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page, expect

from cms.core.display import wording
from tests.factories.lists import xlsx
from tests.journeys import world
from tests.journeys.steps import signing_in
from tests.journeys.visitor import Visitor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def signs_in(visitor: Visitor) -> None:
    """The way to the admin leads over password and second factor."""
    visitor.open("/admin/")
    signing_in.signs_in_with_password(visitor, world.MATERNAL_HEALTH, world.PASSWORD)
    visitor.heading("今天要办的事")


# The official list


def uploads(visitor: Visitor, rows: Sequence[Sequence[Any]]) -> None:
    visitor.open("/admin/institution-lists/")
    file = {"name": "涧西区托育机构备案名单.xlsx", "mimeType": XLSX, "buffer": xlsx(rows)}
    visitor.page.locator("input[type=file]").set_input_files(file)
    visitor.press("核对名单")


def reads_the_problem(visitor: Visitor, *, row: int, column: str, value: str) -> None:
    """Where, what, and what to do."""
    line = visitor.page.get_by_role("row").filter(has_text=f"第 {row} 行").filter(has_text=column)
    expect(line).to_contain_text(value)


def writes_the_list(visitor: Visitor, count: int) -> None:
    visitor.press(f"写入 {count} 家")
    visitor.sees(f"新增 {count} 家")


def invites_the_manager(visitor: Visitor, name: str) -> str:
    """The link that is shown once."""
    visitor.open("/admin/institutions/")
    visitor.follow(name)
    visitor.follow("邀请负责人")
    visitor.page.get_by_label("姓名").fill("示例园长")
    visitor.page.locator("main form").get_by_role("button").last.click()
    visitor.look()
    return visitor.page.get_by_label("邀请链接").input_value()


# A class


def writes_a_class(visitor: Visitor, *, title: str, day: dt.date) -> None:
    visitor.open("/admin/snippets/parenting/classsession/add/")
    _write(visitor, 标题=title, 介绍="先观察，再添加。", 主办="示例区妇幼保健院", 主讲="儿保科医生")
    visitor.pick("类别", "家长课堂")
    visitor.pick("主题", "营养与喂养")
    for label, number in {"月龄从": "6", "月龄到": "24", "名额": "20"}.items():
        visitor.page.get_by_role("spinbutton", name=label).fill(number)
    _write(visitor, 地点="示例社区党群服务中心 2 楼")
    opens = world.today() - dt.timedelta(days=1)
    times = {"开始": f"{day} 10:00", "结束": f"{day} 11:00", "报名开始": f"{opens} 08:00", "报名截止": f"{day} 08:00"}
    for label, text in times.items():
        visitor.page.get_by_role("textbox", name=re.compile(f"^{label}")).fill(text)
        # A click elsewhere closes the calendar that opened below the field.
        visitor.page.get_by_role("textbox", name="介绍").click()


def _write(visitor: Visitor, **answers: str) -> None:
    for label, text in answers.items():
        visitor.page.get_by_role("textbox", name=label).fill(text)


def saves_the_draft(visitor: Visitor) -> None:
    visitor.press("保存草稿")
    visitor.sees("已创建")


def previews(visitor: Visitor) -> Page:
    """The page as parents would see it, in a tab of its own."""
    visitor.page.get_by_role("button", name="预览开关").click()
    with visitor.context.expect_page() as opened:
        visitor.page.get_by_role("link", name=re.compile("新标签页|新窗口")).click()
    return opened.value


def publishes(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="更多动作").click()
    visitor.press("发布")


def opens_the_attendance_list(visitor: Visitor, title: str) -> None:
    visitor.open("/admin/snippets/parenting/classsession/")
    row = visitor.page.get_by_role("row").filter(has_text=title)
    row.get_by_role("button", name=re.compile("更多")).click()
    visitor.follow("签到名单")


def sees_the_sheet_to_print(visitor: Visitor, title: str) -> None:
    """On paper: what it is, who comes, room to sign, and nothing to press."""
    visitor.page.emulate_media(media="print")
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(title)
    expect(visitor.page.get_by_role("columnheader", name="签名")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="打印")).to_be_hidden()
    visitor.page.emulate_media(media="screen")


def cancels_the_class(visitor: Visitor, reason: str) -> None:
    visitor.follow("取消这场")
    visitor.write(取消的原因=reason)
    visitor.press("取消这场，并通知")
    visitor.sees(reason)


def day_line(day: dt.date) -> str:
    """As the pages write the time of the class."""
    return f"{wording.day(day)} 10:00–11:00"
