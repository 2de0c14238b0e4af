"""What happened before the story, through the services that people's own acts would have called."""

from __future__ import annotations

import datetime as dt

from booking.care.services.holds import hold_care
from booking.care.services.moves import confirm_booking
from booking.places.models import Booking
from cms.accounts.models import Child, User
from cms.accounts.phone import phone_index
from cms.core.calendar.times import at
from cms.core.calendar.times import now as clock
from directory.districts.class_kinds import CareMode
from directory.register.models import Institution
from tests.journeys import world


def a_booking(*, phone: str, day: dt.date, institution: str = world.BOARD) -> Booking:
    """The demo's family with that number has its child there that day from 14 to 17."""
    user = User.objects.get(phone_hash=phone_index(phone))
    child = Child.objects.filter(family__members__user=user).earliest("pk")
    now = clock()
    held = hold_care(
        user=user,
        institution=Institution.objects.get(name=institution).public_id,
        child=child.public_id,
        mode=CareMode.HOURLY,
        starts_at=at(day, dt.time(14)),
        ends_at=at(day, dt.time(17)),
        key=f"journey-{day}",
        now=now,
    )
    booking = confirm_booking(user=user, booking=held.booking.public_id, now=now)
    world.jobs_run()
    return booking
