"""What is promised of a class carries its district; what is told of a place goes in its booking's stream."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.calendar.times import at
from cms.core.models import OutboxMessage
from cms.core.runtime.outbox import drain
from parenting.classes.services import notices
from parenting.classes.services.publishing import cancel_session
from parenting.classes.services.signups import sign_up
from tests.factories.booking import NOW, toddler
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db
NOON = at(DAY - dt.timedelta(days=1), dt.time(12))


def promised(topic: str) -> list[tuple[str, str]]:
    rows = OutboxMessage.objects.filter(topic=topic).order_by("pk")
    return list(rows.values_list("stream", "district_code"))


def test_place_is_told_and_reminded_of_in_the_stream_of_its_booking() -> None:
    sessions = [ClassSessionFactory() for _ in range(2)]
    families = [toddler() for _ in sessions]
    signups = [
        sign_up(user=user, session=session.public_id, child=None, now=NOW)
        for session, (user, _child) in zip(sessions, families, strict=True)
    ]

    notices.remind_tomorrow(NOON)

    places = [(f"booking:{signup.booking.public_id}", signup.session.district.code) for signup in signups]
    assert len({code for _stream, code in places}) == 2
    assert sorted(promised("parenting.reminder")) == sorted(places)
    texts = [(f"{stream}:{user.pk}", code) for (stream, code), (user, _child) in zip(places, families, strict=True)]
    assert promised("sms.send") == texts


def test_session_called_off_is_of_its_district_and_of_no_stream() -> None:
    session = ClassSessionFactory()
    user, _child = toddler()
    signup = sign_up(user=user, session=session.public_id, child=None, now=NOW)

    cancel_session(session=session, reason="讲师生病", actor=None, now=NOW)
    while drain(now=NOW):
        pass

    assert promised("parenting.session_cancelled") == [("", session.district.code)]
    stream = f"booking:{signup.booking.public_id}:{user.pk}"
    assert promised("sms.send") == [(stream, session.district.code)] * 2
