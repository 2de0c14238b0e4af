"""A class that is moved or called off: done only where it tells the families that the person saw counted."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.calendar.times import at
from directory.register.queries.impact import Impact
from parenting.classes.enums import SessionMove
from parenting.classes.models import ClassSession, SessionPlaces
from parenting.classes.queries.impact import impact_of_cancelling, impact_of_moving, mark_of_moving
from parenting.classes.refusals import SignedUpMeanwhile
from parenting.classes.services import publishing
from parenting.classes.services.publishing import cancel_session, publish_as_seen
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.booking import NOW, toddler
from tests.factories.parenting import DAY, ClassSessionFactory
from tests.races import Late

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> ClassSession:
    return ClassSessionFactory(capacity=5)


def join(session: ClassSession):
    user, _child = toddler()
    return sign_up(user=user, session=session.public_id, child=None, now=NOW)


def cancel(session: ClassSession, seen: str | None) -> Impact | None:
    return cancel_session(session=session, reason="停电", actor=None, now=NOW, seen=seen)


def is_on() -> bool:
    return SessionPlaces.objects.get().cancelled_at is None


def test_cancelling_what_was_seen_returns_whom_it_tells(session: ClassSession) -> None:
    signups = [join(session), join(session)]

    ended = cancel(session, impact_of_cancelling(session).mark)

    assert ended is not None
    assert {one.booking for one in ended.ended} == {signup.booking_id for signup in signups}
    assert not is_on()


def test_family_between_the_look_and_the_lock_is_not_called_off_unseen(
    session: ClassSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(session)
    seen = impact_of_cancelling(session).mark
    monkeypatch.setattr(publishing, "lock_session", Late(publishing.lock_session, lambda: join(session)))

    with pytest.raises(SignedUpMeanwhile) as refused:
        cancel(session, seen)

    assert (refused.value.code, is_on()) == ("changed", True)


def test_families_who_were_seen_and_are_gone_are_a_change(session: ClassSession) -> None:
    signup = join(session)
    seen = impact_of_cancelling(session).mark
    cancel_signup(user=signup.booking.created_by, session=session.public_id, child=None, now=NOW)

    with pytest.raises(SignedUpMeanwhile):
        cancel(session, seen)

    assert is_on()
    assert cancel(session, Impact([]).mark) == Impact([])


def test_cancelled_again_is_nothing_whatever_was_seen(session: ClassSession) -> None:
    cancel(session, None)

    assert cancel(session, "anything") is None


def moved(session: ClassSession) -> ClassSession:
    session.starts_at, session.ends_at = (at(DAY, dt.time(hour)) for hour in (14, 15))
    return session


def publish(session: ClassSession, seen: str) -> tuple[str, SessionMove | None, Impact]:
    return publish_as_seen(lambda: "published", session=session, seen=seen, now=NOW)


def test_move_that_was_seen_is_published(session: ClassSession) -> None:
    join(session)
    impact = impact_of_moving(session)

    answer, move, told = publish(moved(session), mark_of_moving(SessionMove.TIME, impact))

    assert (answer, move, told) == ("published", SessionMove.TIME, impact)


@pytest.mark.parametrize("wrong", ["move", "families", "nothing"])
def test_move_that_was_not_seen_like_this_is_not_published(session: ClassSession, wrong: str) -> None:
    join(session)
    impact = impact_of_moving(session)
    marks = {
        "move": mark_of_moving(SessionMove.VENUE, impact),
        "families": mark_of_moving(SessionMove.TIME, Impact([])),
        "nothing": "",
    }

    with pytest.raises(SignedUpMeanwhile):
        publish(moved(session), marks[wrong])


def test_family_that_signs_up_before_the_lock_is_asked_about(
    session: ClassSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(session)
    seen = mark_of_moving(SessionMove.TIME, impact_of_moving(session))
    monkeypatch.setattr(publishing, "lock_session", Late(publishing.lock_session, lambda: join(session)))

    with pytest.raises(SignedUpMeanwhile):
        publish(moved(session), seen)


def test_what_moves_nobody_needs_no_mark(session: ClassSession) -> None:
    assert publish(moved(session), "") == ("published", SessionMove.TIME, Impact([]))
    session.refresh_from_db()
    join(session)

    assert publish(session, "") == ("published", None, Impact([]))
