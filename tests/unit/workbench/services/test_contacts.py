"""Whom the institution may call, when, and in which order."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import Booking
from cms.accounts.models import ChildAccess
from cms.core.errors import NotFound
from cms.workbench.services.contacts import Contact, OutsideCallDays, may_call, reveal_contacts
from directory.register.models import Institution
from tests.factories.accounts import FamilyMemberFactory, UserFactory
from tests.factories.booking import NOW, TODAY
from tests.factories.capacity import BookingFactory

S = Booking.Status
SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(("days", "may"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_number_is_shown_from_the_day_before_to_the_day_after(days: int, may: bool) -> None:
    booking = Booking(status=S.CONFIRMED, service_date=TODAY + dt.timedelta(days=days))

    assert may_call(booking, NOW) is may


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "may"),
    [
        (S.HELD, False),
        (S.REQUESTED, True),
        (S.CONFIRMED, True),
        (S.ARRIVED, True),
        (S.COMPLETED, True),
        (S.ABSENT, True),
        (S.CANCELLED, False),
        (S.DECLINED, False),
        (S.EXPIRED, False),
    ],
)
def test_family_is_called_while_it_holds_a_place_or_was_marked(status: str, may: bool) -> None:
    assert may_call(Booking(status=status, service_date=TODAY), NOW) is may


def reveal(booking: Booking, institution: Institution | None = None, now: dt.datetime = NOW) -> list[Contact]:
    return reveal_contacts(
        actor=UserFactory(), institution=institution or booking.institution, booking=booking.public_id, now=now
    )


@pytest.mark.django_db
def test_who_booked_is_called_first_and_then_in_order_of_joining() -> None:
    booking = BookingFactory()
    family = booking.family

    def join(phone: str, relation: str, seconds: int, pk: int) -> int:
        member = FamilyMemberFactory(
            family=family, user__phone=phone, relation=relation, joined_at=NOW + seconds * SECOND, pk=pk
        )
        return member.user_id

    join("13800000003", "爷爷", 1, 83)
    join("13800000002", "爸爸", 0, 82)
    join("13800000001", "妈妈", 0, 81)
    join("", "保姆", 0, 80)
    booker = join("13800000004", "奶奶", 2, 84)
    Booking.objects.filter(pk=booking.pk).update(created_by=booker)
    FamilyMemberFactory()

    found = reveal(booking)

    assert found == [
        Contact("奶奶", "13800000004"),
        Contact("妈妈", "13800000001"),
        Contact("爸爸", "13800000002"),
        Contact("爷爷", "13800000003"),
    ]
    look = ChildAccess.objects.get()
    assert (look.child, look.purpose, look.place, look.district_code, look.at) == (
        booking.child,
        "phone",
        booking.institution.name,
        booking.institution.district.code,
        NOW,
    )


@pytest.mark.django_db
def test_nothing_is_shown_or_logged_of_another_house_or_day() -> None:
    booking, other = BookingFactory(), BookingFactory()

    with pytest.raises(NotFound):
        reveal(booking, other.institution)
    with pytest.raises(OutsideCallDays):
        reveal(booking, now=NOW + dt.timedelta(days=2))
    assert ChildAccess.objects.count() == 0
