"""What the database itself refuses of class sessions and sign-ups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from parenting.classes.models import ClassSignup, SessionPlaces
from tests.constraints import refuses
from tests.factories.accounts import ChildFactory, FamilyFactory
from tests.factories.booking import NOW
from tests.factories.capacity import BookingFactory
from tests.factories.parenting import ClassSessionFactory

pytestmark = pytest.mark.django_db


def draft(**values: Any) -> Any:
    return ClassSessionFactory(published=False, **values)


def cancelled_without_a_reason() -> None:
    SessionPlaces.objects.filter(session=ClassSessionFactory()).update(cancelled_at=NOW)


def taken_down_without_being_cancelled() -> None:
    SessionPlaces.objects.filter(session=ClassSessionFactory()).update(taken_down=True)


def signed_up(**values: Any) -> ClassSignup:
    booking = BookingFactory()
    return ClassSignup.objects.create(booking=booking, district=booking.district, created_at=NOW, **values)


def child_twice() -> None:
    session, child = draft(), ChildFactory()
    for _ in range(2):
        signed_up(session=session, child=child, family=child.family)


def family_twice() -> None:
    session, family = draft(), FamilyFactory()
    for _ in range(2):
        signed_up(session=session, family=family)


BREAKS: list[tuple[str, Callable[[], Any]]] = [
    ("class_session_ends_after_start", lambda: draft(ends_at=draft().starts_at)),
    ("class_session_ages_in_order", lambda: draft(age_from=24, age_to=24)),
    ("class_session_ages_in_order", lambda: draft(age_to=73)),
    ("class_session_window_before_start", lambda: draft(signup_opens_at=draft().signup_closes_at)),
    ("class_session_window_before_start", lambda: draft(signup_closes_at=draft().ends_at)),
    ("class_session_has_places", lambda: draft(capacity=0)),
    ("class_session_kind_known", lambda: draft(kind="lecture")),
    ("class_session_department_known", lambda: draft(department="site_editor")),
    ("class_session_topic_known", lambda: draft(topic="weather")),
    ("session_cancel_has_reason", cancelled_without_a_reason),
    ("session_taken_down_is_cancelled", taken_down_without_being_cancelled),
    ("class_signup_child_once", child_twice),
    ("class_signup_family_once", family_twice),
]


@pytest.mark.parametrize(("name", "act"), BREAKS)
def test_database_refuses(name: str, act: Callable[[], Any]) -> None:
    refuses(name, act)


def test_who_cancelled_may_sign_up_again() -> None:
    session, child = draft(), ChildFactory()
    signed_up(session=session, child=child, family=child.family, active=False)

    assert signed_up(session=session, child=child, family=child.family).pk


def test_brothers_and_sisters_may_come_together() -> None:
    session, child = draft(), ChildFactory()
    signed_up(session=session, child=child, family=child.family)

    assert signed_up(session=session, child=ChildFactory(family=child.family), family=child.family).pk
