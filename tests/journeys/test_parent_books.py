"""A parent searches, books and cancels."""

from __future__ import annotations

from tests.journeys import world
from tests.journeys.steps import parents, signing_in
from tests.journeys.visitor import Visitor


def test_a_parent_finds_by_any_spelling(parent: Visitor) -> None:
    # Given somebody who only knows a word
    parent.open("/institutions/")

    # When they search in characters, in pinyin and in traditional characters, then the list answers each
    parents.searches(parent, "托班")
    parents.finds(parent, "示例·武汉路幼儿园托班")
    parents.searches(parent, "jianxi")
    parents.finds(parent, "示例·工农社区照护中心")
    parents.searches(parent, "澗西")
    parents.finds(parent, "示例·工农社区照护中心")

    # And what nobody is called gets a way on
    parents.searches(parent, "火星")
    parent.sees("没找到「火星」")


def test_a_parent_books_and_cancels(parent: Visitor) -> None:
    day = world.next_weekday()

    # Given a parent who has never been here, with a child of 17 months and a weekday afternoon to fill
    parents.opens_the_site(parent)
    parents.asks(parent, day=day)
    parents.is_told_who_can(parent, day=day, name=world.BOARD)

    # When they choose an institution, sign in with a code, and register the child with their consent
    parents.opens_the_institution(parent, world.BOARD)
    parents.begins_to_book(parent)
    signing_in.signs_in_by_phone(parent, "10000000777")
    parents.begins_with_a_new_child(parent)
    parents.agrees_as_guardian(parent)
    parents.enters_the_child(parent, "米粒", parents.birth_date(day))
    parents.chooses_hours(parent)
    parents.finds_the_time_filled_in(parent)
    parents.holds_the_place(parent)
    parents.confirms(parent)

    # Then the place is theirs: on the page, in the calendar, among their bookings, in a message
    parents.is_booked(parent, day=day)
    parents.has_the_calendar_file(parent, day=day, name=world.BOARD)
    parents.has_a_message(parent, "预约成功")
    parents.opens_my_bookings(parent)
    parents.sees_the_booking(parent, day=day, name=world.BOARD)

    # When they cancel, then nothing is left of it
    parents.cancels(parent, world.BOARD)
    parents.has_no_booking(parent)


def test_a_hold_counts_down_by_the_time_of_the_site(parent: Visitor) -> None:
    day = world.next_weekday()

    # Given a parent whose phone is twenty minutes fast
    parents.has_a_fast_clock(parent, minutes=20)
    parents.opens_the_site(parent)
    parents.asks(parent, day=day)
    parents.opens_the_institution(parent, world.BOARD)
    parents.begins_to_book(parent)
    signing_in.signs_in_by_phone(parent, world.PARENT)
    parents.chooses_hours(parent)

    # When they hold a place, then the page counts the site's minutes
    parents.holds_the_place(parent)
    parent.sees("分钟，慢慢看")
    parents.lets_minutes_pass(parent, 13)
    parent.sees("看好了请确认")

    # And at the end the button is the way on, for the site still knows better
    parents.lets_minutes_pass(parent, 2)
    parent.sees("保留时间到了")
    parents.cannot_confirm(parent)
    parent.press("再为我留一次")
    parent.heading("核对后确认")
    parents.confirms(parent)
    parents.is_booked(parent, day=day)
