"""Two pages of one parent, of which one changes what the other is about."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from booking.care.services.hold_change import StayRequest, hold_or_replace
from booking.care.services.moves import cancel_booking, confirm_booking
from booking.places.models import Booking
from cms.core.calendar.times import at
from tests.factories.booking import NOW, TOMORROW, hold, open_house, toddler

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def change(
    booking: Booking, user, *, day: dt.date = TOMORROW, starts: int = 8, ends: int = 12, institution: str = ""
) -> Booking:
    stay = StayRequest(
        institution=institution or booking.institution.public_id,
        child=booking.child.public_id,
        mode="hourly",
        starts_at=at(day, dt.time(starts)),
        ends_at=at(day, dt.time(ends)),
        replaces=booking.public_id,
    )
    return hold_or_replace(user=user, stay=stay, key="other page", now=NOW)


@pytest.fixture
def older():
    """A hold of tomorrow 14–17 and its parent."""
    house = open_house()
    user, child = toddler()
    booking = hold(house, user=user, child=child)
    return Booking.objects.select_related("institution", "child").get(pk=booking.pk), user


def test_older_page_names_the_institution_that_was_chosen_instead(sign_in, older):
    booking, user = older
    other = open_house()
    changed = change(booking, user, institution=other.institution.public_id)

    page = text(sign_in(user).get(f"/booking/check/{booking.public_id}/"))

    assert f"您在另一页改成了 {other.institution.name} 8:00–12:00" in page
    assert changed.institution_id == other.institution.pk


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("days", "title"), [(0, "您在另一页改成了 8:00–12:00"), (1, "您在另一页改成了 11月25日 周三 8:00–12:00")]
)
def test_older_page_says_what_the_newer_one_changed(sign_in, older, method, days, title):
    booking, user = older
    changed = change(booking, user, day=TOMORROW + dt.timedelta(days=days))

    response = getattr(sign_in(user), method)(f"/booking/check/{booking.public_id}/")

    assert response.status_code == 200
    assert title in text(response)
    assert "11月24日 周二 14:00–17:00 这一次已经不再保留" in text(response)
    assert f'href="/booking/check/{changed.public_id}/"' in response.content.decode()
    assert "去确认新的时间" in text(response)
    changed.refresh_from_db()
    assert changed.status == "held"


def test_name_with_an_ampersand_is_written_once(sign_in, older):
    booking, user = older
    booking.institution.name = "A&B 园"
    booking.institution.save()
    change(booking, user)

    page = sign_in(user).get(f"/booking/check/{booking.public_id}/").content.decode()

    assert "A&amp;B 园" in page
    assert "&amp;amp;" not in page


def test_older_page_leads_to_what_was_confirmed_meanwhile(sign_in, older):
    booking, user = older
    changed = change(booking, user)
    confirm_booking(user=user, booking=changed.public_id, now=NOW)

    response = sign_in(user).get(f"/booking/check/{booking.public_id}/")

    assert f'href="/me/bookings/{changed.public_id}/"' in response.content.decode()
    assert "看看改好的预约" in text(response)


def test_hold_that_was_called_off_leads_to_its_own_page_without_a_reason(sign_in, older):
    booking, user = older
    cancel_booking(user=user, booking=booking.public_id, now=NOW)
    client = sign_in(user)

    response = client.get(f"/booking/check/{booking.public_id}/")

    assert response["Location"] == f"/me/bookings/{booking.public_id}/"
    assert "机构说" not in text(client.get(response["Location"]))


def test_mark_of_a_change_is_no_reason_of_the_institution(sign_in, older):
    booking, user = older
    change(booking, user)

    page = text(sign_in(user).get(f"/me/bookings/{booking.public_id}/"))

    assert "机构说" not in page
    assert "replaced" not in page


def test_strangers_older_page_is_404(sign_in, older):
    booking, user = older
    change(booking, user)
    stranger, _child = toddler()

    assert sign_in(stranger).get(f"/booking/check/{booking.public_id}/").status_code == 404
