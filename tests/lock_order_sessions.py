"""The acts on class sessions whose lock order ``lock_order_cases`` looks at."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from booking.places.models import Booking
from cms.accounts.models import User
from parenting.classes.models import ClassSession
from parenting.classes.services.attendance import mark_attendance
from parenting.classes.services.publishing import apply_session, take_down_session
from parenting.classes.services.signups import cancel_by_host, cancel_signup, sign_up
from tests.factories.booking import NOW, toddler
from tests.factories.parenting import ClassSessionFactory

HOUR = dt.timedelta(hours=1)


class Place(NamedTuple):
    """A family's place in a session."""

    session: ClassSession
    booking: Booking
    user: User


def in_class() -> Place:
    session = ClassSessionFactory(kind=ClassSession.Kind.PARENT_CHILD_ACTIVITY, capacity=3)
    return Place(session, *_join(session))


def two_in_class() -> Place:
    place = in_class()
    _join(place.session)
    return place


def taken_down() -> Place:
    """The message that cancels the two families has not been delivered yet."""
    place = two_in_class()
    take_down(place)
    return place


def _join(session: ClassSession) -> tuple[Booking, User]:
    user, _child = toddler()
    return sign_up(user=user, session=session.public_id, child=None, now=NOW).booking, user


def another_family(place: Place) -> None:
    _join(place.session)


def give_place_back(place: Place) -> None:
    cancel_signup(user=place.user, session=place.session.public_id, child=None, now=NOW)


def cancel_place(place: Place) -> None:
    cancel_by_host(signup=place.booking.class_signup, actor=None, reason="停电", act="x", now=NOW)


def new_time(place: Place) -> None:
    session = place.session
    _publish(session, starts_at=session.starts_at + HOUR, ends_at=session.ends_at + HOUR)


def new_time_and_kind(place: Place) -> None:
    session = place.session
    ends_at = session.ends_at + HOUR
    _publish(session, kind=ClassSession.Kind.PARENT_CLASS, ends_at=ends_at)


def publish_again(place: Place) -> None:
    _publish(place.session, capacity=2)


def _publish(session: ClassSession, **changes: object) -> None:
    ClassSession.objects.filter(pk=session.pk).update(**changes)
    apply_session(session=session, now=NOW)


def take_down(place: Place) -> None:
    take_down_session(session=place.session, reason="撤下", actor=None, now=NOW)


def mark(place: Place, *, came: bool) -> None:
    mark_attendance(
        actor=place.user,
        session=place.session,
        signup=place.booking.public_id,
        came=came,
        now=place.session.starts_at,
    )
