"""Reading sessions: the truth is what was published, at its edges."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.calendar.times import at
from cms.core.runtime.kernel_ports import PersonalDataScope
from parenting.classes.models import ClassSession
from parenting.classes.queries import sessions as queries
from parenting.classes.queries.sessions import SessionQuestion
from parenting.classes.queries.signups import attendance, coming_signups, expected, my_signups, past_signups
from parenting.classes.queries.staff import places_of, sessions_of_staff, staff_session
from parenting.classes.services import personal_data
from parenting.classes.services.attendance import mark_attendance
from parenting.classes.services.publishing import cancel_session
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.accounts import ChildFactory, UserFactory
from tests.factories.booking import NOW, toddler
from tests.factories.directory import DistrictFactory, DistrictStaffFactory, TownshipFactory
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db
START, END = at(DAY, dt.time(9, 30)), at(DAY, dt.time(10, 30))
SECOND, ONE_DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)


def found(now=NOW, **question) -> list[ClassSession]:
    return list(queries.list_sessions(SessionQuestion(**question), now=now))


def rewrite_draft(session, **values) -> None:
    """A text that was not carried over: no reader may believe it."""
    ClassSession.objects.filter(pk=session.pk).update(**values)


def test_list_is_in_order_of_time():
    later = ClassSessionFactory(starts_at=START + ONE_DAY, ends_at=END + ONE_DAY)
    first = ClassSessionFactory()
    second = ClassSessionFactory()

    assert found() == [first, second, later]


@pytest.mark.parametrize(
    ("moment", "listed"), [(START, True), (END - SECOND, True), (END, False), (END + SECOND, False)]
)
def test_a_session_under_way_is_listed_until_its_end(moment, listed):
    session = ClassSessionFactory()

    assert found(moment) == ([session] if listed else [])


def test_drafts_and_what_was_taken_down_are_missing_and_cancelled_ones_stay():
    ClassSessionFactory(live=False)
    ClassSessionFactory(published=False)
    cancelled = ClassSessionFactory()
    cancel_session(session=cancelled, reason="停电", actor=None, now=NOW)

    assert found() == [cancelled]


def test_days_are_inclusive_and_earlier_ones_must_be_asked_for():
    session = ClassSessionFactory()
    late = ClassSessionFactory(starts_at=at(DAY, dt.time(23)), ends_at=at(DAY + ONE_DAY, dt.time(1)))
    over = END + ONE_DAY

    assert found(over) == []
    assert found(over, from_day=DAY) == [session, late]
    assert found(over, from_day=DAY + ONE_DAY) == []
    assert found(to_day=DAY) == [session, late]
    assert found(to_day=DAY - ONE_DAY) == []
    assert found(over, from_day=DAY, to_day=DAY) == [session, late]


def test_midnight_belongs_to_the_day_it_begins():
    midnight = at(DAY, dt.time(0))
    session = ClassSessionFactory(starts_at=midnight, ends_at=midnight + dt.timedelta(hours=1), signup_closes_at=NOW)

    assert found(from_day=DAY, to_day=DAY) == [session]
    assert found(from_day=DAY - ONE_DAY, to_day=DAY - ONE_DAY) == []


def test_district_street_and_kind_narrow_the_list():
    town = TownshipFactory()
    here = ClassSessionFactory(district=town.district, township=town)
    other = ClassSessionFactory(kind=ClassSession.Kind.PARENT_CHILD_ACTIVITY)

    assert found(district=here.district.slug) == [here]
    assert found(street=town.code) == [here]
    assert found(kind="parent_child_activity") == [other]


@pytest.mark.parametrize(("age", "listed"), [(11, False), (12, True), (23, True), (24, False)])
def test_the_age_is_from_inclusive_to_exclusive(age, listed):
    session = ClassSessionFactory(age_from=12, age_to=24)

    assert found(age_months=age) == ([session] if listed else [])


def test_age_nought_is_a_question_too():
    newborn, _older = ClassSessionFactory(age_from=0, age_to=1), ClassSessionFactory()

    assert found(age_months=0) == [newborn]


def test_readers_believe_the_places_not_the_draft():
    session = ClassSessionFactory()
    rewrite_draft(
        session,
        starts_at=START - 7 * ONE_DAY,
        ends_at=END - 7 * ONE_DAY,
        signup_opens_at=NOW - 9 * ONE_DAY,
        signup_closes_at=NOW - 8 * ONE_DAY,
    )

    read = queries.public_session(session.public_id)

    assert found() == [session]
    assert found(to_day=DAY - ONE_DAY) == []
    assert list(queries.coming_sessions(session.district_id, now=NOW)) == [session]
    assert queries.signup_state(read, now=NOW) == "open"
    assert places_of(read).starts_at == START


@pytest.mark.parametrize(("moment", "coming"), [(START - SECOND, True), (START, False), (START + SECOND, False)])
def test_coming_ends_with_the_start(moment, coming):
    session = ClassSessionFactory()

    assert list(queries.coming_sessions(session.district_id, now=moment)) == ([session] if coming else [])


def test_coming_is_of_one_district_in_order_without_cancelled_ones():
    later = ClassSessionFactory(starts_at=START + ONE_DAY, ends_at=END + ONE_DAY)
    first = ClassSessionFactory(district=later.district)
    ClassSessionFactory()
    ClassSessionFactory(district=later.district, live=False)
    cancelled = ClassSessionFactory(district=later.district)
    cancel_session(session=cancelled, reason="停电", actor=None, now=NOW)

    assert list(queries.coming_sessions(later.district_id, now=NOW)) == [first, later]


OPENS, CLOSES = NOW + ONE_DAY, at(DAY, dt.time(8))


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (OPENS - SECOND, "not_yet"),
        (OPENS, "open"),
        (CLOSES - SECOND, "open"),
        (CLOSES, "closed"),
        (CLOSES + SECOND, "closed"),
    ],
)
def test_state_and_free_places_agree_at_every_edge(moment, state):
    session = ClassSessionFactory(signup_opens_at=OPENS)
    read = queries.public_session(session.public_id)

    assert queries.signup_state(read, now=moment) == state
    free = queries.with_free_places(queries.published(), now=moment)
    assert list(free) == ([session] if state == "open" else [])


def test_a_cancelled_session_is_closed_and_has_no_free_places():
    session = ClassSessionFactory()
    cancel_session(session=session, reason="停电", actor=None, now=NOW)

    assert queries.signup_state(queries.public_session(session.public_id), now=NOW) == "closed"
    assert list(queries.with_free_places(queries.published(), now=NOW)) == []


def test_places_left_count_down_to_none():
    session = ClassSessionFactory(capacity=2)
    seen = []
    for _ in range(2):
        sign_up(user=toddler()[0], session=session.public_id, child=None, now=NOW)
        free = list(queries.with_free_places(queries.published(), now=NOW))
        seen.append((queries.remaining(queries.public_session(session.public_id)), free))

    assert seen == [(1, [session]), (0, [])]


def test_a_family_sees_its_own_places_next_first():
    user, child = toddler()
    later = ClassSessionFactory(starts_at=START + ONE_DAY, ends_at=END + ONE_DAY)
    session = ClassSessionFactory()
    given_back = ClassSessionFactory()
    for one in (later, session, given_back):
        sign_up(user=user, session=one.public_id, child=None, now=NOW)
    cancel_signup(user=user, session=given_back.public_id, child=None, now=NOW)
    sign_up(user=toddler()[0], session=session.public_id, child=None, now=NOW)

    assert [signup.session for signup in my_signups(user)] == [session, later]
    assert [signup.session for signup in my_signups(user, session=later)] == [later]
    assert [signup.session for signup in coming_signups(user, now=END - SECOND)] == [session, later]
    assert [signup.session for signup in coming_signups(user, now=END)] == [later]
    assert [signup.session for signup in past_signups(user, now=END - SECOND)] == []
    assert [signup.session for signup in past_signups(user, now=END)] == [session]
    assert [signup.session for signup in past_signups(user, now=END + ONE_DAY)] == [later, session]
    assert {signup.family for signup in my_signups(user)} == {child.family}


def test_the_list_of_a_session_is_in_order_of_sign_up_and_the_marked_are_no_longer_expected():
    session = ClassSessionFactory(capacity=4)
    users = [toddler()[0] for _ in range(4)]
    signups = [
        sign_up(user=user, session=session.public_id, child=None, now=NOW + dt.timedelta(minutes=minutes))
        for user, minutes in zip(users, (3, 2, 1, 0), strict=True)
    ]
    sign_up(user=toddler()[0], session=ClassSessionFactory().public_id, child=None, now=NOW)
    cancel_signup(user=users[3], session=session.public_id, child=None, now=NOW)
    mark_attendance(actor=users[0], session=session, signup=signups[0].booking.public_id, came=True, now=START)

    assert list(attendance(session)) == [signups[2], signups[1], signups[0]]
    assert set(expected(session)) == {signups[1], signups[2]}


def test_staff_see_their_own_districts_drafts_too():
    colleague = DistrictStaffFactory(user=UserFactory(is_staff=True), district=DistrictFactory())
    draft = ClassSessionFactory(district=colleague.district, published=False, live=False)
    session = ClassSessionFactory(district=colleague.district)
    other = ClassSessionFactory()

    assert set(sessions_of_staff(colleague.user)) == {draft, session}
    assert staff_session(colleague.user, session.public_id) == session
    assert staff_session(colleague.user, draft.public_id) is None
    assert staff_session(colleague.user, other.public_id) is None
    assert (places_of(draft), places_of(session).starts_at) == (None, START)


def test_export_lists_the_familys_sign_ups_latest_first():
    user, child = toddler(nickname="豆豆")
    session = ClassSessionFactory(title="辅食添加")
    first = sign_up(user=user, session=session.public_id, child=None, now=NOW)
    cancel_signup(user=user, session=session.public_id, child=None, now=NOW)
    second = ClassSessionFactory(title="睡眠")
    other = sign_up(user=user, session=second.public_id, child=None, now=NOW + SECOND)
    sign_up(user=toddler()[0], session=session.public_id, child=None, now=NOW)
    scope = PersonalDataScope(user=user, family_id=child.family_id, child_ids=(child.pk,), whole_family=True)

    row = {"child": "豆豆", "starts_at": "2026-11-28T09:30+08:00", "ends_at": "2026-11-28T10:30+08:00"}
    numbers = [made.booking.reference for made in (other, first)]
    assert personal_data.export_part(scope) == [
        {"title": "睡眠", **row, "reference": numbers[0], "status": "confirmed", "active": True},
        {"title": "辅食添加", **row, "reference": numbers[1], "status": "cancelled", "active": False},
    ]


def test_export_names_no_child_for_the_adult_alone_and_nothing_without_a_family():
    user = UserFactory()
    signup = sign_up(user=user, session=ClassSessionFactory().public_id, child=None, now=NOW)
    ChildFactory()

    scope = PersonalDataScope(user=user, family_id=signup.family_id, child_ids=(), whole_family=True)
    assert [row["child"] for row in personal_data.export_part(scope)] == [""]
    nobody = PersonalDataScope(user=user, family_id=None, child_ids=(), whole_family=False)
    assert personal_data.export_part(nobody) == []


@pytest.mark.parametrize(
    ("moment", "taken", "answer"),
    [
        (OPENS - SECOND, 0, "not_yet"),
        (OPENS - SECOND, 2, "not_yet"),
        (OPENS, 1, "open"),
        (OPENS, 2, "full"),
        (CLOSES - SECOND, 2, "full"),
        (CLOSES, 1, "closed"),
        (CLOSES, 2, "closed"),
    ],
)
def test_one_answer_says_whether_one_can_sign_up(moment: dt.datetime, taken: int, answer: str):
    session = ClassSessionFactory(signup_opens_at=OPENS, signup_closes_at=CLOSES)
    session.places.cell.taken = taken

    assert queries.signup_answer(session, now=moment) == answer


def test_cancelled_session_says_so_before_anything_else():
    session = ClassSessionFactory()
    cancel_session(session=session, reason="停电", actor=None, now=NOW)

    assert queries.signup_answer(queries.public_session(session.public_id), now=NOW) == "cancelled"
