"""What the classes answer to the register about an institution where they are held."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import moves
from cms.core.calendar.times import at
from parenting.classes.enums import SessionMove
from parenting.classes.queries.impact import (
    Plan,
    impact_of_cancelling,
    impact_of_moving,
    move_by_publishing,
    move_of,
    plan_of,
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


def test_only_a_session_still_to_come_is_moved_by_a_publishing(session):
    places, hour = session.places, dt.timedelta(hours=1)
    plan = plan_of(places)
    later = plan._replace(ends_at=plan.ends_at + hour)
    draft = ClassSessionFactory(published=False)

    def move(to, *, now=NOW, of=session):
        return move_by_publishing(of, to, now=now)

    earlier = plan._replace(starts_at=plan.starts_at - hour)
    assert [move(to) for to in (plan, later, earlier)] == [None, SessionMove.TIME, SessionMove.TIME]
    moments = (plan.ends_at - dt.timedelta(seconds=1), plan.ends_at)
    assert [move(later, now=moment) for moment in moments] == [SessionMove.TIME, None]
    assert move(later, of=draft) is None
    places.cancelled_at, places.cancel_reason = NOW, "停电"
    places.save()
    assert move(later) is None


@pytest.mark.parametrize(
    ("before", "after", "move"),
    [
        ({}, {}, None),
        ({}, {"venue": "别处"}, SessionMove.VENUE),
        ({}, {"address": "2 号"}, SessionMove.VENUE),
        ({}, {"address": ""}, SessionMove.VENUE),
        ({}, {"starts_at": NOW}, SessionMove.TIME),
        ({}, {"starts_at": NOW, "venue": "别处"}, SessionMove.BOTH),
        ({"venue": "", "address": ""}, {"venue": "别处"}, None),
        ({"venue": "", "address": ""}, {"venue": "别处", "ends_at": NOW}, SessionMove.TIME),
    ],
)
def test_time_and_place_are_told_apart(before, after, move):
    plan = Plan(at(DAY, dt.time(9)), at(DAY, dt.time(10)), "示例社区", "1 号")

    assert move_of(plan._replace(**before), plan._replace(**after)) == move
