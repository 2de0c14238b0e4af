"""A class that the child attends, in the way of a booking: the page leads to the family's own sign-up."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from booking.care.queries.bookings import booking_in_the_way
from booking.places.models import Booking
from cms.core.calendar.times import at
from parenting.classes.models import ClassSession
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.accounts import ChildFactory, FamilyMemberFactory
from tests.factories.booking import NOW, TOMORROW, open_house, toddler
from tests.factories.parenting import ClassSessionFactory

pytestmark = pytest.mark.django_db


def activity(**more) -> ClassSession:
    times = {"starts_at": at(TOMORROW, dt.time(15)), "ends_at": at(TOMORROW, dt.time(16))}
    times["signup_closes_at"] = at(TOMORROW, dt.time(8))
    kind = {"kind": ClassSession.Kind.PARENT_CHILD_ACTIVITY}
    return ClassSessionFactory(title="亲子阅读", **kind | times | more)


def in_the_way(user, child, starts: int, ends: int) -> Booking | None:
    span = {"starts_at": at(TOMORROW, dt.time(starts)), "ends_at": at(TOMORROW, dt.time(ends))}
    return booking_in_the_way(user, child=child.public_id, now=NOW, **span)


def test_page_leads_to_the_sign_up(sign_in):
    house, session = open_house(), activity()
    user, child = toddler()
    sign_up(user=user, session=session.public_id, child=child.public_id, now=NOW)
    url = f"/booking/{house.institution.public_id}/time/?child={child.public_id}&mode=hourly&date={TOMORROW}"

    response = sign_in(user).post(url, {"starts": "14:00", "ends": "17:00"})

    page = f"/classes/{session.public_id}/"
    assert response.context["in_the_way"] == {"words": "11月24日 周二 15:00–16:00 亲子阅读", "url": page}
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
    assert "看那次预约：11月24日 周二 15:00–16:00 亲子阅读" in words
    assert f'href="{page}"' in response.content.decode()


@pytest.mark.parametrize(
    ("starts", "ends", "found"), [(13, 15, False), (13, 16, True), (15, 17, True), (16, 17, False)]
)
def test_only_an_overlapping_class_is_in_the_way(starts, ends, found):
    user, child = toddler()
    signup = sign_up(user=user, session=activity().public_id, child=child.public_id, now=NOW)

    assert in_the_way(user, child, starts, ends) == (signup.booking if found else None)


def test_class_for_parents_is_in_nobodys_way():
    user, child = toddler()
    session = activity(kind=ClassSession.Kind.PARENT_CLASS)
    sign_up(user=user, session=session.public_id, child=child.public_id, now=NOW)

    assert in_the_way(user, child, 15, 16) is None


def test_only_the_familys_own_live_sign_up_is_named():
    user, child = toddler()
    sibling = ChildFactory(family=child.family, birth_date=child.birth_date)
    session = activity()
    signup = sign_up(user=user, session=session.public_id, child=child.public_id, now=NOW)
    grandmother = FamilyMemberFactory(family=child.family, role="carer").user
    stranger, _own = toddler()

    assert in_the_way(user, sibling, 15, 16) is None
    assert in_the_way(stranger, child, 15, 16) is None
    assert in_the_way(grandmother, child, 15, 16) == signup.booking
    cancel_signup(user=user, session=session.public_id, child=child.public_id, now=NOW)
    assert in_the_way(user, child, 15, 16) is None
