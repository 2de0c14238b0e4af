"""The whole way to a booking without JavaScript, in large type."""

from __future__ import annotations

from tests.journeys import world
from tests.journeys.steps import parents, signing_in
from tests.journeys.visitor import Visitor


def test_a_booking_without_script_in_large_type(plain: Visitor) -> None:
    day = world.next_weekday()

    # Given somebody whose browser runs no script and who needs large letters
    parents.opens_the_site(plain)
    plain.follow("大字版")
    plain.is_large()

    # When they ask, sign in and book, then everything is a plain form
    parents.asks(plain, day=day)
    parents.is_told_who_can(plain, day=day, name=world.BOARD)
    parents.opens_the_institution(plain, world.BOARD)
    parents.begins_to_book(plain)
    signing_in.signs_in_by_phone(plain, world.PARENT)
    parents.chooses_hours(plain)
    parents.finds_the_time_filled_in(plain)
    parents.picks_the_start(plain, "15:00")
    parents.holds_the_place(plain)
    parents.confirms(plain)
    parents.is_booked(plain, day=day, starts="15:00")

    # And the booking can be cancelled the same way, still in large type
    parents.opens_my_bookings(plain)
    parents.cancels(plain, world.BOARD)
    parents.has_no_booking(plain)
    plain.is_large()
