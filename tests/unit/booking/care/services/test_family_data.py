"""What booking exports of a family, and what must be called off before its data can go."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import personal_data
from booking.places.models import Booking
from cms.core.runtime.kernel_ports import DataHold, PersonalDataScope
from tests.factories.accounts import ChildFactory, FamilyMemberFactory
from tests.factories.booking import NOW
from tests.factories.capacity import BookingFactory

pytestmark = pytest.mark.django_db
HOUR, SECOND = dt.timedelta(hours=1), dt.timedelta(seconds=1)
S = Booking.Status


@pytest.fixture
def member():
    return FamilyMemberFactory()


def made(member, **values) -> Booking:
    return BookingFactory(**{"child": ChildFactory(family=member.family), **values})


def scope(member, *children, whole_family: bool = False) -> PersonalDataScope:
    return PersonalDataScope(
        member.user, member.family_id, tuple(child.pk for child in children), whole_family, whole_family
    )


def test_export_is_of_the_family_latest_first(member) -> None:
    later = made(member, starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR, pk=801)
    second, first = made(member, pk=803), made(member, pk=802)
    made(FamilyMemberFactory())

    rows = personal_data.export_part(scope(member))

    assert [row["reference"] for row in rows] == [later.reference, second.reference, first.reference]
    assert rows[0] == {
        "reference": later.reference,
        "kind": "care",
        "status": "confirmed",
        "institution": later.institution.name,
        "child": later.child.nickname,
        "starts_at": "2026-11-23T09:00+08:00",
        "ends_at": "2026-11-23T10:00+08:00",
        "amount_fen": 900,
    }
    assert personal_data.MAX_EXPORTED == 2000


def test_place_in_a_class_is_no_part_of_bookings(member) -> None:
    child = ChildFactory(family=member.family)
    none = {"institution": None, "product": None, "mode": ""}
    BookingFactory(kind=Booking.Kind.SESSION, child=child, **none)
    visit = BookingFactory(kind=Booking.Kind.VISIT, child=None, family=member.family, **none)

    (row,) = personal_data.export_part(scope(member))

    assert (row["reference"], row["institution"], row["child"], row["kind"]) == (visit.reference, "", "", "visit")
    assert personal_data.find_hold(scope(member, child), NOW) is None


def test_nothing_of_a_user_without_a_family(member) -> None:
    made(member)
    nobody = PersonalDataScope(member.user, None, (), whole_account=True, whole_family=True)

    assert (personal_data.export_part(nobody), personal_data.find_hold(nobody, NOW)) == ([], None)


@pytest.mark.parametrize(("moment", "held"), [(NOW, True), (NOW + HOUR - SECOND, True), (NOW + HOUR, False)])
def test_a_booking_holds_its_childs_record_until_its_end(member, moment: dt.datetime, held: bool) -> None:
    booking = made(member)

    hold = personal_data.find_hold(scope(member, booking.child), moment)

    link = (f"11月23日 周一 8:00–9:00 {booking.institution.name}", f"/me/bookings/{booking.public_id}/")
    assert hold == (DataHold("还有 1 次托育预约没有结束，请先取消：", (link,)) if held else None)


@pytest.mark.parametrize(
    ("status", "held"),
    [(S.CONFIRMED, True), (S.ARRIVED, True), (S.COMPLETED, False), (S.CANCELLED, False), (S.ABSENT, False)],
)
def test_only_open_bookings_hold(member, status: str, held: bool) -> None:
    booking = made(member, status=status)

    assert bool(personal_data.find_hold(scope(member, booking.child), NOW)) is held


@pytest.mark.parametrize(("seconds", "held"), [(-1, False), (0, False), (1, True)])
def test_what_ran_out_holds_nothing(member, seconds: int, held: bool) -> None:
    booking = made(member, status=S.HELD, expires_at=NOW + seconds * SECOND)

    assert bool(personal_data.find_hold(scope(member, booking.child), NOW)) is held


def test_a_confirmed_booking_holds_whatever_its_hold_said(member) -> None:
    booking = made(member, status=S.CONFIRMED, expires_at=None)

    assert personal_data.find_hold(scope(member, booking.child), NOW)


def test_the_brothers_booking_holds_the_whole_family_alone(member) -> None:
    booking, sister = made(member), ChildFactory(family=member.family)

    assert personal_data.find_hold(scope(member, sister), NOW) is None
    assert personal_data.find_hold(scope(member, sister, whole_family=True), NOW) is not None
    assert personal_data.find_hold(scope(FamilyMemberFactory(), whole_family=True), NOW) is None
    assert booking.child != sister


def test_bookings_are_counted_and_named_the_next_first(member) -> None:
    child = ChildFactory(family=member.family)
    for days in (4, 2, 3):
        day = NOW + dt.timedelta(days=days)
        BookingFactory(child=child, starts_at=day, ends_at=day + HOUR, service_date=day.date())

    hold = personal_data.find_hold(scope(member, child), NOW)

    assert hold.words == "还有 3 次托育预约没有结束，请先取消："
    assert [words[:6] for words, _url in hold.links] == ["11月25日", "11月26日", "11月27日"]
