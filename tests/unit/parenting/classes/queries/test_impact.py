"""What the classes answer to the register about an institution where they are held."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import moves
from parenting.classes.queries.impact import (
    impact_of_cancelling,
    impact_of_moving,
    impact_of_new_times,
    touched_classes,
)
from parenting.classes.services.publishing import cancel_session
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.booking import NOW, toddler
from tests.factories.directory import InstitutionFactory
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    """On Saturday from 9:30 to 10:30, with one family."""
    made = ClassSessionFactory(host=InstitutionFactory(public=True), capacity=3)
    join(made)
    return made


def join(session):
    user, child = toddler()
    return sign_up(user=user, session=session.public_id, child=child.public_id, now=NOW)


def touched(session, *, now=NOW, **question):
    asked = {"first": DAY, "last": None, "class_kind": "", "minutes": (0, 1440), "only_waiting": False, "now": now}
    return touched_classes(institution_id=session.host_id, **asked | question)


def test_each_family_is_named_and_nothing_ends_by_itself(session, django_assert_num_queries):
    other = join(session)
    join(ClassSessionFactory(host=InstitutionFactory(public=True)))

    with django_assert_num_queries(1):
        found = touched(session)

    assert len(found) == 2
    assert found[1].booking == other.booking_id
    assert (found[1].family, found[1].child) == (other.family_id, other.child_id)
    assert (found[1].starts_at, found[1].ends_at) == (other.booking.starts_at, other.booking.ends_at)
    assert [one.is_ended for one in found] == [False, False]


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ({"last": DAY}, 1),
        ({"last": DAY - dt.timedelta(days=1), "first": DAY - dt.timedelta(days=3)}, 0),
        ({"first": DAY + dt.timedelta(days=1)}, 0),
        ({"minutes": (0, 570)}, 0),
        ({"minutes": (0, 571)}, 1),
        ({"minutes": (629, 1440)}, 1),
        ({"minutes": (630, 1440)}, 0),
        ({"class_kind": "toddler"}, 0),
        ({"only_waiting": True}, 0),
    ],
)
def test_days_and_hours_of_the_question(session, question, count):
    assert len(touched(session, **question)) == count


def test_only_what_is_to_come_and_takes_place(session):
    start = session.places.starts_at
    other, absent = join(session), join(session)
    moves.mark_absent(actor=absent.booking.created_by, institution=None, booking=absent.booking.public_id, now=start)
    cancel_signup(user=other.booking.created_by, session=session.public_id, child=None, now=NOW)

    assert len(touched(session)) == 1
    assert len(touched(session, now=start - dt.timedelta(seconds=1))) == 1
    assert touched(session, now=start) == []
    cancel_session(session=session, reason="停电", actor=None, now=NOW)
    assert touched(session) == []


def test_cancelling_touches_everybody_and_moving_those_without_a_mark(session):
    start = session.places.starts_at
    came, gone = join(session), join(session)
    moves.mark_arrived(actor=came.booking.created_by, institution=None, booking=came.booking.public_id, now=start)
    cancel_signup(user=gone.booking.created_by, session=session.public_id, child=None, now=NOW)

    cancelling, moving = impact_of_cancelling(session), impact_of_moving(session)

    assert (cancelling.bookings, cancelling.families, cancelling.children) == (2, 2, 2)
    assert came.booking_id in [one.booking for one in cancelling.touched]
    assert (moving.bookings, came.booking_id in [one.booking for one in moving.touched]) == (1, False)


def test_new_times_touch_only_what_is_still_to_come_and_really_moves(session):
    places, hour = session.places, dt.timedelta(hours=1)
    old, new = (places.starts_at, places.ends_at), (places.starts_at, places.ends_at + hour)
    draft = ClassSessionFactory(published=False)

    def touched(times, *, now=NOW, of=session):
        return impact_of_new_times(of, times, now=now).bookings

    assert [touched(times) for times in (old, new, (old[0] - hour, old[1]))] == [0, 1, 1]
    assert [touched(new, now=moment) for moment in (old[1] - dt.timedelta(seconds=1), old[1])] == [1, 0]
    assert touched(new, of=draft) == 0
    places.cancelled_at, places.cancel_reason = NOW, "停电"
    places.save()
    assert touched(new) == 0
