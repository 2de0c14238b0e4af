"""Correcting the record: times as people type them, the words of each state and of each line of the history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from booking.care.services.corrections import Attendance
from booking.places.models import Booking, BookingEvent
from cms.core.calendar.times import at
from cms.workbench.forms.attendance import CorrectionForm, MinuteField, state_of, times_of
from cms.workbench.queries.history import history_of
from cms.workbench.templatetags.attendance import attendance_words, event_words, is_correction
from tests.factories.accounts import UserFactory
from tests.factories.booking import NOW, TODAY
from tests.factories.capacity import BookingFactory
from tests.factories.directory import InstitutionMemberFactory

CAME, LEFT = at(TODAY, dt.time(9, 40, 31)), at(TODAY, dt.time(11, 55))
DATA = {"state": "completed", "arrived": "9:40", "left": "11:55", "reason": "点错了", "seen": NOW.isoformat()}


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("9:40", dt.time(9, 40)),
        (" 09:40 ", dt.time(9, 40)),
        ("９：４０", dt.time(9, 40)),
        ("9.40", dt.time(9, 40)),
        ("9点40分", dt.time(9, 40)),
        ("940", dt.time(9, 40)),
        ("0:00", dt.time(0)),
        ("23:59", dt.time(23, 59)),
        ("", None),
    ],
)
def test_time_is_read_as_people_type_it(text: str, time: dt.time | None) -> None:
    assert MinuteField(required=False).clean(text) == time


@pytest.mark.parametrize("text", ["24:00", "9:60", "九点", "9", "9:4", "-9:40", "9:405", "9:40 pm"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="时间请写成 9:40"):
        MinuteField(required=False).clean(text)


def test_time_is_shown_as_people_read_it_and_what_was_typed_stays() -> None:
    assert (MinuteField().prepare_value(dt.time(9, 5)), MinuteField().prepare_value("9.5")) == ("9:05", "9.5")


def form_of(data: dict[str, Any] | None = None, *, day: dt.date = TODAY, **recorded: Any) -> CorrectionForm:
    booking = Booking(service_date=day, status="arrived", arrived_at=CAME, **recorded)
    return CorrectionForm(data, booking=booking, today=TODAY)


def test_states_of_today_and_of_a_day_that_is_over() -> None:
    today = [label for _value, label in form_of().fields["state"].choices]
    past = [label for _value, label in form_of(day=TODAY - dt.timedelta(days=1)).fields["state"].choices]

    assert today == ["还没到", "在园", "已离园", "没来"]
    assert past == ["来过", "没来", "不清楚"]


@pytest.mark.parametrize(
    ("day", "state", "attendance"),
    [
        (TODAY, "completed", Attendance("completed", dt.time(9, 40), dt.time(11, 55))),
        (TODAY, "arrived", Attendance("arrived", dt.time(9, 40), None)),
        (TODAY, "absent", Attendance("absent", dt.time(9, 40), None)),
        (TODAY - dt.timedelta(days=1), "unknown", Attendance("completed", None, None)),
    ],
)
def test_form_says_what_was(day: dt.date, state: str, attendance: Attendance) -> None:
    left = DATA["left"] if state == "completed" else ""
    form = form_of({**DATA, "state": state, "left": left}, day=day)

    assert form.is_valid(), form.errors
    assert (form.attendance, form.chosen, form.cleaned_data["seen"]) == (attendance, "点错了", NOW)


def test_form_begins_with_what_is_recorded() -> None:
    assert form_of().initial == {"state": "arrived", "arrived": dt.time(9, 40, 31), "left": None}


@pytest.mark.parametrize(
    ("status", "arrived", "left", "state", "words"),
    [
        ("confirmed", None, None, "confirmed", "已预约"),
        ("arrived", CAME, None, "arrived", "在园 9:40"),
        ("completed", CAME, LEFT, "completed", "已离园 11:55"),
        ("completed", CAME, None, "completed", "没有记离园"),
        ("completed", None, None, "unknown", "没有记录"),
        ("absent", None, None, "absent", "没来"),
        ("requested", None, None, "requested", "等机构答复"),
    ],
)
def test_record_in_words_and_in_the_form(
    status: str, arrived: dt.datetime | None, left: dt.datetime | None, state: str, words: str
) -> None:
    booking = Booking(status=status, arrived_at=arrived, left_at=left)

    assert (attendance_words(booking), state_of(booking)) == (words, state)
    assert times_of(booking)["left"] == (left and dt.time(11, 55))


GONE = {"arrived_at": [CAME.isoformat(), None]}
LEAVING = {"left_at": [None, LEFT.isoformat()]}
ARRIVAL = {"arrived_at": [CAME.isoformat(), at(TODAY, dt.time(9, 10)).isoformat()]}


@pytest.mark.parametrize(
    ("before", "after", "reason", "times", "words"),
    [
        ("confirmed", "arrived", "", {}, "签到"),
        ("arrived", "completed", "", {}, "离园"),
        ("confirmed", "absent", "", {}, "没来"),
        ("completed", "arrived", "undo", {}, "撤回离园"),
        ("arrived", "completed", "unanswered", None, "当天没有记离园，按预约时间结束"),
        ("confirmed", "completed", "unanswered", None, "当天没有记到没到，按预约时间结束"),
        ("arrived", "arrived", "点错了", ARRIVAL, "更正：到 9:40 改为 9:10"),
        ("completed", "completed", "当时忘了点", {}, "补记：别的不清楚"),
        (
            "arrived",
            "confirmed",
            "点错了",
            {"arrived_at": [CAME.isoformat(), None]},
            "更正：在园改为还没到，到 9:40 改为 未填",
        ),
        (
            "absent",
            "completed",
            "点错了",
            {"left_at": [None, LEFT.isoformat()]},
            "更正：没来改为已离园，离 未填 改为 11:55",
        ),
    ],
)
def test_line_of_the_history_in_words(before: str, after: str, reason: str, times: Any, words: str) -> None:
    event = BookingEvent(from_status=before, to_status=after, reason=reason, times=times)

    assert event_words(event) == words
    assert is_correction(event) is words.startswith(("更正", "补记"))


@pytest.mark.django_db
def test_history_is_what_was_recorded_at_the_door_in_order() -> None:
    booking, other = BookingFactory(), BookingFactory()

    def event(before: str, after: str, minute: int, of: Booking = booking) -> BookingEvent:
        moment = NOW + dt.timedelta(minutes=minute)
        moved = {"from_status": before, "to_status": after, "side": "institution", "at": moment}
        return BookingEvent.objects.create(booking=of, district=of.district, **moved)

    event("held", "confirmed", 0)
    left, came = event("arrived", "completed", 20), event("confirmed", "arrived", 10)
    event("confirmed", "cancelled", 30)
    event("confirmed", "arrived", 10, of=other)

    assert [line.event for line in history_of(booking)] == [came, left]


@pytest.mark.django_db
def test_history_names_colleagues_as_the_institution_does() -> None:
    booking = BookingFactory()
    named = InstitutionMemberFactory(institution=booking.institution, user=UserFactory(), name="王芳")
    gone = InstitutionMemberFactory(
        institution=booking.institution, user=UserFactory(phone="13800001234", display_name="妈妈"), ended_at=NOW
    )
    elsewhere = InstitutionMemberFactory(user=UserFactory(), name="李芳")
    for minute, actor in enumerate((named.user, gone.user, elsewhere.user, None)):
        BookingEvent.objects.create(
            booking=booking,
            district=booking.district,
            from_status="confirmed",
            to_status="arrived",
            side="institution",
            at=NOW + dt.timedelta(minutes=minute),
            actor=actor,
        )

    assert [line.who for line in history_of(booking)] == ["王芳", "138****1234", "", ""]
