"""The races of class sessions; collected by tests/integration (SQLite) and tests/services (PostgreSQL)."""

from __future__ import annotations

import datetime as dt

from booking.places.models import Booking, ChildSlot
from booking.places.queries.ledger import ledger_differences
from cms.accounts.models import Family, FamilyMember, Message, User
from cms.core.calendar.times import at
from cms.core.runtime.outbox import drain
from parenting.classes.models import ClassSession, ClassSignup, SessionPlaces
from parenting.classes.services import signups
from parenting.classes.services.publishing import apply_session, cancel_session
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.accounts import UserFactory
from tests.factories.booking import NOW, toddler
from tests.factories.parenting import DAY, ClassSessionFactory
from tests.races import Gate, Late, race, tally

THREADS = 6
ACTIVITY = ClassSession.Kind.PARENT_CHILD_ACTIVITY
NEW_START = at(DAY, dt.time(15))


def fresh(user: User) -> User:
    """The same person in another request: nothing is cached on it."""
    return User.objects.get(pk=user.pk)


def joins(session, user, count=THREADS):
    people = [fresh(user) for _ in range(count)]
    return [lambda one=one: sign_up(user=one, session=session.public_id, child=None, now=NOW) for one in people]


def move(session) -> None:
    moved = ClassSession.objects.get(pk=session.pk)
    moved.starts_at, moved.ends_at = NEW_START, NEW_START + dt.timedelta(hours=1)
    moved.save()
    apply_session(session=moved, now=NOW)


class SessionRaceCases:
    """Every case runs on both databases."""

    def test_without_reading_again_a_sign_up_keeps_the_old_hour(self, monkeypatch):
        session = ClassSessionFactory(kind=ACTIVITY)
        user, _child = toddler()
        seen = ClassSession.objects.select_related("places__cell__pool").get(pk=session.pk)
        monkeypatch.setattr(signups, "lock_session", lambda pk: seen)
        monkeypatch.setattr(signups, "_take_place", Late(signups._take_place, lambda: move(session)))

        made = sign_up(user=user, session=session.public_id, child=None, now=NOW)

        assert made.booking.starts_at == session.starts_at != SessionPlaces.objects.get().starts_at

    def test_a_sign_up_that_races_a_change_of_time_gets_the_new_one(self, monkeypatch):
        session = ClassSessionFactory(kind=ACTIVITY)
        user, _child = toddler()
        monkeypatch.setattr(signups, "_take_place", Late(signups._take_place, lambda: move(session)))

        made = sign_up(user=user, session=session.public_id, child=None, now=NOW)

        booking = Booking.objects.get(pk=made.booking_id)
        assert (booking.starts_at, booking.ends_at) == (NEW_START, NEW_START + dt.timedelta(hours=1))
        assert ChildSlot.objects.order_by("slot_at").first().slot_at == NEW_START
        assert Message.objects.get(user=user).body.startswith("11月28日 周六 15:00–16:00")

    def test_sign_ups_at_once_with_a_change_of_time_all_have_the_time_that_holds(self):
        session = ClassSessionFactory(kind=ACTIVITY, capacity=THREADS)
        families = [toddler() for _ in range(THREADS)]

        results = race([lambda: move(session), *[joins(session, user, 1)[0] for user, _child in families]])

        assert tally(results) == {"NoneType": 1, "ClassSignup": THREADS}
        assert set(Booking.objects.values_list("starts_at", flat=True)) == {NEW_START}
        assert set(ChildSlot.objects.values_list("slot_at", flat=True)) == {
            NEW_START + dt.timedelta(minutes=15 * n) for n in range(4)
        }
        assert list(ledger_differences()) == []

    def test_a_sign_up_that_races_a_cancelling_is_refused_or_told(self):
        session = ClassSessionFactory(capacity=THREADS)
        families = [toddler() for _ in range(THREADS)]

        results = race(
            [
                lambda: cancel_session(session=session, reason="停电", actor=None, now=NOW),
                *[joins(session, user, 1)[0] for user, _child in families],
            ]
        )
        while drain(now=NOW):
            pass

        answers = tally(results[1:])
        assert set(answers) <= {"ClassSignup", "SignupClosed"}
        assert Message.objects.filter(kind="class_cancelled").count() == answers["ClassSignup"]
        assert ClassSignup.objects.filter(active=True).count() == 0

    def test_equal_sign_ups_at_once_get_one_place_and_equal_answers(self, monkeypatch):
        session = ClassSessionFactory(kind=ACTIVITY, capacity=1)
        user, _child = toddler()
        monkeypatch.setattr(signups, "_take_place", Gate(THREADS, signups._take_place))

        results = race(joins(session, user))

        assert tally(results) == {"ClassSignup": THREADS}
        assert len({signup.pk for signup in results}) == 1
        assert SessionPlaces.objects.get().cell.taken == Message.objects.count() == 1
        assert list(ledger_differences()) == []

    def test_the_first_family_of_a_user_is_made_once(self, monkeypatch):
        session, user = ClassSessionFactory(capacity=THREADS), UserFactory()
        monkeypatch.setattr(signups, "ensure_family", Gate(THREADS, signups.ensure_family))

        results = race(joins(session, user))

        assert tally(results) == {"ClassSignup": THREADS}
        assert (Family.objects.count(), FamilyMember.objects.count(), ClassSignup.objects.count()) == (1, 1, 1)

    def test_the_last_places_are_given_once_each(self, monkeypatch):
        session = ClassSessionFactory(capacity=2)
        families = [toddler() for _ in range(THREADS)]
        monkeypatch.setattr(signups, "_take_place", Gate(THREADS, signups._take_place))

        results = race([joins(session, user, 1)[0] for user, _child in families])

        assert tally(results) == {"ClassSignup": 2, "SessionFull": THREADS - 2}
        assert list(ledger_differences()) == []

    def test_equal_cancellings_at_once_get_equal_answers(self, monkeypatch):
        session, (user, _child) = ClassSessionFactory(), toddler()
        sign_up(user=user, session=session.public_id, child=None, now=NOW)
        monkeypatch.setattr(signups, "_cancel_own", Gate(THREADS, signups._cancel_own))

        results = race(
            [lambda: cancel_signup(user=user, session=session.public_id, child=None, now=NOW) for _ in range(THREADS)]
        )

        assert tally(results) == {"ClassSignup": THREADS}
        assert {signup.active for signup in results} == {False}
        assert Booking.objects.get().events.filter(to_status="cancelled").count() == 1
        assert list(ledger_differences()) == []

    def test_publishing_at_once_opens_places_once(self):
        session = ClassSessionFactory(published=False)

        results = race([lambda: apply_session(session=session, now=NOW) for _ in range(THREADS)])

        assert tally(results) == {"SessionPlaces": THREADS}
        assert SessionPlaces.objects.count() == 1
