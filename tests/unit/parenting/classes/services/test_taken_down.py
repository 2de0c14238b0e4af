"""A session that is unpublished is called off; published again it opens again."""

from __future__ import annotations

import datetime as dt

import pytest
from wagtail.models import ModelLogEntry

from booking.places.models import Booking, BookingEvent
from booking.places.queries.ledger import ledger_differences
from cms.accounts.models import Message
from cms.core.calendar.times import at
from cms.core.models import OutboxMessage
from cms.core.runtime.outbox import drain
from directory.register.queries.impact import Impact
from parenting.classes.models import ClassSession, ClassSignup, SessionPlaces
from parenting.classes.queries.sessions import remaining
from parenting.classes.services.publishing import apply_session, cancel_session, take_down_session
from parenting.classes.services.signups import sign_up
from tests.factories.accounts import StaffUserFactory
from tests.factories.booking import NOW, toddler
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db
START, END = at(DAY, dt.time(9, 30)), at(DAY, dt.time(10, 30))
SECOND, HOUR = dt.timedelta(seconds=1), dt.timedelta(hours=1)


def join(session, family=None, *, now=NOW):
    user, _child = family or toddler()
    return sign_up(user=user, session=session.public_id, child=None, now=now)


def publish(session, *, now=NOW, **changes) -> SessionPlaces:
    """What Wagtail does: the text is written, then carried over."""
    for name, value in changes.items():
        setattr(session, name, value)
    session.save()
    return apply_session(session=session, now=now)


def told(kind) -> list[int]:
    return sorted(Message.objects.filter(kind=kind).values_list("user_id", flat=True))


def take_down(session, *, now=NOW):
    ClassSession.objects.filter(pk=session.pk).update(live=False)
    take_down_session(session=session, reason="主办方撤下了这场课堂", actor=None, now=now)


def test_taken_down_cancels_and_tells():
    session, family = ClassSessionFactory(), toddler()
    join(session, family)

    take_down(session)
    drain(now=NOW)

    places = SessionPlaces.objects.get()
    assert (places.cancelled_at, places.taken_down, places.cell.target) == (NOW, True, 0)
    assert list(ClassSignup.objects.values_list("active", "booking__status")) == [(False, "cancelled")]
    assert told("class_cancelled") == [family[0].pk]
    assert Message.objects.get(kind="class_cancelled").body == (
        "11月28日 周六 9:30–10:30 的课堂不办了。原因：主办方撤下了这场课堂"
    )


@pytest.mark.parametrize("moment", [END, END + SECOND])
def test_taking_down_what_is_over_touches_nobody(moment):
    session = ClassSessionFactory()
    join(session)

    take_down(session, now=moment)
    drain(now=moment)

    places = SessionPlaces.objects.get()
    assert (places.cancelled_at, places.taken_down, places.cell.target) == (None, False, 2)
    assert list(ClassSignup.objects.values_list("active", "booking__status")) == [(True, "confirmed")]
    assert told("class_cancelled") == []


def test_taking_down_until_the_end_cancels():
    session = ClassSessionFactory()

    take_down(session, now=END - SECOND)

    assert SessionPlaces.objects.get().taken_down


def test_taking_down_a_draft_is_nothing():
    session = ClassSessionFactory(published=False)

    take_down_session(session=session, reason="撤下", actor=None, now=NOW)

    assert SessionPlaces.objects.count() == OutboxMessage.objects.count() == 0


def test_published_again_it_takes_new_sign_ups_and_those_cancelled_stay_so():
    session, family = ClassSessionFactory(), toddler()
    first = join(session, family)
    take_down(session)
    drain(now=NOW)

    places = publish(session, live=True, capacity=3, starts_at=START + HOUR, ends_at=END + HOUR, now=NOW + SECOND)

    assert (places.cancelled_at, places.cancel_reason, places.taken_down) == (None, "", False)
    assert (places.starts_at, places.cell.target, places.cell.taken) == (START + HOUR, 3, 0)
    again = join(session, family)
    assert (again.pk == first.pk, again.booking.starts_at) == (False, START + HOUR)
    assert told("class_changed") == []
    assert list(ledger_differences()) == []


