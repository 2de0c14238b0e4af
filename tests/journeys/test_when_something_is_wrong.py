"""Pages for when something is wrong."""

from __future__ import annotations

from tests.journeys import world
from tests.journeys.steps import parents, signing_in
from tests.journeys.visitor import Visitor


def test_a_page_that_is_not_there(parent: Visitor) -> None:
    # When somebody follows an old link, then the page says so and leads on
    parent.allowed = {404}
    parent.open("/no-such-page/")
    parent.heading("没有这个页面")
    parent.open("/institutions/abcdefghijkm/")
    parent.heading("没有这家机构")
    parent.open("/classes/abcdefghijkm/")


def test_answers_that_make_no_sense(parent: Visitor) -> None:
    # When the address was changed by hand, then the list says what it left out and answers the rest
    parent.open("/institutions/?age=17&date=2020-01-01&from=17:00&to=14:00&near=here")
    parent.sees("这一天已经过去，请选今天或以后的日子。")


def test_a_form_that_is_not_filled_in(parent: Visitor) -> None:
    # When the number is missing or wrong, then the field says what to do and keeps what was typed
    parent.open("/sign-in/")
    parent.press("获取验证码")
    parent.sees("请先看看这里")
    parent.write(手机号="12345")
    parent.press("获取验证码")
    parent.sees("请先看看这里")
    assert parent.field("手机号").input_value() == "12345"


def test_a_network_that_is_lost(parent: Visitor) -> None:
    # Given a parent about to confirm
    parents.opens_the_site(parent)
    parents.asks(parent, day=world.next_weekday())
    parents.opens_the_institution(parent, world.BOARD)
    parents.begins_to_book(parent)
    signing_in.signs_in_by_phone(parent, world.PARENT)
    parents.chooses_hours(parent)
    parents.holds_the_place(parent)
    asked = parent.page.url

    # When the network goes before the button is pressed, then nothing looks done
    with parents.without_a_network(parent):
        parent.page.get_by_role("button", name="确认预约").click()
        parent.heading("刚才这一步没有送出")
        parent.sees("还没约上")
        parent.page.goto("/me/bookings/")
        parent.heading("没有网络")

    # And once it is back the same page opens, and the button that was lost is still there
    parent.follow("再试一次")
    parent.heading("我的预约")
    parent.page.goto(asked)
    with parents.without_a_network(parent):
        parent.page.get_by_role("button", name="确认预约").click()
        parent.heading("刚才这一步没有送出")
    parent.follow("回到刚才那一页")
    parents.confirms(parent)
