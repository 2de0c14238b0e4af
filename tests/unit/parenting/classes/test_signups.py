from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import BookingEvent, ChildSlot
from booking.places.queries.ledger import ledger_differences
from cms.accounts.models import Message
from cms.core.calendar.times import at
from cms.core.errors import NotFound
from cms.core.runtime.outbox import drain
from parenting.classes import refusals
from parenting.classes.models import ClassSession, ClassSignup, SessionPlaces
from parenting.classes.services.notices import remind_tomorrow
from parenting.classes.services.publishing import apply_session, cancel_session
from parenting.classes.services.signups import cancel_signup, mark_attendance, sign_up
from tests.factories.accounts import ChildFactory, UserFactory
from tests.factories.booking import NOW, hold, open_house, toddler
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db


def join(session, family=None, *, child=None, now=NOW):
    user, _own = family or toddler()
    return sign_up(user=user, session=session.public_id, child=child, now=now)


def test_sign_up_takes_a_place_and_tells_the_family():
    session = ClassSessionFactory()
    user, child = toddler()

    signup = join(session, (user, child))

    assert (signup.child, signup.booking.status) == (child, "confirmed")
    assert SessionPlaces.objects.get(session=session).cell.taken == 1
    assert Message.objects.get(user=user).kind == "class_signed_up"
    assert list(ledger_differences()) == []


def test_parent_class_leaves_the_child_free_and_activity_does_not():
    family = toddler()
    join(ClassSessionFactory(), family)
    assert ChildSlot.objects.count() == 0

    join(ClassSessionFactory(kind=ClassSession.Kind.PARENT_CHILD_ACTIVITY), family)

    assert ChildSlot.objects.count() == 4


def test_family_without_child_may_come_to_a_parent_class_only():
    user = UserFactory()
    assert sign_up(user=user, session=ClassSessionFactory().public_id, child=None, now=NOW).child is None

    activity = ClassSessionFactory(kind=ClassSession.Kind.PARENT_CHILD_ACTIVITY)
    with pytest.raises(refusals.ChildRequired):
        sign_up(user=user, session=activity.public_id, child=None, now=NOW)


def test_two_children_need_a_choice():
    user, child = toddler()
    second = ChildFactory(family=child.family, birth_date=dt.date(2025, 3, 1))
    session = ClassSessionFactory()
    with pytest.raises(refusals.ChildRequired):
        join(session, (user, child))

    join(session, (user, child), child=child.public_id)
    join(session, (user, child), child=second.public_id)

    assert ClassSignup.objects.filter(active=True).count() == 2


def test_full_twice_other_age_and_closed_window_are_refused():
    session = ClassSessionFactory(capacity=1)
    family = toddler()
    join(session, family)

    with pytest.raises(refusals.AlreadySignedUp):
        join(session, family)
    with pytest.raises(refusals.SessionFull):
        join(session)
    with pytest.raises(refusals.AgeNotMeant):
        join(ClassSessionFactory(), toddler(birth_date=dt.date(2026, 6, 1)))
    with pytest.raises(refusals.SignupClosed):
        join(ClassSessionFactory(), now=at(DAY, dt.time(8)))
    with pytest.raises(refusals.SignupClosed):
        join(ClassSessionFactory(signup_opens_at=NOW + dt.timedelta(hours=1)))
    with pytest.raises(NotFound):
        join(ClassSessionFactory(), child=family[1].public_id)


def test_child_in_care_cannot_come_to_an_activity():
    user, child = toddler()
    hold(open_house(), user=user, child=child, day=DAY, starts=dt.time(9), ends=dt.time(11))

    with pytest.raises(refusals.ChildBusy):
        join(ClassSessionFactory(kind=ClassSession.Kind.PARENT_CHILD_ACTIVITY), (user, child))


def test_cancelling_frees_the_place_and_one_may_come_back():
    session = ClassSessionFactory(capacity=1)
    family = toddler()
    join(session, family)

    for _ in range(2):
        cancel_signup(user=family[0], session=session.public_id, child=None, now=NOW)
    join(session, family)

    assert ClassSignup.objects.filter(active=True).count() == 1
    assert list(ledger_differences()) == []


def test_cancelling_after_the_start_or_another_s_place_is_refused():
    session = ClassSessionFactory()
    family = toddler()
    join(session, family)

    with pytest.raises(refusals.TooLateToCancel):
        cancel_signup(user=family[0], session=session.public_id, child=None, now=at(DAY, dt.time(9, 30)))
    with pytest.raises(NotFound):
        cancel_signup(user=toddler()[0], session=session.public_id, child=None, now=NOW)


def test_cancelled_session_tells_everyone():
    session = ClassSessionFactory()
    families = [toddler(), toddler()]
    for family in families:
        join(session, family)

    cancel_session(session=session, reason="讲师生病", actor=None, now=NOW)
    drain(now=NOW)

    assert ClassSignup.objects.filter(active=True).count() == 0
    told = Message.objects.filter(kind="class_cancelled")
    assert {message.user_id for message in told} == {user.pk for user, _ in families}
    assert all("讲师生病" in message.body for message in told)
    assert set(BookingEvent.objects.filter(to_status="cancelled").values_list("side", flat=True)) == {"staff"}
    assert list(ledger_differences()) == []
    with pytest.raises(refusals.SignupClosed):
        join(session)


def test_cancelling_without_reason_is_refused():
    with pytest.raises(refusals.ReasonMissing):
        cancel_session(session=ClassSessionFactory(), reason=" ", actor=None, now=NOW)


def test_new_time_moves_bookings_and_tells():
    session = ClassSessionFactory()
    signup = join(session)
    session.starts_at, session.ends_at = at(DAY, dt.time(15)), at(DAY, dt.time(16))
    session.save()

    apply_session(session=session, now=NOW)

    signup.booking.refresh_from_db()
    assert signup.booking.starts_at == at(DAY, dt.time(15))
    assert Message.objects.filter(kind="class_changed").count() == 1


def test_applying_twice_changes_nothing():
    session = ClassSessionFactory()
    join(session)

    apply_session(session=session, now=NOW)

    assert SessionPlaces.objects.get(session=session).cell.taken == 1
    assert not Message.objects.filter(kind="class_changed").exists()


def test_attendance_is_marked_and_taken_back():
    session = ClassSessionFactory()
    family = toddler()
    signup = join(session, family)
    moment = at(DAY, dt.time(9, 25))
    booking = signup.booking

    def status(came):
        mark_attendance(actor=family[0], session=session, signup=booking.public_id, came=came, now=moment)
        booking.refresh_from_db()
        return booking.status

    assert [status(True), status(None), status(False)] == ["arrived", "confirmed", "absent"]
    with pytest.raises(NotFound):
        mark_attendance(actor=family[0], session=ClassSessionFactory(), signup=booking.public_id, came=True, now=moment)


def test_reminder_goes_out_once_the_day_before_at_noon():
    join(ClassSessionFactory())
    noon = at(DAY - dt.timedelta(days=1), dt.time(12))

    assert remind_tomorrow(noon - dt.timedelta(minutes=1)) == 0
    remind_tomorrow(noon)
    remind_tomorrow(noon + dt.timedelta(minutes=30))
    drain(now=noon + dt.timedelta(hours=1))

    assert Message.objects.filter(kind="class_reminder").count() == 1
