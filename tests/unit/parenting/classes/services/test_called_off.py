"""A session that is called off: who is cancelled and told, who is left alone, and what the history keeps."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from booking.care.services import moves
from booking.places.models import BookingEvent
from booking.places.queries.ledger import ledger_differences
from cms.accounts.models import Message
from cms.core.calendar.times import at
from cms.core.models import OutboxMessage
from cms.core.runtime.outbox import drain
from parenting.classes import refusals
from parenting.classes.models import ClassSignup, SessionPlaces
from parenting.classes.services.notices import remind_tomorrow
from parenting.classes.services.publishing import apply_session, cancel_session, take_down_session
from parenting.classes.services.signups import cancel_by_host, cancel_signup, sign_up
from tests.factories.accounts import ChildFactory, StaffUserFactory
from tests.factories.booking import NOW, toddler
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db
START, END = at(DAY, dt.time(9, 30)), at(DAY, dt.time(10, 30))
SECOND = dt.timedelta(seconds=1)


def join(session, family=None, *, now=NOW, child=None):
    user, _child = family or toddler()
    return sign_up(user=user, session=session.public_id, child=child and child.public_id, now=now)


def told(kind="class_cancelled") -> list[int]:
    return sorted(Message.objects.filter(kind=kind).values_list("user_id", flat=True))


def statuses() -> list[str]:
    return list(ClassSignup.objects.order_by("pk").values_list("booking__status", flat=True))


@pytest.mark.parametrize("moment", [END, END + SECOND])
def test_a_session_that_is_over_cannot_be_cancelled(moment):
    session = ClassSessionFactory()
    join(session)

    with pytest.raises(refusals.SessionOver):
        cancel_session(session=session, reason="讲师生病", actor=None, now=moment)
    drain(now=moment)

    assert (statuses(), told()) == (["confirmed"], [])
    assert SessionPlaces.objects.get().cancelled_at is None


def test_a_session_under_way_can_be_cancelled():
    session = ClassSessionFactory()
    signup = join(session)

    cancel_session(session=session, reason="停电", actor=None, now=END - SECOND)
    drain(now=END - SECOND)

    assert (statuses(), told()) == (["cancelled"], [signup.booking.created_by_id])


def test_who_is_marked_keeps_the_mark_and_everybody_is_told():
    session = ClassSessionFactory(capacity=4)
    families = [toddler() for _ in range(4)]
    arrived, absent, *_others = [join(session, family) for family in families]
    moves.mark_arrived(actor=families[0][0], institution=None, booking=arrived.booking.public_id, now=START)
    moves.mark_absent(actor=families[0][0], institution=None, booking=absent.booking.public_id, now=START)

    cancel_session(session=session, reason="停电", actor=None, now=START)
    drain(now=START)

    assert statuses() == ["arrived", "absent", "cancelled", "cancelled"]
    assert told() == sorted(user.pk for user, _child in families)
    assert list(ClassSignup.objects.order_by("pk").values_list("active", flat=True)) == [True, True, False, False]
    assert list(ledger_differences()) == []


def test_who_came_is_told_once_that_the_session_breaks_off_and_has_come():
    session = ClassSessionFactory()
    family = toddler()
    signup = join(session, family)
    moves.mark_arrived(actor=family[0], institution=None, booking=signup.booking.public_id, now=START)

    cancel_session(session=session, reason="停电", actor=None, now=START)
    for _ in range(2):
        cancel_by_host(signup=signup, actor=None, reason="停电", act="1", now=START)

    assert (statuses(), told()) == (["arrived"], [family[0].pk])
    assert ClassSignup.objects.get().active


def test_who_gave_the_place_back_hears_nothing():
    session, family = ClassSessionFactory(), toddler()
    signup = join(session, family)
    cancel_signup(user=family[0], session=session.public_id, child=None, now=NOW)

    cancel_by_host(signup=signup, actor=None, reason="停电", act="1", now=NOW)

    assert (statuses(), told()) == (["cancelled"], [])


def two_siblings(session):
    user, child = toddler()
    sibling = ChildFactory(family=child.family, birth_date=child.birth_date)
    for one in (child, sibling):
        sign_up(user=user, session=session.public_id, child=one.public_id, now=NOW)
    return user, child


def test_family_with_two_places_is_told_once_of_each_act():
    session = ClassSessionFactory(capacity=3)
    user, child = two_siblings(session)
    other = join(session).booking.created_by

    take_down_session(session=session, reason="撤下", actor=None, now=NOW)
    drain(now=NOW)
    apply_session(session=session, now=NOW + SECOND)
    join(session, (user, child), now=NOW + SECOND, child=child)
    cancel_session(session=session, reason="停电", actor=None, now=NOW + 2 * SECOND)
    drain(now=NOW + 2 * SECOND)

    assert told() == sorted([user.pk, user.pk, other.pk])


def test_family_with_two_places_hears_once_of_a_new_time_and_is_reminded_once():
    session = ClassSessionFactory(capacity=3)
    user, _child = two_siblings(session)
    session.starts_at, session.ends_at = START + dt.timedelta(hours=1), END + dt.timedelta(hours=1)
    session.save()

    apply_session(session=session, now=NOW)
    drain(now=NOW)
    day_before = at(DAY - dt.timedelta(days=1), dt.time(12))
    remind_tomorrow(day_before)
    drain(now=day_before)

    assert (told("class_changed"), told("class_reminder")) == ([user.pk], [user.pk])


def test_places_are_given_back_in_the_order_in_which_they_were_taken():
    session = ClassSessionFactory(capacity=3)
    for _ in range(3):
        join(session)

    cancel_session(session=session, reason="停电", actor=None, now=NOW)
    drain(now=NOW)

    cancelled = BookingEvent.objects.filter(to_status="cancelled").order_by("pk")
    assert [event.booking_id for event in cancelled] == sorted(event.booking_id for event in cancelled)


def test_long_reason_is_cut_to_what_the_history_holds():
    session = ClassSessionFactory()
    signup = join(session)

    cancel_by_host(signup=signup, actor=None, reason="停" * 200, act="1", now=NOW)

    reason = BookingEvent.objects.get(to_status="cancelled").reason
    assert reason == "停" * BookingEvent._meta.get_field("reason").max_length


def test_a_message_of_the_first_release_tells_everybody_the_sessions_reason():
    session = ClassSessionFactory(capacity=2)
    families = [toddler() for _ in range(2)]
    for family in families:
        join(session, family)
    cancel_session(session=session, reason="停电", actor=None, now=NOW)
    OutboxMessage.objects.update(payload={"session": session.pk, "actor": None})

    drain(now=NOW)

    assert (statuses(), told()) == (["cancelled", "cancelled"], sorted(user.pk for user, _child in families))
    assert set(BookingEvent.objects.filter(to_status="cancelled").values_list("reason", flat=True)) == {"停电"}


def test_the_actor_is_kept_in_both_histories():
    session, colleague = ClassSessionFactory(), StaffUserFactory()
    join(session)

    cancel_session(session=session, reason="讲师生病", actor=colleague, now=NOW)
    drain(now=NOW)

    event = BookingEvent.objects.get(to_status="cancelled")
    assert (event.actor, event.side, event.reason) == (colleague, "staff", "讲师生病")
    entry = ModelLogEntry.objects.get(action="parenting.cancel")
    assert (entry.user, entry.object_id, entry.data) == (colleague, str(session.pk), {"reason": "讲师生病"})


def test_the_places_of_other_sessions_stay():
    other, session = ClassSessionFactory(), ClassSessionFactory()
    family = toddler()
    for one in (other, session):
        join(one, family)

    cancel_session(session=session, reason="停电", actor=None, now=NOW)
    drain(now=NOW)

    assert statuses() == ["confirmed", "cancelled"]
    assert SessionPlaces.objects.get(session=other).cell.taken == 1


def test_an_actor_who_has_left_is_no_hindrance():
    session, colleague = ClassSessionFactory(), StaffUserFactory()
    join(session)
    cancel_session(session=session, reason="讲师生病", actor=colleague, now=NOW)
    colleague.delete()

    drain(now=NOW)

    assert BookingEvent.objects.get(to_status="cancelled").actor is None


def test_cancelling_a_place_names_the_parent():
    session, family = ClassSessionFactory(), toddler()
    join(session, family)

    cancel_signup(user=family[0], session=session.public_id, child=None, now=NOW)

    event = BookingEvent.objects.get(to_status="cancelled")
    assert (event.actor, event.side, event.reason) == (family[0], "parent", "")
    assert told() == []


@pytest.mark.parametrize(
    "act",
    [
        lambda session: apply_session(session=session, now=NOW),
        lambda session: cancel_session(session=session, reason="停电", actor=None, now=NOW),
        lambda session: take_down_session(session=session, reason="撤下", actor=None, now=NOW),
    ],
    ids=["applied", "cancelled", "taken down"],
)
def test_every_act_on_a_session_locks_its_row_before_it_reads_the_places(act):
    session = ClassSessionFactory()

    with CaptureQueriesContext(connection) as queries:
        act(session)

    tables = [table for query in queries for table in re.findall(r'^SELECT .*? FROM "(\w+)"', query["sql"])]
    assert tables[:2] == ["parenting_classsession", "parenting_sessionplaces"]
