"""One entry of a calendar, as other programs read it."""

from __future__ import annotations

import datetime as dt

from icalendar import Calendar, Event

from cms.core.display.calendar_file import CalendarEntry, calendar_file

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
BEIJING = dt.timezone(dt.timedelta(hours=8))
SITE = "https://tuoyu.example"


def event_of(entry: CalendarEntry, site: str = SITE) -> Event:
    (event,) = Calendar.from_ical(calendar_file(entry, site=site, now=NOW)).walk("VEVENT")
    return event


def test_entry_holds_moments_in_utc_and_an_address() -> None:
    event = event_of(CalendarEntry("abc", NOW.astimezone(BEIJING), NOW.astimezone(BEIJING) + HOUR, "/classes/abc/"))

    assert (event["dtstart"].dt, event["dtend"].dt, event["dtstamp"].dt) == (NOW, NOW + HOUR, NOW)
    assert event["dtstart"].to_ical() == b"20261123T020000Z"
    assert (str(event["uid"]), str(event["url"])) == ("abc@tuoyu.example", "https://tuoyu.example/classes/abc/")
    assert str(event["status"]) == "CONFIRMED"
    assert {"SUMMARY", "LOCATION", "DESCRIPTION", "LAST-MODIFIED"} & set(event) == set()


def test_entry_holds_what_is_said_of_it() -> None:
    entry = CalendarEntry("abc", NOW, NOW + HOUR, "/", "题", "地点", "说明", changed_at=NOW - HOUR, tentative=True)

    event = event_of(entry, site="tuoyu.example")

    assert [str(event[name]) for name in ("summary", "location", "description")] == ["题", "地点", "说明"]
    assert (event["last-modified"].dt, str(event["status"])) == (NOW - HOUR, "TENTATIVE")
    assert str(event["uid"]) == "abc@tuoyu.example"
