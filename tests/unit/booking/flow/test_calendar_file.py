from __future__ import annotations

import pytest
from icalendar import Calendar

from booking.flow.calendar_file import calendar_file
from booking.places.models import Booking
from tests.factories.booking import NOW, booked, open_house, toddler

pytestmark = pytest.mark.django_db


def event_of(booking):
    calendar = Calendar.from_ical(calendar_file(booking, site="https://tuoyu.example", now=NOW))
    return calendar, next(iter(calendar.walk("VEVENT")))


def test_file_has_utc_stamps_place_and_reference():
    house = open_house(name="示例·小满托育园", address="珠江路 3 号")
    user, child = toddler(nickname="豆豆")
    booking = booked(house, user=user, child=child)

    calendar, event = event_of(booking)

    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    raw = event.to_ical().decode()
    assert "DTSTART:20261124T060000Z" in raw
    assert "DTEND:20261124T090000Z" in raw
    assert "DTSTAMP:20261123T000000Z" in raw
    assert event["uid"] == f"{booking.public_id}@tuoyu.example"
    assert event["summary"] == "托育：示例·小满托育园"
    assert event["location"] == "珠江路 3 号"
    assert event["description"] == f"预约号 {booking.reference[:4]} {booking.reference[4:]}"
    assert event["url"] == f"https://tuoyu.example/me/bookings/{booking.public_id}/"
    assert event["status"] == "CONFIRMED"
    assert "豆豆" not in raw


def test_request_is_tentative():
    house = open_house(policy={"needs_acceptance": True})
    user, child = toddler()
    booking = booked(house, user=user, child=child)

    _calendar, event = event_of(booking)

    assert booking.status == Booking.Status.REQUESTED
    assert event["status"] == "TENTATIVE"
