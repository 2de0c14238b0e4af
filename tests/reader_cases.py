"""The promise of the one reader, on whatever world hypothesis makes up; SQLite and PostgreSQL run the same cases.

What the reader offers can be held at that moment, what it refuses the hold refuses with the same word, and list,
record, time page and API say one number for one question.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db import transaction
from hypothesis import strategies as st

from booking.care.queries.affected import ClosedSpan
from booking.care.services import closing
from booking.care.services.holds import hold_care
from booking.care.services.moves import confirm_booking
from booking.flow.queries import stays
from booking.places.bookable_days import BookableDays
from booking.places.enums import BOOKABLE_MODES
from booking.places.models import Booking, CapacityCell
from booking.places.place_rules import DAY_MINUTES, StayAnswer, most_telling
from booking.places.queries.free_places import read_day
from booking.places.queries.offers import Offer, list_offers
from booking.places.queries.provider import BookingAvailability
from booking.places.refusals import Full
from booking.places.services.freshness import confirm_places
from booking.places.stay_rules import StayProblem
from cms.core.calendar.times import at, day_bounds
from cms.core.errors import Refused
from directory.districts.class_kinds import CareMode
from directory.register.models import Institution, OpeningRule
from tests.factories.accounts import parent_with_child
from tests.factories.booking import NOW, TODAY, TOMORROW, House, full_house
from tests.factories.directory import CareProductFactory, ProductFeeFactory

MODES = (CareMode.HOURLY, CareMode.TEMPORARY, CareMode.HALF_DAY, CareMode.FULL_DAY)
#: Places filed: more than the classes have together, fewer, and fewer than one class has.
FILED = (60, 17, 12)
#: Months on the day asked about: a class of their own, the mixed class in its stead, under and over age.
AGES = (5, 8, 17, 23, 24, 30, 36)
QUARTERS = range(7 * 60, 18 * 60 + 31, 15)
provider = BookingAvailability()
_keys = count()


@dataclass(frozen=True)
class Asked:
    """A child of so many months on a day, and minutes of that day."""

    age: int
    day: dt.date
    starts: int
    ends: int

    @property
    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        midnight = at(self.day, dt.time.min)
        return midnight + dt.timedelta(minutes=self.starts), midnight + dt.timedelta(minutes=self.ends)


policies = st.builds(
    lambda raster, minimum, step, cutoff, block_cutoff, ahead, decides: {
        "raster_minutes": raster,
        "minimum_minutes": raster * minimum,
        "step_minutes": 60 if step else raster,
        "cutoff_minutes": cutoff,
        "temporary_cutoff_minutes": block_cutoff,
        "opens_days_ahead": ahead,
        "needs_acceptance": decides,
    },
    st.sampled_from([15, 30]),
    st.integers(1, 4),
    st.booleans(),
    st.sampled_from([0, 60, 120, 1500]),
    st.sampled_from([0, 45]),
    st.sampled_from([1, 2, 14]),
    st.sampled_from([False, False, True]),
)
questions = st.builds(
    lambda age, ahead, starts, length: Asked(age, TODAY + dt.timedelta(days=ahead), starts, starts + length),
    st.sampled_from(AGES),
    st.integers(0, 3),
    st.sampled_from(QUARTERS),
    st.sampled_from([15, 30, 45, 60, 90, 105, 120, 180, 240, 600]),
)
#: All day or a part of it, on the raster or not; all classes or one kind.
closed_spans = st.builds(
    lambda first, days, kind, minutes: ClosedSpan(
        TODAY + dt.timedelta(days=first), TODAY + dt.timedelta(days=first + days), kind, *minutes
    ),
    st.sampled_from([0, 1]),
    st.sampled_from([0, 2]),
    st.sampled_from(["", "", "toddler", "mixed"]),
    st.sampled_from([(0, 1440), (0, 720), (720, 1440), (555, 625)]),
)
#: Days from today on whose weekday the house is closed.
weekdays_off = st.sampled_from([None, None, 1, 2])
#: Modes that are not offered.
missing_modes = st.sampled_from([(), (), (), MODES[:1], MODES[1:], MODES])
#: Hours, minutes and seconds after 8:00.
clocks = st.builds(
    lambda hours, minutes, seconds: NOW + dt.timedelta(hours=hours, minutes=minutes, seconds=seconds),
    st.integers(0, 9),
    st.sampled_from([0, 1, 15, 30, 59]),
    st.sampled_from([0, 0, 1]),
)


def check_promise(data: st.DataObject) -> None:
    """One example, undone at its end."""
    with transaction.atomic():
        house, now = make_world(data)
        for _ in range(3):
            asked = data.draw(questions, label="asked")
            check_one_number(house, asked, now)
            check_hold(house, asked, data.draw(st.sampled_from(MODES), label="mode"), now)
            assert hold(house, asked, CareMode.HALF_MONTH, now) != ""
            check_offers(data, house, asked, now)
        transaction.set_rollback(True)


def change_fees(data: st.DataObject, house: House) -> None:
    """Some products are offered from tomorrow on only, or cost another fee from then on, or for one class."""
    for product in house.institution.products.order_by("pk"):
        what = data.draw(st.sampled_from(["", "", "begins", "rises", "class"]), label="fee")
        if what == "begins":
            product.fees.update(from_date=TOMORROW)
        elif what:
            kind, since = ("toddler", TODAY) if what == "class" else ("", TOMORROW)
            ProductFeeFactory(product=product, fee=500, class_kind=kind, from_date=since)


def make_world(data: st.DataObject) -> tuple[House, dt.datetime]:
    """A full house, maybe closed on a weekday or without some modes, in which some places are taken or ran out, on a
    closing day, in rectification or stale.
    """
    house = full_house(
        policy=data.draw(policies, label="policy"), places=data.draw(st.sampled_from(FILED), label="filed")
    )
    CareProductFactory(institution=house.institution, mode=CareMode.HALF_MONTH, fee=8000)
    house.institution.products.filter(mode__in=data.draw(missing_modes, label="missing modes")).delete()
    change_fees(data, house)
    take_off(house, data.draw(weekdays_off, label="weekday off"))
    for asked in data.draw(st.lists(questions, max_size=6), label="taken"):
        for _ in range(data.draw(st.sampled_from([1, 5]), label="times")):
            hold(house, asked, data.draw(st.sampled_from(MODES), label="mode"), NOW)
    what = data.draw(st.sampled_from(["", "", "", "closed", "rectification", "stale"]), label="what happened")
    if what == "closed":
        close(house, data.draw(closed_spans, label="what is closed"))
    if what == "rectification":
        house.institution.state = Institution.State.RECTIFICATION
        house.institution.save()
    if what == "stale":
        confirm_places(institution=house.institution, actor=None, now=NOW - dt.timedelta(days=4))
    return house, data.draw(clocks, label="now")


def close(house: House, span: ClosedSpan) -> None:
    """As the institution does it."""
    closing.close(institution=house.institution, span=span, reason="消毒", actor=None, now=NOW)


def take_off(house: House, ahead: int | None) -> None:
    """As if the house had never been open on that weekday: no hours and no cells."""
    if ahead is not None:
        day = TODAY + dt.timedelta(days=ahead)
        OpeningRule.objects.filter(class_group__institution=house.institution, weekday=day.weekday()).delete()
        CapacityCell.objects.filter(
            pool__institution=house.institution, starts_at__gte=day_bounds(day)[0], starts_at__lt=day_bounds(day)[1]
        ).delete()


def hold(house: House, asked: Asked, mode: str, now: dt.datetime, product: str | None = None) -> str:
    """The word of the refusal, "" for a place; each time another child."""
    months = asked.day.year * 12 + asked.day.month - 1 - asked.age
    user, child = parent_with_child(birth_date=dt.date(months // 12, months % 12 + 1, 1))
    starts_at, ends_at = asked.moments
    try:
        hold_care(
            user=user,
            institution=house.institution.public_id,
            child=child.public_id,
            mode=mode,
            starts_at=starts_at,
            ends_at=ends_at,
            product=product,
            key=f"promise-{next(_keys)}",
            now=now,
        )
    except Refused as refused:
        refusal = refused
    else:
        return ""
    if isinstance(refusal, Full):
        assert _stays(refusal.extra["alternatives"]) == _stays(offers_for(house, asked, now))
    return refusal.code


def confirm_last(house: House, now: dt.datetime) -> str:
    """What confirming the latest hold comes to."""
    held = Booking.objects.filter(institution=house.institution).latest("pk")
    return confirm_booking(user=held.created_by, booking=held.public_id, now=now).status


def offers_for(house: House, asked: Asked, now: dt.datetime) -> list[Offer]:
    """What the offers call says of that day."""
    return list_offers(institution=house.institution, age_months=asked.age, day=asked.day, now=now)


def _stays(offers: list[Offer]) -> list[tuple[Any, ...]]:
    return [(offer.product.public_id, offer.starts_at, offer.ends_at, offer.remaining) for offer in offers]


def check_hold(house: House, asked: Asked, mode: str, now: dt.datetime) -> None:
    """The very stay that is asked for, in one mode."""
    days = read_day(institution=house.institution, day=asked.day, now=now, age_months=asked.age)
    bucket = days.class_for(asked.age)
    found = [product for product in days.offered(asked.day, bucket) if product.mode == mode]
    if found:
        answer = most_telling(days.answer(asked.day, bucket, product, asked.starts, asked.ends) for product in found)
    else:
        answer = without_product(days, asked, mode)

    assert hold(house, asked, mode, now) == answer.problem
    if not answer.problem and asked.moments[0] > now:
        assert confirm_last(house, now) == ("requested" if days.needs_answer else "confirmed")
    assert (answer.problem == "") == (answer.remaining > 0)


def without_product(days: BookableDays, asked: Asked, mode: str) -> StayAnswer:
    """The answer for a stay in a mode that is not offered: what stands against every stay is said first."""
    answer = days.best_stay(asked.day, days.class_for(asked.age), mode=mode)
    if asked.ends >= DAY_MINUTES and answer.problem != StayProblem.CLOSED:
        return StayAnswer(0, StayProblem.OUTSIDE_HOURS)
    return answer


def check_offers(data: st.DataObject, house: House, asked: Asked, now: dt.datetime) -> None:
    """An offer of the day, at its shortest or longest, and the best stay that covers the asked minutes."""
    days = read_day(institution=house.institution, day=asked.day, now=now, age_months=asked.age)
    best = days.best_covering(asked.day, days.class_for(asked.age), asked.starts, asked.ends)
    if best.remaining:
        stay = Asked(asked.age, asked.day, best.starts, best.ends)
        assert hold(house, stay, best.product.mode, now, best.product.public_id) == ""
    offers = offers_for(house, asked, now)
    if offers:
        offer = data.draw(st.sampled_from(offers), label="offer")
        ends_at = data.draw(st.sampled_from([offer.ends_at, offer.max_ends_at or offer.ends_at]), label="until")
        midnight = at(asked.day, dt.time.min)
        minutes = [int((moment - midnight).total_seconds() // 60) for moment in (offer.starts_at, ends_at)]
        assert hold(house, Asked(asked.age, asked.day, *minutes), offer.mode, now, offer.product.public_id) == ""


def check_price(house: House, asked: Asked, mode: str, now: dt.datetime) -> None:
    """In one mode or any: among all institutions as on the card, and the hold charges it."""
    pk, (starts_at, ends_at) = house.institution.pk, asked.moments
    card = provider.on_day(
        institution_ids=[pk], age_months=asked.age, day=asked.day, span=(asked.starts, asked.ends), now=now, mode=mode
    )[pk]
    priced = provider.institutions_with_prices(
        age_months=asked.age, starts_at=starts_at, ends_at=ends_at, now=now, mode=mode
    )
    able = provider.institutions_with_places(
        age_months=asked.age, starts_at=starts_at, ends_at=ends_at, now=now, mode=mode
    )
    assert {found: each.places for found, each in priced.items()} == able
    assert (card.stay is None) == (card.day.free == 0)
    if card.stay and not card.stale:
        assert priced[pk] == (card.day.free, card.stay.amount)


def check_one_number(house: House, asked: Asked, now: dt.datetime) -> None:
    """List, card, record, time page and offers, for the asked minutes and for the whole day."""
    pk, span = house.institution.pk, (asked.starts, asked.ends)
    starts_at, ends_at = asked.moments
    card = provider.on_day(institution_ids=[pk], age_months=asked.age, day=asked.day, span=span, now=now)[pk]
    able = provider.institutions_with_places(age_months=asked.age, starts_at=starts_at, ends_at=ends_at, now=now)
    assert able.get(pk, 0) == (0 if card.stale else card.day.free)
    for mode in ("", *MODES):
        check_price(house, asked, mode, now)

    whole = provider.on_day(institution_ids=[pk], age_months=asked.age, day=asked.day, span=None, now=now)[pk].day
    week = provider.week(
        institution_id=pk,
        age_months=asked.age,
        class_kind=None,
        start=TODAY,
        days=7,
        asked_day=asked.day,
        span=span,
        now=now,
    )
    rows = {row.day: row for row in week.days}
    assert rows[asked.day] == card.day
    assert (week.stale, week.confirmed_at) == (card.stale, card.confirmed_at)

    pages = _time_pages(house, asked, now)
    if asked.day <= pages[0].last_day:
        covering = most_telling(_covering(page, asked) for page in pages)
        assert (covering.remaining, covering.problem) == (card.day.free, card.day.problem)
        best = most_telling(page.best(asked.day) for page in pages)
        assert (best.remaining, best.problem) == (whole.free, whole.problem)
    offers = offers_for(house, asked, now)
    assert max((offer.remaining for offer in offers), default=0) == whole.free


def _time_pages(house: House, asked: Asked, now: dt.datetime) -> list[stays.StayChoices]:
    months = asked.day.year * 12 + asked.day.month - 1 - asked.age
    born = dt.date(months // 12, months % 12 + 1, 1)
    return [stays.read_choices(stays.Question(house.institution, born, mode, now)) for mode in BOOKABLE_MODES]


def _covering(page: stays.StayChoices, asked: Asked) -> StayAnswer:
    bucket = page.class_on(asked.day)
    return page.days.best_covering(asked.day, bucket, asked.starts, asked.ends, mode=page.question.mode)
