"""Publishing a session: the places follow the text, and the families follow the places."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import moves
from booking.places.models import ChildSlot
from booking.places.queries.ledger import ledger_differences
from cms.accounts.models import Message
from cms.core.calendar.times import at
from cms.core.models import OutboxMessage
from cms.core.runtime import versions
from cms.core.runtime.outbox import drain
from cms.core.web.page_cache import PUBLIC_PAGES
from parenting.classes import refusals
from parenting.classes.models import ClassSession, SessionPlaces
from parenting.classes.services.publishing import apply_session, cancel_session, take_down_session
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.booking import NOW, hold, open_house, toddler
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db
ACTIVITY = ClassSession.Kind.PARENT_CHILD_ACTIVITY
START, END = at(DAY, dt.time(9, 30)), at(DAY, dt.time(10, 30))
SECOND, HOUR = dt.timedelta(seconds=1), dt.timedelta(hours=1)


def join(session, family=None, *, now=NOW):
    user, _child = family or toddler()
    return sign_up(user=user, session=session.public_id, child=None, now=now)


def publish(session, *, now=NOW, **changes) -> SessionPlaces:
    """What Wagtail does: the text is written, then carried over; then the families are notified."""
    for name, value in changes.items():
        setattr(session, name, value)
    session.save()
    places = apply_session(session=session, now=now)
    drain(now=now)
    return places


def move_to(session, clock, *, day=DAY, now=NOW) -> SessionPlaces:
    starts_at = at(day, clock)
    return publish(session, starts_at=starts_at, ends_at=starts_at + HOUR, now=now)


def told(kind) -> list[int]:
    return sorted(Message.objects.filter(kind=kind).values_list("user_id", flat=True))


def test_the_first_publishing_opens_places():
    session = ClassSessionFactory(published=False, capacity=7)

    places = apply_session(session=session, now=NOW)

    assert (places.starts_at, places.ends_at) == (START, END)
    assert (places.signup_opens_at, places.signup_closes_at) == (session.signup_opens_at, session.signup_closes_at)
    assert (places.cancelled_at, places.taken_down) == (None, False)
    cell = places.cell
    assert (cell.starts_at, cell.ends_at, cell.target, cell.capacity, cell.taken) == (START, END, 7, 7, 0)
    assert (cell.pool.kind, cell.pool.institution, cell.pool.raster_minutes) == ("session", None, 0)


def test_applying_twice_changes_nothing():
    session = ClassSessionFactory()
    join(session)

    assert apply_session(session=session, now=NOW).pk == SessionPlaces.objects.get().pk

    assert SessionPlaces.objects.get().cell.taken == 1
    assert told("class_changed") == []


def test_a_new_window_and_capacity_are_carried_over_without_a_message():
    session = ClassSessionFactory()
    join(session)

    publish(session, capacity=5, signup_opens_at=NOW + HOUR, signup_closes_at=START)

    places = SessionPlaces.objects.get()
    assert (places.signup_opens_at, places.signup_closes_at) == (NOW + HOUR, START)
    assert (places.cell.target, places.cell.taken) == (5, 1)
    assert told("class_changed") == []


def test_fewer_places_than_taken_leave_it_over():
    session = ClassSessionFactory()
    for _ in range(2):
        join(session)

    publish(session, capacity=1)

    cell = SessionPlaces.objects.get().cell
    assert (cell.target, cell.capacity, cell.taken) == (1, 2, 2)
    assert list(ledger_differences()) == []


def test_a_new_time_moves_the_bookings_and_tells_those_signed_up():
    session = ClassSessionFactory(kind=ACTIVITY, capacity=3)
    families = [toddler() for _ in range(3)]
    signups = [join(session, family) for family in families]
    cancel_signup(user=families[2][0], session=session.public_id, child=None, now=NOW)
    next_day = DAY + dt.timedelta(days=1)

    places = move_to(session, dt.time(15), day=next_day)

    starts_at = at(next_day, dt.time(15))
    assert (places.starts_at, places.cell.starts_at, places.cell.ends_at) == (starts_at, starts_at, starts_at + HOUR)
    for signup in signups:
        signup.booking.refresh_from_db()
    assert [signup.booking.starts_at for signup in signups] == [starts_at, starts_at, START]
    assert [signup.booking.ends_at for signup in signups] == [starts_at + HOUR, starts_at + HOUR, END]
    assert [signup.booking.service_date for signup in signups] == [next_day, next_day, DAY]
    assert told("class_changed") == sorted(user.pk for user, _child in families[:2])
    message = Message.objects.get(user=families[0][0], kind="class_changed")
    assert message.title == f"课堂改时间：11月29日 周日 15:00–16:00 {session.title}"
    assert message.body == f"现在是 11月29日 周日 15:00–16:00，{session.venue}。不方便来可以取消。"
    slots = ChildSlot.objects.filter(child=families[0][1]).order_by("slot_at").values_list("slot_at", flat=True)
    assert list(slots) == [starts_at + dt.timedelta(minutes=15 * n) for n in range(4)]
    assert ChildSlot.objects.count() == 8


def test_a_new_end_alone_is_a_new_time():
    session = ClassSessionFactory()
    signup = join(session)

    publish(session, ends_at=END + HOUR)

    signup.booking.refresh_from_db()
    assert signup.booking.ends_at == END + HOUR
    assert told("class_changed") == [signup.booking.created_by_id]


def test_each_change_of_time_is_told_also_one_back_and_there_again():
    session = ClassSessionFactory()
    join(session)

    for minutes, clock in enumerate((dt.time(15), dt.time(9, 30), dt.time(15))):
        move_to(session, clock, now=NOW + dt.timedelta(minutes=minutes))

    bodies = Message.objects.filter(kind="class_changed").order_by("pk").values_list("body", flat=True)
    assert [body.split("，")[0] for body in bodies] == [
        "现在是 11月28日 周六 15:00–16:00",
        "现在是 11月28日 周六 9:30–10:30",
        "现在是 11月28日 周六 15:00–16:00",
    ]


def test_who_is_marked_stays_at_the_time_of_the_mark():
    session, family = ClassSessionFactory(), toddler()
    signup = join(session, family)
    moves.mark_arrived(actor=family[0], institution=None, booking=signup.booking.public_id, now=START)

    move_to(session, dt.time(11), now=START)

    signup.booking.refresh_from_db()
    assert signup.booking.starts_at == START
    assert told("class_changed") == []


def test_a_child_elsewhere_at_the_new_time_keeps_that_other_place():
    session, house = ClassSessionFactory(kind=ACTIVITY), open_house()
    busy, free = toddler(), toddler()
    for family in (busy, free):
        join(session, family)
    care = hold(house, user=busy[0], child=busy[1], day=DAY, starts=dt.time(15), ends=dt.time(16))

    move_to(session, dt.time(15))

    assert set(ChildSlot.objects.filter(child=busy[1]).values_list("booking_id", flat=True)) == {care.pk}
    assert ChildSlot.objects.filter(child=free[1]).count() == 4
    assert told("class_changed") == sorted([busy[0].pk, free[0].pk])

    move_to(session, dt.time(9, 30), now=NOW + SECOND)

    assert ChildSlot.objects.filter(child=busy[1], slot_at__gte=START, slot_at__lt=END).count() == 4
    assert list(ledger_differences()) == []


def test_a_parent_class_that_moves_leaves_the_children_free():
    session = ClassSessionFactory()
    join(session)

    move_to(session, dt.time(15))

    assert ChildSlot.objects.count() == 0


@pytest.mark.parametrize(("moment", "carried"), [(END - SECOND, True), (END, False), (END + SECOND, False)])
def test_a_session_that_is_over_keeps_its_time_and_places(moment, carried):
    session = ClassSessionFactory()
    signup = join(session)
    next_day = DAY + dt.timedelta(days=1)

    publish(session, starts_at=START + 24 * HOUR, ends_at=END + 24 * HOUR, capacity=9, now=moment)

    places = SessionPlaces.objects.get()
    signup.booking.refresh_from_db()
    days = (places.starts_at.date(), places.cell.starts_at.date(), signup.booking.service_date)
    assert days == ((next_day,) * 3 if carried else (DAY,) * 3)
    assert places.cell.target == (9 if carried else 2)
    assert told("class_changed") == ([signup.booking.created_by_id] if carried else [])


def test_a_cancelled_session_gets_no_places_back_and_nobody_is_told_a_new_time():
    session = ClassSessionFactory()
    join(session)
    cancel_session(session=session, reason="讲师生病", actor=None, now=NOW)

    publish(session, title="改了标题", capacity=9, starts_at=START + HOUR, ends_at=END + HOUR, now=NOW + SECOND)

    places = SessionPlaces.objects.get()
    assert (places.cancelled_at, places.cancel_reason, places.starts_at) == (NOW, "讲师生病", START)
    assert places.cell.target == 0
    assert told("class_changed") == []
    with pytest.raises(refusals.SignupClosed):
        join(session)


def test_cancelled_twice_is_told_once():
    session = ClassSessionFactory()
    join(session)

    for minutes, reason in enumerate(("讲师生病", "停电")):
        cancel_session(session=session, reason=reason, actor=None, now=NOW + dt.timedelta(minutes=minutes))

    assert OutboxMessage.objects.filter(topic="parenting.session_cancelled").count() == 1
    assert SessionPlaces.objects.get().cancel_reason == "讲师生病"


def test_cancelling_a_draft_is_nothing():
    cancel_session(session=ClassSessionFactory(published=False), reason="停电", actor=None, now=NOW)

    assert OutboxMessage.objects.count() == 0


def test_a_session_without_sign_ups_needs_no_message():
    join(ClassSessionFactory())
    OutboxMessage.objects.all().delete()

    cancel_session(session=ClassSessionFactory(), reason="停电", actor=None, now=NOW)

    assert OutboxMessage.objects.count() == 0


@pytest.mark.parametrize("reason", ["", " ", "\n"])
def test_cancelling_without_reason_is_refused(reason):
    session = ClassSessionFactory()

    with pytest.raises(refusals.CancelReasonMissing):
        cancel_session(session=session, reason=reason, actor=None, now=NOW)

    assert SessionPlaces.objects.get().cancelled_at is None


def test_a_long_reason_is_cut_to_what_can_be_kept():
    session, family = ClassSessionFactory(), toddler()
    join(session, family)

    cancel_session(session=session, reason=f"  {'长' * 200}  ", actor=None, now=NOW)
    drain(now=NOW)

    assert SessionPlaces.objects.get().cancel_reason == "长" * 120
    assert Message.objects.get(kind="class_cancelled").body.endswith("原因：" + "长" * 120)


def test_one_place_that_fails_holds_nobody_back():
    session = ClassSessionFactory(capacity=3)
    families = [toddler() for _ in range(3)]
    signups = [join(session, family) for family in families]
    cancel_session(session=session, reason="停电", actor=None, now=NOW)
    # A ledger that would go below zero.
    signups[1].booking.cells.update(units=9)

    drain(now=NOW)

    assert told("class_cancelled") == [families[0][0].pk, families[2][0].pk]
    message = OutboxMessage.objects.get(topic="parenting.session_cancelled")
    assert (message.done_at, message.last_error) == (None, "PlacesGone")

    signups[1].booking.cells.update(units=1)
    later = NOW + dt.timedelta(minutes=1)
    drain(now=later)
    drain(now=later)

    assert told("class_cancelled") == [user.pk for user, _child in families]
    message.refresh_from_db()
    assert message.done_at == later
    assert list(ledger_differences()) == []


@pytest.mark.parametrize(
    "act",
    [
        lambda session: apply_session(session=session, now=NOW),
        lambda session: cancel_session(session=session, reason="停电", actor=None, now=NOW),
        lambda session: take_down_session(session=session, reason="撤下", actor=None, now=NOW),
    ],
    ids=["applied", "cancelled", "taken down"],
)
def test_cached_pages_go_with_the_change(act, django_capture_on_commit_callbacks):
    session = ClassSessionFactory()
    versions.forget_seen()
    before = versions.current(PUBLIC_PAGES)

    with django_capture_on_commit_callbacks(execute=True):
        act(session)

    assert versions.current(PUBLIC_PAGES) == before + 1
