"""An act on a session reads it under its lock, and is tried once more when the lock is not to be had."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import OperationalError

from booking.places.refusals import Busy
from parenting.classes.models import ClassSession
from parenting.classes.services import publishing
from parenting.classes.services.publishing import apply_session, cancel_session, take_down_session
from tests.factories.booking import NOW
from tests.factories.parenting import ClassSessionFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_what_is_written_is_carried_over_not_what_was_read_before():
    stale = ClassSessionFactory(capacity=2)
    later = stale.starts_at + HOUR
    ClassSession.objects.filter(pk=stale.pk).update(capacity=7, starts_at=later, ends_at=later + HOUR)

    places = apply_session(session=stale, now=NOW)

    assert (places.cell.target, places.starts_at) == (7, later)


ACTS = {
    "applied": lambda session: apply_session(session=session, now=NOW),
    "cancelled": lambda session: cancel_session(session=session, reason="停电", actor=None, now=NOW),
    "taken down": lambda session: take_down_session(session=session, reason="撤下", actor=None, now=NOW),
}


@pytest.mark.parametrize(("failures", "refused"), [(1, False), (2, True)])
@pytest.mark.parametrize("name", list(ACTS))
def test_an_act_is_tried_once_more_when_the_session_is_locked(name, failures, refused, monkeypatch):
    session, lock = ClassSessionFactory(), publishing.lock_session
    tries = []

    def locked(session_id):
        tries.append(session_id)
        if len(tries) <= failures:
            raise OperationalError("database is locked")
        return lock(session_id)

    monkeypatch.setattr(publishing, "lock_session", locked)

    if refused:
        with pytest.raises(Busy):
            ACTS[name](session)
    else:
        ACTS[name](session)

    assert tries == [session.pk] * 2
