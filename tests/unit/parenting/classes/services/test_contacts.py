"""The numbers of a family that has signed up: whose, in which order, and that the look is written down."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.queries.contacts import Contact, contacts_of
from cms.accounts.models import ChildAccess
from parenting.classes.refusals import SessionNotThere
from parenting.classes.services.contacts import OutsideClassDays, reveal_contacts
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.accounts import FamilyMemberFactory, StaffUserFactory
from tests.factories.booking import NOW, toddler
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db


def test_whoever_signed_up_is_named_first_and_who_has_no_number_is_left_out(django_assert_num_queries):
    user, child = toddler()
    second = FamilyMemberFactory(family=child.family, relation="奶奶").user
    FamilyMemberFactory(family=child.family, user=StaffUserFactory())
    FamilyMemberFactory()

    with django_assert_num_queries(1):
        found = contacts_of(child.family_id, first=second.pk)

    assert [contact.number for contact in found] == [second.phone, user.phone]
    assert found[0] == Contact("奶奶", second.phone)
    assert [contact.number for contact in contacts_of(child.family_id, first=None)] == [user.phone, second.phone]


def test_look_at_the_numbers_is_written_down():
    session, (user, child), actor = ClassSessionFactory(), toddler(), StaffUserFactory()
    signup = sign_up(user=user, session=session.public_id, child=None, now=NOW)
    reveal = {"actor": actor, "session": session, "signup": signup.booking.public_id}

    found = reveal_contacts(**reveal, now=session.starts_at)
    with pytest.raises(OutsideClassDays):
        reveal_contacts(**reveal, now=session.starts_at - dt.timedelta(days=2))

    assert [contact.number for contact in found] == [user.phone]
    row = ChildAccess.objects.get()
    assert (row.child, row.purpose, row.place, row.district_code) == (
        child,
        "phone",
        session.organiser,
        session.district.code,
    )
    assert row.at == session.starts_at
    assert session.starts_at.date() == DAY


def test_who_gave_the_place_back_is_not_called():
    session, (user, _child) = ClassSessionFactory(), toddler()
    signup = sign_up(user=user, session=session.public_id, child=None, now=NOW)
    cancel_signup(user=user, session=session.public_id, child=None, now=NOW)

    with pytest.raises(SessionNotThere):
        reveal_contacts(
            actor=StaffUserFactory(), session=session, signup=signup.booking.public_id, now=session.starts_at
        )
