"""Marks at the door of a session."""

from __future__ import annotations

import datetime as dt

import pytest
from wagtail.models import ModelLogEntry

from booking.care.services import moves
from booking.places import refusals as booking_refusals
from booking.places.models import BookingEvent
from booking.places.queries.ledger import ledger_differences
from cms.core.calendar.times import at
from cms.core.errors import NotFound
from parenting.classes import refusals
from parenting.classes.models import ClassSession, SessionPlaces
from parenting.classes.services.attendance import mark_attendance, note_session
from parenting.classes.services.publishing import apply_session
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.accounts import StaffUserFactory
from tests.factories.booking import NOW, toddler
from tests.factories.parenting import DAY, ClassSessionFactory
from tests.races import Late

pytestmark = pytest.mark.django_db
START = at(DAY, dt.time(9, 30))
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def session() -> ClassSession:
    return ClassSessionFactory()


def join(session, family=None):
    user, _child = family or toddler()
    return sign_up(user=user, session=session.public_id, child=None, now=NOW).booking


def mark(session, booking, came, now=START):
    mark_attendance(actor=StaffUserFactory(), session=session, signup=booking.public_id, came=came, now=now)
    booking.refresh_from_db()
    return booking.status


@pytest.mark.parametrize(("moment", "allowed"), [(START - SECOND, False), (START, True), (START + SECOND, True)])
def test_absent_waits_for_the_start(session, moment, allowed):
    booking = join(session)

    if allowed:
        assert mark(session, booking, False, moment) == "absent"
        return
    with pytest.raises(refusals.NotBegun):
        mark(session, booking, False, moment)

    booking.refresh_from_db()
    assert (booking.status, SessionPlaces.objects.get().cell.taken) == ("confirmed", 1)


def test_the_start_is_that_of_the_place_after_a_change_of_time(session):
    booking = join(session)
    session.starts_at, session.ends_at = at(DAY, dt.time(15)), at(DAY, dt.time(16))
    session.save()
    apply_session(session=session, now=NOW)

    with pytest.raises(refusals.NotBegun):
        mark(session, booking, False, START)

    assert mark(session, booking, False, at(DAY, dt.time(15))) == "absent"


def test_the_start_is_that_of_the_place_under_its_lock(session, monkeypatch):
    booking = join(session)
    week = dt.timedelta(days=7)

    def postpone():
        session.starts_at, session.ends_at = session.starts_at + week, session.ends_at + week
        session.save()
        apply_session(session=session, now=START)

    monkeypatch.setattr(moves, "mark_absent", Late(moves.mark_absent, postpone))
    with pytest.raises(moves.StayAhead):
        mark(session, booking, False, START)

    booking.refresh_from_db()
    assert (booking.status, SessionPlaces.objects.get().cell.taken) == ("confirmed", 1)
    assert mark(session, booking, False, START + week) == "absent"


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (at(DAY, dt.time(0)) - dt.timedelta(microseconds=1), False),
        (at(DAY, dt.time(0)), True),
        (START + dt.timedelta(days=3), True),
    ],
)
def test_come_is_marked_from_the_day_of_the_class(session, moment, allowed):
    booking = join(session)

    if allowed:
        assert mark(session, booking, True, moment) == "arrived"
        return
    with pytest.raises(moves.StayAhead):
        mark(session, booking, True, moment)
    booking.refresh_from_db()
    assert (booking.status, booking.arrived_at) == ("confirmed", None)


def test_come_may_be_marked_before_the_start_and_taken_back(session):
    booking = join(session)
    early = START - dt.timedelta(minutes=5)

    assert [mark(session, booking, came, early) for came in (True, None)] == ["arrived", "confirmed"]
    assert booking.arrived_at is None
    actors = BookingEvent.objects.filter(booking=booking).exclude(from_status="").values_list("actor", flat=True)
    assert None not in actors


def test_who_was_absent_may_come_late_also_when_the_place_is_gone(session):
    first = join(session)
    mark(session, first, False, START)

    assert mark(session, first, True, START + dt.timedelta(minutes=10)) == "arrived"
    assert list(ledger_differences()) == []


def test_absent_can_be_taken_back_for_ten_minutes(session):
    booking = join(session)
    mark(session, booking, False, START)

    assert mark(session, booking, None, START + dt.timedelta(minutes=10)) == "confirmed"

    mark(session, booking, False, START + dt.timedelta(minutes=11))
    with pytest.raises(booking_refusals.WrongState):
        mark(session, booking, None, START + dt.timedelta(minutes=21, seconds=1))


@pytest.mark.parametrize("came", [True, False, None])
def test_a_place_given_back_cannot_be_marked(session, came):
    family = toddler()
    booking = join(session, family)
    cancel_signup(user=family[0], session=session.public_id, child=None, now=NOW)

    with pytest.raises(NotFound):
        mark(session, booking, came)

    booking.refresh_from_db()
    assert booking.status == "cancelled"


def test_a_place_of_another_session_is_not_there(session):
    booking = join(session)

    with pytest.raises(NotFound):
        mark(ClassSessionFactory(), booking, True)

    booking.refresh_from_db()
    assert booking.status == "confirmed"


def test_one_mark_leaves_the_others_alone(session):
    first, second = join(session), join(session)

    mark(session, first, False)

    second.refresh_from_db()
    assert second.status == "confirmed"


@pytest.mark.parametrize(("moment", "allowed"), [(START - SECOND, False), (START, True)])
def test_unannounced_families_are_counted_from_the_start_on(session, moment, allowed):
    ClassSessionFactory()
    actor = StaffUserFactory()

    if allowed:
        note_session(actor=actor, session=session, walk_ins=3, note=" 投影坏了 ", now=moment)
    else:
        with pytest.raises(refusals.NotYetHeld):
            note_session(actor=actor, session=session, walk_ins=3, note="", now=moment)

    rows = SessionPlaces.objects.order_by("pk").values_list("walk_ins", "note")
    assert list(rows) == [(3, "投影坏了") if allowed else (0, ""), (0, "")]
    entries = ModelLogEntry.objects.filter(action="parenting.note")
    assert [(entry.user, entry.data) for entry in entries] == ([(actor, {"walk_ins": 3})] if allowed else [])
