"""A published session that changes: its kind and the children's time, and how its families are notified."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.places import refusals as booking_refusals
from booking.places.models import ChildSlot
from booking.places.queries.ledger import ledger_differences
from cms.accounts.models import Message
from cms.core.calendar.times import at
from cms.core.models import OutboxMessage
from cms.core.runtime.outbox import drain
from parenting.classes.models import ClassSession, SessionPlaces
from parenting.classes.services.publishing import apply_session
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.booking import NOW, hold, open_house, toddler
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db
CLASS, ACTIVITY = ClassSession.Kind.PARENT_CLASS, ClassSession.Kind.PARENT_CHILD_ACTIVITY
START, END = at(DAY, dt.time(9, 30)), at(DAY, dt.time(10, 30))
SECOND, HOUR = dt.timedelta(seconds=1), dt.timedelta(hours=1)


def join(session, family=None):
    user, _child = family or toddler()
    return sign_up(user=user, session=session.public_id, child=None, now=NOW)


def publish(session, *, now=NOW, **changes) -> SessionPlaces:
    for name, value in changes.items():
        setattr(session, name, value)
    session.save()
    return apply_session(session=session, now=now)


def told(kind="class_changed") -> list[int]:
    return sorted(Message.objects.filter(kind=kind).values_list("user_id", flat=True))


def stay_then(family) -> None:
    """Care at the session's hour."""
    hold(open_house(), user=family[0], child=family[1], day=DAY, starts=dt.time(9), ends=dt.time(11))


def test_a_class_that_becomes_an_activity_keeps_its_children_from_care():
    session, family = ClassSessionFactory(kind=CLASS), toddler()
    join(session, family)

    publish(session, kind=ACTIVITY)
    drain(now=NOW)

    assert ChildSlot.objects.count() == 4
    assert told() == []
    with pytest.raises(booking_refusals.Duplicate):
        stay_then(family)


def test_an_activity_that_becomes_a_class_leaves_its_children_free_for_care():
    session, family = ClassSessionFactory(kind=ACTIVITY), toddler()
    join(session, family)

    publish(session, kind=CLASS)
    drain(now=NOW)

    assert ChildSlot.objects.count() == 0
    assert told() == []
    stay_then(family)
    assert list(ledger_differences()) == []


def test_the_family_of_a_child_elsewhere_is_notified_of_the_new_kind_once():
    session, busy, free = ClassSessionFactory(kind=CLASS, title="亲子阅读", venue="示例社区"), toddler(), toddler()
    for family in (busy, free):
        join(session, family)
    stay_then(busy)

    publish(session, kind=ACTIVITY)
    drain(now=NOW)
    publish(session, organiser="示例中心", now=NOW + SECOND)
    drain(now=NOW + SECOND)

    assert told() == [busy[0].pk]
    message = Message.objects.get(kind="class_changed")
    assert (message.title, message.body) == (
        "这场要带宝宝：11月28日 周六 9:30–10:30 亲子阅读",
        "11月28日 周六 9:30–10:30，示例社区。现在是亲子活动，但宝宝这个时间有别的预约，请取消其中一个。",
    )


def test_the_only_family_is_not_notified_again_of_the_same_time():
    session, busy = ClassSessionFactory(kind=CLASS), toddler()
    join(session, busy)
    stay_then(busy)

    for seconds in range(2):
        publish(session, kind=ACTIVITY, now=NOW + seconds * SECOND)
        drain(now=NOW + seconds * SECOND)

    assert OutboxMessage.objects.filter(topic="parenting.notices").count() == 2
    assert told() == [busy[0].pk]


def test_a_change_costs_the_same_statements_for_six_families():
    counts = []
    for families in (1, 6):
        session = ClassSessionFactory(kind=ACTIVITY, capacity=10)
        for _ in range(families):
            join(session)
        session.starts_at, session.ends_at = START + HOUR, END + HOUR
        session.save()
        with CaptureQueriesContext(connection) as queries:
            apply_session(session=session, now=NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert OutboxMessage.objects.filter(topic="parenting.notices").count() == 2


def test_families_are_notified_after_the_change():
    session = ClassSessionFactory()
    signup = join(session)

    publish(session, starts_at=START + HOUR, ends_at=END + HOUR)

    assert told() == []
    drain(now=NOW)
    assert told() == [signup.booking.created_by_id]
    row = OutboxMessage.objects.get(topic="parenting.notices")
    assert (row.stream, row.district_code, row.done_at) == ("", session.district.code, NOW)


def test_a_change_that_is_sent_again_is_read_once():
    session = ClassSessionFactory()
    signup = join(session)
    publish(session, starts_at=START + HOUR, ends_at=END + HOUR)
    row = OutboxMessage.objects.get(topic="parenting.notices")
    payload = row.payload
    drain(now=NOW)

    OutboxMessage.objects.filter(pk=row.pk).update(payload=payload, done_at=None)
    drain(now=NOW + HOUR)

    assert told() == [signup.booking.created_by_id]


def test_who_gave_the_place_back_meanwhile_hears_of_no_change():
    session, gone, coming = ClassSessionFactory(), toddler(), toddler()
    for family in (gone, coming):
        join(session, family)
    publish(session, starts_at=START + HOUR, ends_at=END + HOUR)
    cancel_signup(user=gone[0], session=session.public_id, child=None, now=NOW)

    drain(now=NOW)

    assert told() == [coming[0].pk]


@pytest.mark.parametrize("later", [{"starts_at": START + 2 * HOUR}, {"ends_at": END + 3 * HOUR}])
def test_a_time_that_no_longer_holds_is_told_to_nobody(later):
    session = ClassSessionFactory()
    join(session)
    publish(session, starts_at=START + HOUR, ends_at=END + 2 * HOUR)
    publish(session, now=NOW + SECOND, **later)

    drain(now=NOW + SECOND)

    assert OutboxMessage.objects.filter(topic="parenting.notices", done_at__isnull=False).count() == 2
    body = Message.objects.get(kind="class_changed").body
    times = "11:30–12:30" if "starts_at" in later else "10:30–13:30"
    assert body == f"现在是 11月28日 周六 {times}，{session.venue}。不方便来可以取消。"


def test_one_notice_that_fails_holds_nobody_back(monkeypatch):
    session, families = ClassSessionFactory(capacity=3), [toddler() for _ in range(3)]
    signups = [join(session, family) for family in families]
    publish(session, starts_at=START + HOUR, ends_at=END + HOUR)
    # A title that no message can take.
    other = ClassSessionFactory(title="长" * 60)
    ClassSession.objects.filter(pk=other.pk).update(public_id="")
    type(signups[1]).objects.filter(pk=signups[1].pk).update(session=other)

    drain(now=NOW)

    assert told() == [families[0][0].pk, families[2][0].pk]
    row = OutboxMessage.objects.get(topic="parenting.notices")
    assert (row.done_at, row.last_error) == (None, "NoReverseMatch")

    type(signups[1]).objects.filter(pk=signups[1].pk).update(session=session)
    drain(now=NOW + HOUR)

    assert told() == [user.pk for user, _child in families]
