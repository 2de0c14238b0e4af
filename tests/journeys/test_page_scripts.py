"""What the small scripts of the pages do: each one alone, on a page that carries it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys import world
from tests.journeys.steps import parents, signing_in
from tests.journeys.visitor import Visitor

ROWS = """() => {
  const rows = {};
  for (const day of document.querySelectorAll(".days > *")) {
    const top = Math.round(day.getBoundingClientRect().top);
    rows[top] = (rows[top] || 0) + 1;
  }
  return Object.values(rows);
}"""


def chooses_the_time(visitor: Visitor) -> None:
    """As a family of the demo, at the page with days and hours."""
    parents.opens_the_site(visitor)
    parents.asks(visitor, day=world.next_weekday())
    parents.opens_the_institution(visitor, world.BOARD)
    parents.begins_to_book(visitor)
    signing_in.signs_in_by_phone(visitor, world.PARENT)
    parents.chooses_hours(visitor)
    parents.finds_the_time_filled_in(visitor)


def test_hours_marked_stay_and_fee_go_together(parent: Visitor) -> None:
    chooses_the_time(parent)
    page = parent.page
    radio = page.get_by_role("radio", name="15:00–18:00")
    expect(page.get_by_role("radio", name="14:00–17:00")).to_be_checked()

    # A common stay fills the hours in
    radio.check()
    expect(page.get_by_role("combobox", name="开始")).to_have_value("15:00")
    expect(page.get_by_role("combobox", name="结束")).to_have_value("18:00")
    expect(page.locator(".bar [data-stay-time]")).to_have_text("15:00–18:00")

    # Hours of one's own take the mark away, and bring it back where they are a common stay
    fee = page.locator(".bar [data-stay-fee]").inner_text()
    parents.picks_the_start(parent, "16:00")
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    assert page.locator(".bar [data-stay-fee]").inner_text() != fee
    parents.picks_the_start(parent, "15:00")
    expect(radio).to_be_checked()
    expect(page.locator(".bar [data-stay-fee]")).to_have_text(fee)

    # By keys alone
    radio.focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("combobox", name="开始")).to_have_value("14:00")


def test_later_start_moves_the_end_to_the_shortest_stay(parent: Visitor) -> None:
    chooses_the_time(parent)
    ends = parent.page.get_by_role("combobox", name="结束")

    parents.picks_the_start(parent, "16:00")
    expect(ends).to_have_value("17:00")
    parents.picks_the_start(parent, "16:30")

    expect(ends).to_have_value("17:30")


def test_no_day_is_left_alone_in_a_row(parent: Visitor) -> None:
    chooses_the_time(parent)

    for width, expected in ((390, [5, 5, 5]), (1280, [8, 7])):
        parent.page.set_viewport_size({"width": width, "height": 844})
        assert parent.page.evaluate(ROWS) == expected
