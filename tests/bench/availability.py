"""Who can take a child at an hour: the directory's answer and the availability query in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from tests.bench.bookings import days
from tests.bench.callers import Stay, book, confirm
from tests.bench.ground import Ground
from tests.bench.inside import (
    Booking,
    BookingAvailability,
    CareNeed,
    District,
    SearchQuery,
    at,
    find_institutions,
    give_places,
    target_institution,
)
from tests.bench.pages import weekday_ahead
from tests.bench.report import Report, percentile
from tests.bench.searches import timed
from tests.bench.servers import serve

ASKED = 40
GROWTH = 300


def bench_availability(report: Report, ground: Ground) -> None:
    """The same question before and after many more bookings."""
    ask = _question()
    before, few = _p95(ask), Booking.objects.count()
    _book_more(ground)
    after, many = _p95(ask), Booking.objects.count()
    figure = f"{before:.1f} ms with {few} bookings, {after:.1f} ms with {many}"
    reached = after <= 80 and after <= before * 1.25 + 3
    report.add("who can take a child: p95", figure, "≤80 ms, no growth", reached, value=round(after, 1))
    core = _p95(_core_question())
    report.add("of it the availability query: p95", f"{core:.1f} ms", value=round(core, 1))


def bench_large_availability(report: Report, ground: Ground) -> None:
    """The question among many institutions that all have places."""
    count = f"{ground.options.institutions:,}"
    for name, ask in (("who can take a child", _question()), ("the availability query of it", _core_question())):
        p95 = _p95(ask)
        report.add(f"{name}, {count} institutions: p95", f"{p95:.1f} ms", value=round(p95, 1))


def _question() -> Callable[[], Any]:
    district = District.objects.get(slug="jianxi")
    asked = CareNeed(age_months=17, day=weekday_ahead(), starts=dt.time(14), ends=dt.time(17))
    centre = (district.centre_latitude, district.centre_longitude)
    query = SearchQuery(district="jianxi", near=centre, radius_km=3, sort="distance")
    now = timezone.now()
    return lambda: find_institutions(query, asked, now=now)


def _core_question() -> Callable[[], Any]:
    day = weekday_ahead()
    span = {"starts_at": at(day, dt.time(14)), "ends_at": at(day, dt.time(17)), "now": timezone.now()}
    provider = BookingAvailability()
    return lambda: provider.institutions_with_places(age_months=17, **span)


def _p95(ask: Callable[[], Any]) -> float:
    for _ in range(3):
        ask()
    return percentile([timed(ask) for _ in range(ASKED)], 0.95)


def _book_more(ground: Ground) -> None:
    """Many more bookings on the very day that is asked about."""
    institution = target_institution()
    day = days(1)[0]
    give_places(institution, day, 2000)
    with serve("cms.wsgi") as site:
        link = site.connect()
        for parent in ground.parents(ground.tokens[-GROWTH:]):
            for start in (8, 9, 10):
                stay = Stay(institution.public_id, day, dt.time(start), dt.time(start + 1))
                status, body = book(link, parent, stay)
                if status == 201:
                    confirm(link, parent, body["id"])
        link.close()
