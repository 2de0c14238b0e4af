"""Of two rows of one moment the order is the same every time."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import BookingEvent
from cms.core.runtime.kernel_ports import PersonalDataScope
from cms.core.runtime.outbox import drain
from parenting.classes.models import ClassSession, ClassSignup
from parenting.classes.queries import sessions as queries
from parenting.classes.queries.signups import active_signup, attendance, expected, my_signups, signups_of
from parenting.classes.services import personal_data
from parenting.classes.services.publishing import cancel_session
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.accounts import ChildFactory, FamilyMemberFactory
from tests.factories.booking import NOW, toddler
from tests.factories.parenting import ClassSessionFactory

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def join(session: ClassSession, family, child: str | None = None, *, now: dt.datetime = NOW) -> ClassSignup:
    return sign_up(user=family[0], session=session.public_id, child=child, now=now)


def test_sessions_of_one_start_stand_by_their_entry() -> None:
    second = ClassSessionFactory(pk=5002)
    first = ClassSessionFactory(pk=5001, district=second.district)

    assert list(queries.list_sessions(queries.SessionQuestion(), now=NOW)) == [first, second]
    assert list(queries.coming_sessions(second.district_id, now=NOW)) == [first, second]


def test_sign_ups_of_one_moment_stand_by_their_entry() -> None:
    session, other = ClassSessionFactory(), ClassSessionFactory()
    families = [toddler(), toddler()]
    signups = [join(session, family) for family in families]
    again = join(other, families[0])

    assert list(attendance(session)) == signups
    assert list(my_signups(families[0][0])) == [signups[0], again]
    assert set(expected(session)) == set(signups)


def test_places_in_a_session_are_live_first_and_then_the_latest() -> None:
    session, family = ClassSessionFactory(capacity=4), toddler()
    sibling = ChildFactory(family=family[1].family, birth_date=family[1].birth_date)
    first = join(session, family, family[1].public_id)
    cancel_signup(user=family[0], session=session.public_id, child=family[1].public_id, now=NOW)
    second = join(session, family, sibling.public_id)
    third = join(session, family, family[1].public_id)

    assert list(signups_of(family[0], session=session.public_id, child=None)) == [third, second, first]
    assert list(signups_of(family[0], session=session.public_id, child=sibling.public_id)) == [second]
    assert list(signups_of(family[0], session=session.public_id, child="")) == []
    assert active_signup(session, family[1].family, family[1]) == third
    assert active_signup(ClassSessionFactory(), family[1].family, family[1]) is None


def test_export_of_one_moment_begins_with_the_latest_entry() -> None:
    user, child = family = toddler()
    titles = ["一", "二"]
    for title in titles:
        join(ClassSessionFactory(title=title), family)
    scope = PersonalDataScope(user=user, family_id=child.family_id, child_ids=(child.pk,))

    assert [row["title"] for row in personal_data.export_part(scope)] == ["二", "一"]
    assert personal_data.MAX_EXPORTED == 2000


@pytest.mark.parametrize(("letters", "kept"), [(80, 80), (81, 80)])
def test_reason_is_cut_in_the_history_of_the_place(letters: int, kept: int) -> None:
    session, family = ClassSessionFactory(), toddler()
    signup = join(session, family)
    cancel_session(session=session, reason="因" * letters, actor=None, now=NOW)

    drain(now=NOW)

    event = BookingEvent.objects.get(booking=signup.booking, to_status="cancelled")
    assert (event.reason, event.side, event.actor) == ("因" * kept, "staff", None)


def test_place_of_an_adult_alone_is_that_of_the_own_family() -> None:
    session = ClassSessionFactory(capacity=3)
    first, second, third = (FamilyMemberFactory().user for _ in range(3))
    own = {user: join(session, (user, None)) for user in (first, second)}

    for user, place in own.items():
        assert place.child is None
        assert active_signup(session, user.family_member.family, None) == place
    assert active_signup(session, third.family_member.family, None) is None
