"""Taking a place in a session: who may, when, and what the second call gets."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.places.models import Booking, BookingEvent, ChildSlot
from booking.places.queries.ledger import ledger_differences
from cms.accounts.models import FamilyMember, Message
from cms.core.calendar.times import at
from cms.core.errors import NotFound
from parenting.classes import refusals
from parenting.classes.models import ClassSession, ClassSignup, SessionPlaces
from parenting.classes.services.publishing import apply_session, cancel_session
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.accounts import ChildFactory, FamilyMemberFactory, UserFactory
from tests.factories.booking import NOW, hold, open_house, toddler
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db
ACTIVITY = ClassSession.Kind.PARENT_CHILD_ACTIVITY
SECOND = dt.timedelta(seconds=1)


def join(session, family=None, *, child=None, now=NOW):
    user, _own = family or toddler()
    return sign_up(user=user, session=session.public_id, child=child, now=now)


def test_sign_up_takes_a_place_and_tells_the_family():
    session = ClassSessionFactory()
    user, child = toddler()

    signup = join(session, (user, child))

    booking = signup.booking
    assert (signup.session, signup.family, signup.child, signup.active) == (session, child.family, child, True)
    assert (booking.status, booking.kind, booking.created_by, booking.family) == (
        "confirmed",
        "session",
        user,
        child.family,
    )
    assert (booking.starts_at, booking.ends_at, booking.service_date) == (session.starts_at, session.ends_at, DAY)
    event = BookingEvent.objects.get()
    assert (event.to_status, event.side, event.actor, event.at) == ("confirmed", "parent", user, NOW)
    assert SessionPlaces.objects.get(session=session).cell.taken == 1
    assert Message.objects.get(user=user).kind == "class_signed_up"
    assert list(ledger_differences()) == []


def test_signing_up_again_answers_the_same_place():
    session, family = ClassSessionFactory(), toddler()
    grandmother = FamilyMemberFactory(family=family[1].family, role="carer").user

    made = [join(session, family), join(session, family), join(session, (grandmother, family[1]))]

    assert [signup.pk for signup in made] == [made[0].pk] * 3
    assert SessionPlaces.objects.get().cell.taken == 1
    assert Message.objects.filter(user=family[0]).count() == 1


def test_again_is_answered_when_the_session_is_full_closed_or_called_off():
    session, family = ClassSessionFactory(capacity=1), toddler()
    made = join(session, family)

    assert join(session, family).pk == made.pk
    assert join(session, family, now=session.starts_at).pk == made.pk
    cancel_session(session=session, reason="停电", actor=None, now=NOW)
    assert join(session, family).pk == made.pk


def test_parent_class_leaves_the_child_free_and_activity_does_not():
    family = toddler()
    join(ClassSessionFactory(), family)
    assert ChildSlot.objects.count() == 0

    join(ClassSessionFactory(kind=ACTIVITY), family)

    assert set(ChildSlot.objects.values_list("child_id", flat=True)) == {family[1].pk}
    starts = [at(DAY, dt.time(9, 30)) + dt.timedelta(minutes=15 * n) for n in range(4)]
    assert list(ChildSlot.objects.order_by("slot_at").values_list("slot_at", flat=True)) == starts


def test_family_without_child_may_come_to_a_parent_class_only():
    user = UserFactory()
    made = sign_up(user=user, session=ClassSessionFactory().public_id, child=None, now=NOW)
    assert (made.child, made.booking.child, made.family) == (None, None, FamilyMember.objects.get(user=user).family)

    activity = ClassSessionFactory(kind=ACTIVITY)
    with pytest.raises(refusals.ChildRequired):
        sign_up(user=user, session=activity.public_id, child=None, now=NOW)


def test_the_adult_alone_has_one_place():
    user, session = UserFactory(), ClassSessionFactory()

    made = [sign_up(user=user, session=session.public_id, child=None, now=NOW) for _ in range(2)]

    assert made[0].pk == made[1].pk
    assert ClassSignup.objects.count() == 1


def test_a_refused_stranger_has_no_family_made():
    user, session = UserFactory(), ClassSessionFactory(capacity=1)
    join(session)

    with pytest.raises(refusals.SessionFull):
        sign_up(user=user, session=session.public_id, child=None, now=NOW)

    assert not FamilyMember.objects.filter(user=user).exists()


def test_two_children_need_a_choice():
    user, child = toddler()
    second = ChildFactory(family=child.family, birth_date=dt.date(2025, 3, 1))
    session = ClassSessionFactory()
    for kind in (session, ClassSessionFactory(kind=ACTIVITY)):
        with pytest.raises(refusals.ChildRequired) as refused:
            join(kind, (user, child))
        assert refused.value.fields == {"child": "请选是哪个宝宝参加。"}

    made = [join(session, (user, child), child=one.public_id) for one in (child, second)]

    assert [signup.child for signup in made] == [child, second]
    assert SessionPlaces.objects.get(session=session).cell.taken == 2


def test_another_familys_child_is_not_there():
    session, family = ClassSessionFactory(), toddler()

    with pytest.raises(NotFound):
        join(session, child=family[1].public_id)

    assert ClassSignup.objects.count() == 0


def test_the_last_place_is_given_and_no_more():
    session = ClassSessionFactory(capacity=2)
    join(session)
    join(session)

    with pytest.raises(refusals.SessionFull):
        join(session)

    assert SessionPlaces.objects.get().cell.taken == 2
    assert Booking.objects.count() == 2


def test_a_refusal_locks_and_writes_nothing():
    session, family = ClassSessionFactory(capacity=1), toddler()
    join(session)

    with CaptureQueriesContext(connection) as queries, pytest.raises(refusals.SessionFull):
        join(session, family)

    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (NOW - SECOND, False),
        (NOW, True),
        (NOW + SECOND, True),
        (at(DAY, dt.time(8)) - SECOND, True),
        (at(DAY, dt.time(8)), False),
        (at(DAY, dt.time(8)) + SECOND, False),
    ],
)
def test_the_window_is_half_open(moment, allowed):
    session = ClassSessionFactory(signup_opens_at=NOW)

    if allowed:
        assert join(session, now=moment).active
    else:
        with pytest.raises(refusals.SignupClosed):
            join(session, now=moment)

    assert ClassSignup.objects.count() == int(allowed)


@pytest.mark.parametrize(
    ("birth_date", "meant"),
    [
        # 12 months are complete on the day of the session, or a day later.
        (dt.date(2025, 11, 28), True),
        (dt.date(2025, 11, 29), False),
        # 24 months are complete a day after it, or on it.
        (dt.date(2024, 11, 29), True),
        (dt.date(2024, 11, 28), False),
    ],
)
def test_the_age_counts_on_the_day_of_the_session(birth_date, meant):
    session, family = ClassSessionFactory(), toddler(birth_date=birth_date)

    if meant:
        assert join(session, family).child == family[1]
        return
    with pytest.raises(refusals.AgeNotMeant) as refused:
        join(session, family)
    assert refused.value.fields == {"child": "宝宝那天的月龄不在这场课堂的范围内。"}


def test_a_child_elsewhere_cannot_come_to_an_activity_but_the_parent_to_a_class():
    user, child = toddler()
    hold(open_house(), user=user, child=child, day=DAY, starts=dt.time(9), ends=dt.time(11))

    with pytest.raises(refusals.ChildBusy):
        join(ClassSessionFactory(kind=ACTIVITY), (user, child))
    assert Booking.objects.filter(kind="session").count() == 0
    assert join(ClassSessionFactory(), (user, child)).active
    assert list(ledger_differences()) == []


def test_an_overdue_hold_is_not_in_the_way():
    user, child = toddler()
    held = hold(open_house(), user=user, child=child, day=DAY, starts=dt.time(9), ends=dt.time(11))

    join(ClassSessionFactory(kind=ACTIVITY), (user, child), now=held.expires_at)

    held.refresh_from_db()
    assert held.status == "expired"
    assert list(ledger_differences()) == []


def test_one_may_come_back_after_cancelling():
    session, family = ClassSessionFactory(capacity=1), toddler()
    first = join(session, family)
    cancel_signup(user=family[0], session=session.public_id, child=None, now=NOW)

    again = join(session, family)

    assert again.pk != first.pk
    assert list(ClassSignup.objects.order_by("pk").values_list("active", flat=True)) == [False, True]
    assert list(ledger_differences()) == []


@pytest.mark.parametrize("change", [{"live": False}, {"published": False}])
def test_a_session_that_is_not_published_is_not_there(change):
    session = ClassSessionFactory(**change)

    with pytest.raises(refusals.SessionNotThere):
        join(session)


def test_a_session_over_by_n_has_no_places():
    session = ClassSessionFactory(capacity=2)
    join(session)
    join(session)
    session.capacity = 1
    session.save()
    apply_session(session=session, now=NOW)

    with pytest.raises(refusals.SessionFull):
        join(session)
