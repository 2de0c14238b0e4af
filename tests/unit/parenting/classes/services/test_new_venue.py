"""A session that goes somewhere else: its families hear of it as of a new time."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from booking.places.models import Booking
from cms.accounts.models import Message
from cms.core.models import OutboxMessage
from cms.core.runtime.outbox import drain
from parenting.classes.models import ClassSession, ClassSignup, SessionPlaces
from parenting.classes.services.publishing import apply_session, cancel_session, take_down_session
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.booking import NOW, toddler
from tests.factories.parenting import ClassSessionFactory

pytestmark = pytest.mark.django_db
fill = import_module("parenting.classes.migrations.0010_fill_session_venue").fill
LATER = NOW + dt.timedelta(minutes=5)


@pytest.fixture
def session() -> ClassSession:
    return ClassSessionFactory(title="喂养", venue="示例社区", address="示例路 1 号")


def join(session: ClassSession) -> ClassSignup:
    return sign_up(user=toddler()[0], session=session.public_id, child=None, now=NOW)


def publish(session: ClassSession, *, now: dt.datetime = NOW, **changes: object) -> None:
    for name, value in changes.items():
        setattr(session, name, value)
    session.save()
    apply_session(session=session, now=now)
    while drain(now=now):
        continue


def told() -> list[tuple[str, str]]:
    found = Message.objects.filter(kind="class_changed").order_by("pk")
    return [(message.title.split("：")[0], message.body) for message in found]


def noted() -> tuple[str, str]:
    places = SessionPlaces.objects.get()
    return places.venue, places.address


def test_families_hear_of_the_new_place_once(session: ClassSession) -> None:
    join(session), join(session)

    publish(session, venue="示例区妇幼保健院", address="示例路 2 号")
    publish(session, title="喂养与睡眠", now=LATER)

    where = "现在是 11月28日 周六 9:30–10:30，示例区妇幼保健院（示例路 2 号）。不方便来可以取消。"
    assert told() == [("课堂改地点", where)] * 2
    assert noted() == ("示例区妇幼保健院", "示例路 2 号")
    texts = OutboxMessage.objects.filter(topic="sms.send", key__contains="class-changed")
    assert texts.count() == 2


@pytest.mark.parametrize(
    ("changes", "title", "where"),
    [
        ({"address": "示例路 3 号"}, "课堂改地点", "示例社区（示例路 3 号）"),
        ({"address": ""}, "课堂改地点", "示例社区。"),
        ({"venue": "别处", "capacity": 9, "hours": 1}, "课堂改时间和地点", "别处（示例路 1 号）"),
        ({"hours": 1}, "课堂改时间", "示例社区（示例路 1 号）"),
    ],
)
def test_notice_says_what_moved(session: ClassSession, changes: dict[str, object], title: str, where: str) -> None:
    join(session)
    hours = dt.timedelta(hours=changes.pop("hours", 0))  # type: ignore[arg-type]

    publish(session, **changes, starts_at=session.starts_at + hours, ends_at=session.ends_at + hours)

    [(said, body)] = told()
    assert said == title
    assert where in body


def test_back_to_the_old_place_is_another_move(session: ClassSession) -> None:
    join(session)

    publish(session, venue="别处")
    publish(session, venue="示例社区", now=LATER)

    assert [title for title, _body in told()] == ["课堂改地点"] * 2
    assert noted() == ("示例社区", "示例路 1 号")


def test_other_texts_and_places_given_back_are_not_told(session: ClassSession) -> None:
    gone = join(session)
    cancel_signup(user=gone.booking.created_by, session=session.public_id, child=None, now=NOW)
    publish(session, venue="别处")
    join(session)
    publish(session, introduction="带水杯", organiser="示例妇联", speaker="医师", now=LATER)

    assert told() == []


def test_place_given_back_before_the_notice_went_out_is_not_told(session: ClassSession) -> None:
    signup, stays = join(session), join(session)
    session.venue = "别处"
    session.save()
    apply_session(session=session, now=NOW)
    cancel_signup(user=signup.booking.created_by, session=session.public_id, child=None, now=NOW)

    while drain(now=NOW):
        continue

    assert (
        Message.objects.filter(kind="class_changed").values_list("user", flat=True).get() == stays.booking.created_by_id
    )


def test_cancelled_and_finished_sessions_tell_nobody(session: ClassSession) -> None:
    join(session)
    over = session.ends_at
    publish(session, venue="别处", now=over)
    assert (told(), noted()) == ([], ("示例社区", "示例路 1 号"))

    cancel_session(session=session, reason="停电", actor=None, now=NOW)
    publish(session, venue="又一处")

    assert told() == []


def test_session_opened_again_somewhere_else_has_nobody_to_tell(session: ClassSession) -> None:
    join(session)
    take_down_session(session=session, reason="撤下", actor=None, now=NOW)

    publish(session, venue="别处")

    assert told() == []
    assert noted() == ("别处", "示例路 1 号")
    assert Booking.objects.filter(status="confirmed").count() == 0


def test_session_published_before_venues_were_noted_is_not_taken_for_moved(session: ClassSession) -> None:
    join(session)
    SessionPlaces.objects.update(venue="", address="")

    publish(session, venue="别处")

    assert (told(), noted()) == ([], ("别处", "示例路 1 号"))


def test_published_sessions_get_the_venue_of_their_text(session: ClassSession) -> None:
    newer = ClassSessionFactory(venue="新处")
    SessionPlaces.objects.filter(session=session).update(venue="", address="")
    ClassSession.objects.filter(pk=newer.pk).update(venue="改过")

    fill(apps, None)

    venues = SessionPlaces.objects.order_by("session").values_list("venue", "address")
    assert list(venues) == [("示例社区", "示例路 1 号"), ("新处", "")]
