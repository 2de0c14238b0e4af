"""The day-and-time page of the parent's flow: a strip of days, and the stays of the chosen one.

Everything is counted from one reading of the places (:class:`Ground`), so the strip, the ribbon and the choices never
contradict each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from booking.care.queries.steps import products_of
from booking.places.models import BookingPolicy
from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.queries.buckets import bucket_for, kinds_run
from booking.places.queries.offers import Offer, OfferTerms, offers_of
from booking.places.queries.places import PlaceCell, PoolCells, Span, bucket_cells, by_day, read_spans
from booking.places.queries.policy import duration_in_words, policy_of
from booking.places.queries.windows import fixed_windows
from booking.places.stay_rules import last_call, last_day, price, stay_problem
from cms.core.calendar.times import age_in_months, at, day_bounds, local, local_date, minutes_of
from directory.districts.class_kinds import CareMode
from directory.register.models import CareProduct, ClosingDay, Institution

STRIP_DAYS = 14
#: Stays that parents ask for by name, offered beside the free choice of hours.
COMMON_HOURS = (
    (dt.time(8), dt.time(10)),
    (dt.time(9), dt.time(11, 30)),
    (dt.time(14), dt.time(17)),
    (dt.time(15), dt.time(18)),
)


@dataclass(frozen=True, slots=True)
class Question:
    """Who is to be looked after where and how."""

    institution: Institution
    birth_date: dt.date
    mode: str
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return local_date(self.now)


@dataclass(frozen=True, slots=True)
class DayChoice:
    """A day of the strip: its word (「4位」「满」「休」) and whether anything can be booked."""

    day: dt.date
    note: str
    places: int


@dataclass(frozen=True, slots=True)
class Window:
    """A stay on the chosen day; ``off`` says why it can't be had, empty where it can."""

    product: CareProduct
    starts_at: dt.datetime
    ends_at: dt.datetime
    amount: int
    remaining: int
    off: str

    @property
    def value(self) -> str:
        """What the form sends for it."""
        clocks = f"{at_clock(self.starts_at):%H:%M}|{at_clock(self.ends_at):%H:%M}"
        return f"{self.product.public_id}|{clocks}"

    @property
    def hours(self) -> str:
        """「3 小时」"""
        return duration_in_words(int((self.ends_at - self.starts_at).total_seconds() // 60)).strip()


@dataclass(slots=True)
class Ground:
    """One reading of everything that decides the page: five queries, whatever the number of days."""

    question: Question
    policy: BookingPolicy
    kinds: set[str]
    products: list[CareProduct]
    spans: Mapping[str, Sequence[Span]]
    closed: set[dt.date]
    _by_bucket: dict[str, dict[dt.date, list[PlaceCell]]] = field(default_factory=dict)
    _offers: dict[dt.date, list[Offer]] = field(default_factory=dict)

    @property
    def last_day(self) -> dt.date:
        return last_day(self.policy, self.question.now)

    def takes_age(self, day: dt.date) -> bool:
        """Whether some class takes the child on the day."""
        return self._bucket(day) is not None

    def cells(self, day: dt.date) -> list[PlaceCell]:
        """Places for this child on the day; none where it is closed or too young."""
        bucket = self._bucket(day)
        if bucket is None or day in self.closed or not self.question.institution.takes_bookings:
            return []
        if bucket not in self._by_bucket:
            self._by_bucket[bucket] = by_day(bucket_cells(self.spans, bucket))
        return self._by_bucket[bucket].get(day, [])

    def offers(self, day: dt.date) -> list[Offer]:
        """What can be booked on the day in the asked mode."""
        if day not in self._offers:
            terms = OfferTerms(policy=self.policy, day=day, now=self.question.now)
            self._offers[day] = offers_of(self.products, PoolCells(self.cells(day)), terms)
        return self._offers[day]

    def _bucket(self, day: dt.date) -> str | None:
        return bucket_for(self.kinds, age_in_months(self.question.birth_date, day))


def read_ground(question: Question) -> Ground:
    """Read rules, products, classes, closing days and all places up to the last day that can be booked."""
    institution = question.institution
    policy = policy_of(institution.pk)
    until = last_day(policy, question.now)
    kinds = kinds_run(institution)
    spans = read_spans(
        institution_ids=[institution.pk],
        starts_at=day_bounds(question.today)[0],
        ends_at=day_bounds(until)[1],
        buckets=(*sorted(kinds), HOUSE_BUCKET),
    )
    closing = ClosingDay.objects.filter(institution_id=institution.pk, date__range=(question.today, until))
    return Ground(
        question=question,
        policy=policy,
        kinds=kinds,
        products=[product for product in products_of(institution) if product.mode == question.mode],
        spans=spans.get(institution.pk, {}),
        closed=set(closing.values_list("date", flat=True)),
    )


def strip(ground: Ground, *, around: dt.date | None, span: tuple[dt.time, dt.time] | None) -> list[DayChoice]:
    """Fourteen days: from today, or the later stretch that holds ``around``."""
    today, last = ground.question.today, ground.last_day
    ahead = (around - today).days if around and today <= around <= last else 0
    first = today + dt.timedelta(days=ahead // STRIP_DAYS * STRIP_DAYS)
    length = min(STRIP_DAYS, (last - first).days + 1)
    return [_day_choice(ground, first + dt.timedelta(days=offset), span) for offset in range(length)]


def first_open_day(ground: Ground) -> dt.date | None:
    """The next day on which anything can be booked in this mode."""
    days = (ground.last_day - ground.question.today).days + 1
    candidates = (ground.question.today + dt.timedelta(days=offset) for offset in range(days))
    return next((day for day in candidates if ground.offers(day)), None)


def windows(ground: Ground, day: dt.date) -> list[Window]:
    """The stays of the day to choose from: fixed windows, or the common hours where hours are free.

    Where two products have the same window, the cheaper one stands for it.
    """
    found: dict[tuple[dt.datetime, dt.datetime], Window] = {}
    for product in ground.products:
        for starts_at, ends_at in _stays(product, ground.policy, day):
            found.setdefault((starts_at, ends_at), window(ground, product, starts_at, ends_at))
    return [found[stay] for stay in sorted(found)]


def window(ground: Ground, product: CareProduct, starts_at: dt.datetime, ends_at: dt.datetime) -> Window:
    """One stay with its price, its places, or the reason why not."""
    cells = ground.cells(local_date(starts_at))
    remaining = PoolCells(cells).remaining(starts_at, ends_at)
    off = "" if remaining else _("已满")
    if not _is_covered(cells, starts_at, ends_at):
        off = _("这段时间不开放")
    elif ground.question.now > last_call(ground.policy, product.mode, starts_at):
        off = _("已过最晚预约时间")
    amount = price(product, ground.policy, starts_at, ends_at)
    return Window(product, starts_at, ends_at, amount, remaining, off)


def free_hours(ground: Ground, day: dt.date, span: tuple[dt.time, dt.time]) -> Window | None:
    """A freely chosen stay as a window; None where no product has such a stay."""
    starts_at, ends_at = at(day, span[0]), at(day, span[1])
    for product in ground.products:
        if stay_problem(product, ground.policy, starts_at, ends_at, day) is None:
            return window(ground, product, starts_at, ends_at)
    return None


def hour_choices(ground: Ground, day: dt.date) -> tuple[list[dt.time], list[dt.time]]:
    """The clock times to come and to go: every start that still has a stay, every end that one of them reaches."""
    offers = ground.offers(day)
    step = dt.timedelta(minutes=ground.policy.step_minutes)
    starts = {at_clock(offer.starts_at) for offer in offers}
    ends: set[dt.time] = set()
    for offer in offers:
        moment = offer.ends_at
        while moment <= (offer.max_ends_at or offer.ends_at):
            ends.add(at_clock(moment))
            moment += step
    return sorted(starts), sorted(ends)


def opening_hours(ground: Ground) -> set[dt.time]:
    """Every clock time of the raster within the hours of the products, free or not."""
    raster = ground.policy.raster_minutes
    minutes = {
        minute
        for product in ground.products
        for minute in range(minutes_of(product.starts), minutes_of(product.ends) + 1, raster)
    }
    return {dt.time(minute // 60, minute % 60) for minute in minutes if minute < 24 * 60}


def at_clock(moment: dt.datetime) -> dt.time:
    """The wall clock of the site, without its zone."""
    return local(moment).time()


def _stays(product: CareProduct, policy: BookingPolicy, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
    if product.mode != CareMode.HOURLY:
        return list(fixed_windows(product, day))
    common = [(at(day, starts), at(day, ends)) for starts, ends in COMMON_HOURS]
    return [stay for stay in common if stay_problem(product, policy, *stay, day) is None]


def _is_covered(cells: Sequence[PlaceCell], starts_at: dt.datetime, ends_at: dt.datetime) -> bool:
    inside = [cell for cell in cells if starts_at <= cell.starts_at and cell.ends_at <= ends_at]
    return sum((cell.ends_at - cell.starts_at for cell in inside), dt.timedelta()) == ends_at - starts_at


def _day_choice(ground: Ground, day: dt.date, span: tuple[dt.time, dt.time] | None) -> DayChoice:
    if not ground.takes_age(day):
        return DayChoice(day, _("月龄外"), 0)
    if not ground.cells(day):
        return DayChoice(day, _("休"), 0)
    offers = ground.offers(day)
    if not offers:
        return DayChoice(day, _("已过") if _is_over(ground, day) else _("满"), 0)
    places = max(offer.remaining for offer in offers)
    asked = PoolCells(ground.cells(day)).remaining(at(day, span[0]), at(day, span[1])) if span else 0
    return DayChoice(day, _("%d位") % (asked or places), asked or places)


def _is_over(ground: Ground, day: dt.date) -> bool:
    """Whether the last stay of the day can't be booked any more because of the hour."""
    starts = [start for product in ground.products for start, _end in fixed_windows(product, day)]
    if ground.question.mode == CareMode.HOURLY:
        shortest = dt.timedelta(minutes=ground.policy.minimum_minutes)
        starts = [at(day, product.ends) - shortest for product in ground.products]
    return bool(starts) and ground.question.now > last_call(ground.policy, ground.question.mode, max(starts))
