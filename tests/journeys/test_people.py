"""A manager and the people of the institution: a link copied, scanned, taken back; a colleague who begins again."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys import world
from tests.journeys.steps import institution, signing_in
from tests.journeys.visitor import Visitor

PEOPLE = "/workbench/settings/people/"
NEW_PHONE = "10000000078"
NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined });"


def opens_the_people(office: Visitor) -> None:
    office.open(PEOPLE)
    signing_in.signs_in_with_password(office, world.MANAGER, world.PASSWORD)
    office.heading("人员")


def invites(office: Visitor, name: str) -> str:
    """The link on the page that follows."""
    office.write(姓名=name)
    office.press("生成邀请链接")
    office.heading("邀请链接")
    office.sees(f"把链接发给{name}")
    return office.page.get_by_label("邀请链接", exact=True).input_value()


def test_a_colleague_comes_in_by_a_link_and_is_signed_out_again(office: Visitor, tablet: Visitor) -> None:
    # Given a link that the manager copies
    opens_the_people(office)
    link = invites(office, "王芳")
    office.press("复制链接")
    expect(office.page.locator(".copying [role=status]")).to_have_text("已复制")

    # When the caregiver opens it, signs in and joins
    tablet.open(link)
    tablet.follow("用手机号登录")
    signing_in.signs_in_by_phone(tablet, NEW_PHONE)
    tablet.press("加入")

    # Then today's board is theirs, and the manager knows who came
    institution.sees_today(tablet)
    tablet.sees("王芳")
    office.open(PEOPLE)
    office.sees("王芳")
    office.misses("还没用的邀请")

    # When the phone is lost and the manager resets, then nobody is signed in with it
    office.follow(re.compile("重置登录.*王芳"))
    office.press("重置")
    office.sees("王芳 的登录都已退出")
    tablet.open("/workbench/")
    tablet.heading("登录")


def test_a_link_is_selected_where_nothing_can_be_copied_and_is_taken_back(office: Visitor, tablet: Visitor) -> None:
    # Given a browser without a clipboard
    office.page.add_init_script(NO_CLIPBOARD)
    opens_the_people(office)
    link = invites(office, "李芳")

    # When the manager copies, then the link is selected and the page says so
    office.press("复制链接")
    office.sees("已经替您选中")
    assert office.page.evaluate("document.activeElement.value.slice(0, document.activeElement.selectionEnd)") == link

    # When it is taken back, then whoever opens it reads so
    office.follow("收回邀请")
    office.press("收回邀请")
    office.sees("邀请已收回")
    tablet.allowed |= {404}
    tablet.open(link)
    tablet.sees("这个邀请已经收回了")