def test_published_again_at_once_the_late_message_cancels_only_who_was_there_before():
    session, before, after = ClassSessionFactory(capacity=3), toddler(), toddler()
    join(session, before)
    take_down(session)
    publish(session, live=True, starts_at=START + HOUR, ends_at=END + HOUR, now=NOW + SECOND)
    join(session, after)

    drain(now=NOW + SECOND)

    kept = ClassSignup.objects.get(active=True)
    assert kept.booking.created_by == after[0]
    assert told("class_cancelled") == [before[0].pk]
    assert told("class_changed") == []
    assert Message.objects.get(kind="class_cancelled").body.endswith("原因：主办方撤下了这场课堂")
    assert SessionPlaces.objects.get().cell.taken == 1
    assert list(ledger_differences()) == []


def test_signing_up_again_before_the_late_message_gets_a_new_place_that_stays():
    session, family, other = ClassSessionFactory(capacity=3), toddler(), toddler()
    first, second = join(session, family), join(session, other)
    take_down(session)
    publish(session, live=True, now=NOW + SECOND)

    again = join(session, family, now=NOW + SECOND)
    while drain(now=NOW + SECOND):
        pass

    assert again.pk != first.pk
    assert list(ClassSignup.objects.order_by("pk").values_list("pk", "active", "booking__status")) == [
        (first.pk, False, "cancelled"),
        (second.pk, False, "cancelled"),
        (again.pk, True, "confirmed"),
    ]
    assert told("class_cancelled") == [family[0].pk, other[0].pk]
    assert Message.objects.filter(kind="class_cancelled").first().body == (
        "11月28日 周六 9:30–10:30 的课堂不办了。原因：主办方撤下了这场课堂"
    )
    event = BookingEvent.objects.get(booking=first.booking, to_status="cancelled")
    assert (event.side, event.reason, event.at) == ("staff", "主办方撤下了这场课堂", NOW + SECOND)
    assert SessionPlaces.objects.get().cell.taken == 1
    assert list(ledger_differences()) == []


def test_reopened_over_by_none_when_everybody_was_still_to_be_cancelled():
    session = ClassSessionFactory(capacity=2)
    for _ in range(2):
        join(session)
    take_down(session)

    places = publish(session, live=True, capacity=1, now=NOW + SECOND)

    assert (places.cell.target, places.cell.capacity, places.cell.taken) == (1, 1, 0)
    assert list(ledger_differences()) == []


def test_who_had_come_before_the_taking_down_keeps_the_mark_when_it_opens_again():
    session, family = ClassSessionFactory(), toddler()
    came = join(session, family)
    Booking.objects.filter(pk=came.booking_id).update(status="arrived", arrived_at=NOW)
    take_down(session)

    publish(session, live=True, now=NOW + SECOND)
    drain(now=NOW + SECOND)

    came.refresh_from_db()
    assert (came.active, came.booking.status) == (True, "arrived")
    assert told("class_cancelled") == []


def test_cancelled_after_it_was_taken_down_it_never_opens_again():
    session, colleague = ClassSessionFactory(), StaffUserFactory()
    take_down(session)

    assert cancel_session(session=session, reason="讲师生病", actor=colleague, now=NOW + SECOND) == Impact([])
    places = publish(session, live=True, now=NOW + 2 * SECOND)

    assert (places.cancelled_at, places.cancel_reason, places.taken_down) == (NOW + SECOND, "讲师生病", False)
    assert places.cell.target == 0
    entry = ModelLogEntry.objects.get(action="parenting.cancel")
    assert (entry.user, entry.data) == (colleague, {"reason": "讲师生病"})


def test_cancelled_for_good_twice_is_nothing_the_second_time():
    session = ClassSessionFactory()

    answers = [cancel_session(session=session, reason=reason, actor=None, now=NOW) for reason in ("讲师生病", "停电")]

    assert answers == [Impact([]), None]
    assert ModelLogEntry.objects.filter(action="parenting.cancel").count() == 1


def test_taken_down_over_and_given_a_new_date_it_opens_again():
    session = ClassSessionFactory()
    take_down(session)
    week = dt.timedelta(days=7)

    places = publish(
        session,
        live=True,
        starts_at=START + week,
        ends_at=END + week,
        signup_closes_at=START + week,
        now=END + HOUR,
    )

    assert (places.cancelled_at, places.starts_at, remaining(session)) == (None, START + week, 2)


def test_cancelled_and_then_taken_down_stays_cancelled():
    session = ClassSessionFactory()
    cancel_session(session=session, reason="讲师生病", actor=None, now=NOW)

    take_down(session, now=NOW + SECOND)
    places = publish(session, live=True, now=NOW + SECOND)

    assert (places.cancelled_at, places.cancel_reason, places.taken_down) == (NOW, "讲师生病", False)
