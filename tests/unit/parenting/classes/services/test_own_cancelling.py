"""Giving one's own place back: which one, until when, and again."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.queries.ledger import ledger_differences
from cms.core.calendar.times import at
from cms.core.errors import NotFound
from parenting.classes import refusals
from parenting.classes.models import ClassSession, ClassSignup, SessionPlaces
from parenting.classes.services.publishing import apply_session
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.accounts import ChildFactory, UserFactory
from tests.factories.booking import NOW, toddler
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db
START = at(DAY, dt.time(9, 30))
SECOND = dt.timedelta(seconds=1)


def brothers(session):
    """A family with a place for each of two children; the user and the two sign-ups."""
    user, child = toddler()
    second = ChildFactory(family=child.family, birth_date=dt.date(2025, 3, 1))
    return user, [
        sign_up(user=user, session=session.public_id, child=one.public_id, now=NOW) for one in (child, second)
    ]


def give_back(user, session, child=None, now=NOW):
    return cancel_signup(user=user, session=session.public_id, child=child, now=now)


def active() -> list[int]:
    return list(ClassSignup.objects.filter(active=True).order_by("pk").values_list("pk", flat=True))


def test_two_places_need_a_choice():
    session = ClassSessionFactory()
    user, (first, second) = brothers(session)

    for _ in range(2):
        with pytest.raises(refusals.ChildRequired):
            give_back(user, session)

    assert active() == [first.pk, second.pk]


def test_cancelling_one_of_two_again_leaves_the_other():
    session = ClassSessionFactory()
    user, (first, second) = brothers(session)

    answers = [give_back(user, session, first.child.public_id) for _ in range(2)]

    assert [(answer.pk, answer.active) for answer in answers] == [(first.pk, False)] * 2
    assert active() == [second.pk]
    assert SessionPlaces.objects.get().cell.taken == 1
    assert list(ledger_differences()) == []


def test_cancelling_without_naming_a_child_never_reaches_the_place_of_a_second_one():
    session = ClassSessionFactory()
    user, child = toddler()
    sign_up(user=user, session=session.public_id, child=None, now=NOW)
    give_back(user, session)
    second = ChildFactory(family=child.family, birth_date=dt.date(2025, 3, 1))
    kept = sign_up(user=user, session=session.public_id, child=second.public_id, now=NOW)

    with pytest.raises(refusals.ChildRequired):
        give_back(user, session)

    assert active() == [kept.pk]


def test_when_nothing_is_left_the_answer_is_the_same_again():
    session = ClassSessionFactory()
    user, (first, second) = brothers(session)
    for signup in (first, second):
        give_back(user, session, signup.child.public_id)

    assert give_back(user, session).active is False


def test_the_place_of_the_adult_alone_is_named_by_no_child():
    session = ClassSessionFactory()
    user = UserFactory()
    alone = sign_up(user=user, session=session.public_id, child=None, now=NOW)
    child = ChildFactory(family=alone.family, birth_date=dt.date(2025, 6, 3))
    with_child = sign_up(user=user, session=session.public_id, child=child.public_id, now=NOW)

    with pytest.raises(refusals.ChildRequired):
        give_back(user, session)
    give_back(user, session, "")

    assert active() == [with_child.pk]


def test_the_live_place_is_cancelled_not_the_one_given_back_before():
    session, family = ClassSessionFactory(), toddler()
    for _ in range(2):
        sign_up(user=family[0], session=session.public_id, child=None, now=NOW)
        signup = give_back(family[0], session)

    assert (active(), signup.active) == ([], False)
    assert SessionPlaces.objects.get().cell.taken == 0


@pytest.mark.parametrize(("moment", "allowed"), [(START - SECOND, True), (START, False), (START + SECOND, False)])
def test_a_place_can_be_given_back_until_the_start(moment, allowed):
    session, family = ClassSessionFactory(), toddler()
    sign_up(user=family[0], session=session.public_id, child=None, now=NOW)

    if allowed:
        assert give_back(family[0], session, now=moment).active is False
    else:
        with pytest.raises(refusals.TooLateToCancel):
            give_back(family[0], session, now=moment)

    assert ClassSignup.objects.get().active is not allowed


def test_given_back_before_it_is_answered_the_same_after_the_start():
    session, family = ClassSessionFactory(), toddler()
    sign_up(user=family[0], session=session.public_id, child=None, now=NOW)
    give_back(family[0], session)

    assert give_back(family[0], session, now=START + SECOND).active is False


def test_another_family_and_another_session_are_not_there():
    session, family = ClassSessionFactory(), toddler()
    signup = sign_up(user=family[0], session=session.public_id, child=None, now=NOW)

    for user, wanted, child in [
        (toddler()[0], session, None),
        (toddler()[0], session, family[1].public_id),
        (family[0], ClassSessionFactory(), None),
        (family[0], session, toddler()[1].public_id),
        (family[0], session, ""),
    ]:
        with pytest.raises(NotFound):
            give_back(user, wanted, child)

    assert active() == [signup.pk]


def test_the_new_time_of_the_place_counts():
    session = ClassSessionFactory(kind=ClassSession.Kind.PARENT_CHILD_ACTIVITY)
    family = toddler()
    sign_up(user=family[0], session=session.public_id, child=None, now=NOW)
    session.starts_at, session.ends_at = at(DAY, dt.time(15)), at(DAY, dt.time(16))
    session.save()
    apply_session(session=session, now=NOW)

    assert give_back(family[0], session, now=START + SECOND).active is False
