"""The scripts of printing, of the way back and of the board: what they do, and where they must do nothing."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from booking.care.services.moves import mark_arrived
from booking.places.models import Booking
from cms.accounts.models import User
from cms.core.calendar.times import now
from directory.register.models import Institution
from tests.journeys import world
from tests.journeys.steps import institution, signing_in
from tests.journeys.visitor import Visitor

CHILD = "当当"
COUNT_PRINTS = "window.prints = 0; window.print = () => { window.prints += 1; };"
#: 签到 and at once 没来 in the row of a child, so many pixels apart.
TWO_TAPS = """(row, apart) => {
  const buttons = row.querySelectorAll("form[data-row] button");
  const tap = (button, clientX) =>
    button.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1, clientX, clientY: 9 }));
  tap(buttons[0], 9);
  return tap(buttons[1], 9 + apart);
}"""
LIST = "/institutions/?district=jianxi"


def opens_own_data(visitor: Visitor) -> None:
    visitor.open("/me/privacy/data/")
    signing_in.signs_in_by_phone(visitor, world.PARENT)


def test_print_is_offered_where_it_works(desk: Visitor) -> None:
    desk.page.add_init_script(COUNT_PRINTS)
    opens_own_data(desk)

    desk.press("打印")

    assert desk.page.evaluate("window.prints") == 1
    expect(desk.page.locator("[data-print-hint]")).to_be_hidden()


def test_print_inside_wechat_says_how_instead(parent: Visitor) -> None:
    opens_own_data(parent)

    expect(parent.page.locator("[data-print]")).to_be_hidden()
    parent.sees("在浏览器中打开")


def test_back_to_the_list_is_where_one_left_it(parent: Visitor) -> None:
    page = parent.page
    parent.open(LIST)
    last = page.locator("main li h3 a, main li h2 a").last
    last.scroll_into_view_if_needed()
    left_at = page.evaluate("window.scrollY")
    last.click()
    page.wait_for_url(re.compile(r"/institutions/\w{12}/"))

    page.get_by_role("link", name="返回列表").click()

    page.wait_for_url(f"**{LIST}")
    assert left_at > 0
    expect(last).to_be_in_viewport()
    page.go_forward()
    page.wait_for_url(re.compile(r"/institutions/\w{12}/"))


def test_back_to_the_list_over_another_class_keeps_its_filters(parent: Visitor) -> None:
    page = parent.page
    parent.open(f"{LIST}&age=22&sort=price&q={world.BOARD}")
    page.locator("main li h3 a, main li h2 a").first.click()
    page.wait_for_url(re.compile(r"/institutions/\w{12}/"))
    page.locator("nav.chips--wrap a:not([aria-current])").last.click()
    page.wait_for_url(re.compile("class="))

    page.get_by_role("link", name="返回列表").click()

    page.wait_for_url(re.compile(r"/institutions/\?"))
    for answer in ("age=22", "q=", "sort=price", "district=jianxi"):
        assert answer in page.url


def test_place_that_is_refused_says_why_and_can_be_asked_for_again(parent: Visitor) -> None:
    page = parent.page
    page.add_init_script("navigator.geolocation.getCurrentPosition = (found, refused) => refused({ code: 1 });")
    parent.open(f"{LIST}&edit=1")
    near, why = page.get_by_label("在哪附近"), page.locator("[data-locate-refused]")
    expect(why).to_be_hidden()

    near.select_option(label="我的位置")

    expect(why).to_be_visible()
    expect(near).to_have_value("")
    near.select_option(index=2)
    expect(why).to_be_hidden()
    near.select_option(label="我的位置")
    expect(why).to_be_visible()


def test_back_to_the_list_without_having_been_there_opens_it(parent: Visitor) -> None:
    parent.open(Institution.objects.get(name=world.BOARD).get_absolute_url())

    parent.follow("返回列表")

    assert parent.page.url.endswith("/institutions/")


def opens_the_board(visitor: Visitor) -> None:
    visitor.open("/workbench/")
    signing_in.turns_to_the_phone(visitor)
    signing_in.signs_in_by_phone(visitor, world.CAREGIVER)
    institution.sees_today(visitor)


def somebody_else_marks(child: str) -> None:
    """At another screen of the same institution. Names are encrypted, so the child is looked for here."""
    house, manager = Institution.objects.get(name=world.BOARD), User.objects.get(username=world.MANAGER)
    today = Booking.objects.filter(institution=house, service_date=world.today()).select_related("child")
    [booking] = [each for each in today if each.child and each.child.nickname == child]
    mark_arrived(actor=manager, institution=house, booking=booking.public_id, now=now(), over_ok=True, early_ok=True)


def forgets(visitor: Visitor, words: str) -> None:
    """What the browser itself says of a network that was taken away on purpose."""
    visitor.troubles = [trouble for trouble in visitor.troubles if words not in trouble]


def test_board_keeps_its_place_and_says_what_did_not_arrive(tablet: Visitor) -> None:
    opens_the_board(tablet)
    row = institution.row_of(tablet, CHILD)
    button = row.get_by_role("button", name=f"签到 {CHILD}", exact=True)

    # Without an answer nobody knows whether the tap counted: the board is seen again by itself
    tablet.context.set_offline(True)
    button.click()
    tablet.sees(f"没收到回音，不知道{CHILD}的签到记上没有，正在看")
    expect(button).to_be_focused()
    tablet.context.set_offline(False)
    tablet.sees("连上了，现在看到的是最新的")
    forgets(tablet, "ERR_INTERNET_DISCONNECTED")
    forgets(tablet, "htmx:")

    # Then it counts, and who works with keys stands at the child's row
    button.press("Enter")
    expect(row).to_contain_text("在园")
    expect(row).to_be_focused()


def test_board_does_not_take_two_taps_for_two_acts(tablet: Visitor) -> None:
    opens_the_board(tablet)
    row = institution.row_of(tablet, CHILD)

    # The finger is still where it was when another act has come under it
    assert row.evaluate(TWO_TAPS, 0) is False
    tablet.sees("刚点过这里，没有再点")


def test_board_takes_two_taps_at_two_places_for_two_acts(tablet: Visitor) -> None:
    opens_the_board(tablet)

    counted = institution.row_of(tablet, CHILD).evaluate(TWO_TAPS, 60)

    assert counted is True
    expect(tablet.page.get_by_text("刚点过这里，没有再点")).to_have_count(0)


def test_board_looks_again_by_itself_but_not_while_somebody_reads_a_number(tablet: Visitor) -> None:
    tablet.page.clock.install()
    opens_the_board(tablet)
    row = institution.row_of(tablet, CHILD)
    row.get_by_role("button", name=f"打电话 {CHILD}").click()
    expect(row.locator("a[href^='tel:']").first).to_be_visible()

    somebody_else_marks(CHILD)
    tablet.page.clock.fast_forward(31_000)
    expect(row.get_by_role("button", name=f"签到 {CHILD}", exact=True)).to_be_visible()

    tablet.page.reload()
    expect(row).to_contain_text("在园")


def test_way_back_to_a_refused_form_opens_it_afresh(parent: Visitor) -> None:
    page = parent.page
    parent.open("/sign-in/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/sign-in/")
    parent.press("获取验证码")
    parent.sees("请填手机号")
    parent.open("/institutions/")

    page.go_back()

    parent.heading("登录")
    parent.misses("没有网络", "没有送出")
    forgets(parent, "ERR_CACHE_MISS")
