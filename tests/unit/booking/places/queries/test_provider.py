"""What booking answers to the directory's questions; who can take a child at all is in test_who_can."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import CapacityPool
from booking.places.queries.provider import BookingAvailability
from booking.places.services.freshness import confirm_places
from cms.core.calendar.times import at
from directory.districts.class_kinds import CareMode, ClassKind
from directory.register.models import CareProduct, ClosingDay
from directory.register.ports import BookingRules, PricedStay
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, full_house, open_house, toddler

pytestmark = pytest.mark.django_db
provider = BookingAvailability()


def card(house, *, age=17, day=TOMORROW, span=(840, 1020), now=NOW, mode=""):
    pk = house.institution.pk
    return provider.on_day(institution_ids=[pk], age_months=age, day=day, span=span, now=now, mode=mode)[pk]


def week(house, *, age=17, kind=None, start=TODAY, days=7, asked_day=None, span=None, now=NOW):
    return provider.week(
        institution_id=house.institution.pk,
        age_months=age,
        class_kind=kind,
        start=start,
        days=days,
        asked_day=asked_day,
        span=span,
        now=now,
    )


def test_card_answers_the_asked_span_else_the_whole_day():
    house = full_house()
    user, child = toddler()
    booked(house, user=user, child=child)

    assert (card(house).day.free, card(house, span=None).day.free) == (8, 9)
    assert card(house, age=30).day.free == 4
    assert card(house).day.remaining[840] == 8
    assert card(house).day.remaining[780] == 9
    assert (card(house).day.day, card(house).day.step, card(house).day.problem) == (TOMORROW, 30, "")


@pytest.mark.parametrize(
    ("mode", "free", "stay"),
    [
        ("", 9, PricedStay(780, 840, 1800)),
        ("hourly", 9, PricedStay(780, 840, 1800)),
        ("temporary", 9, PricedStay(780, 840, 2000)),
        ("full_day", 6, PricedStay(480, 1080, 8000)),
        ("half_day", 0, None),
    ],
)
def test_card_answers_in_the_asked_mode_with_its_cheapest_stay(mode, free, stay):
    house = full_house()
    found = card(house, span=(780, 840), mode=mode)

    assert (found.day.free, found.stay) == (free, stay)
    assert card(house, span=None, mode=mode).stay is None
    assert (card(house, span=None, mode=mode).day.free > 0) is True


def test_full_hours_and_an_age_nobody_takes_have_no_stay():
    house = open_house()
    assert card(house, age=40).stay is None
    house.institution.capacity_pools.get(bucket="all").cells.update(target=0, capacity=0)

    assert card(house).stay is None


@pytest.mark.parametrize(
    ("age", "kind", "caregivers", "first", "problem"),
    [
        (17, "toddler", 3, None, ""),
        (30, "mixed", 1, None, ""),
        (8, "infant", 1, None, ""),
        (5, None, 0, 6, "age"),
        (36, None, 0, None, "age"),
        (None, None, 0, None, ""),
    ],
)
def test_card_names_the_class_of_the_age(age, kind, caregivers, first, problem):
    found = card(full_house(), age=age)

    assert (found.class_kind, found.caregivers, found.first_month, found.day.problem) == (
        kind,
        caregivers,
        first,
        problem,
    )
    assert found.has_classes is True
    # Whoever is too young still sees when the house is open and how full it is.
    assert found.day.remaining[840] == (3 if age == 8 else 4 if age == 30 else 9)


def test_card_says_when_the_age_is_taken_next():
    assert card(open_house(kind=ClassKind.SENIOR_TODDLER)).first_month == 24


def test_card_without_classes():
    house = open_house()
    CapacityPool.objects.filter(institution=house.institution).update(active=False)

    found = card(house)

    assert (found.has_classes, dict(found.day.remaining), found.day.free) == (False, {}, 0)


@pytest.mark.parametrize(
    ("age", "hours"), [(17, (540, 720)), (30, (480, 1080)), (5, (480, 1080)), (None, (480, 1080)), (36, (480, 1080))]
)
def test_card_has_the_hours_of_the_class_it_shows(age, hours):
    house = full_house()
    cells = house.institution.capacity_pools.get(bucket="toddler").cells
    cells.exclude(starts_at__gte=at(TOMORROW, dt.time(9, 30)), starts_at__lt=at(TOMORROW, dt.time(11, 30))).delete()

    assert card(house, age=age).hours == hours


def test_card_of_a_closed_day_has_usual_hours():
    house = open_house()
    ClosingDay.objects.create(institution=house.institution, date=TOMORROW, reason="消毒", created_at=NOW)

    assert card(house).hours == (480, 1080)


def test_card_of_stale_places_keeps_its_numbers_and_says_so():
    house = open_house()
    then = NOW - dt.timedelta(days=4)
    confirm_places(institution=house.institution, actor=None, now=then)

    found = card(house)

    assert (found.stale, found.confirmed_at, found.day.free) == (True, then, 6)


@pytest.mark.parametrize(
    ("day", "now", "span", "problem", "earliest"),
    [
        (TODAY, at(TODAY, dt.time(13)), (840, 1020), "too_late", 780),
        (TODAY, at(TODAY, dt.time(12)), (840, 1020), "", 720),
        (TOMORROW, NOW, (840, 870), "too_short", 0),
        (TOMORROW, NOW, (1050, 1140), "outside_hours", 0),
        (TODAY + dt.timedelta(days=15), NOW, (840, 1020), "too_early", 1440),
        (TODAY + dt.timedelta(days=15), NOW, None, "too_early", 1440),
        (TODAY, at(TODAY, dt.time(16)), None, "", 960),
        (TODAY, at(TODAY, dt.time(16, 1)), None, "too_late", 1440),
    ],
)
def test_card_says_why_there_is_no_place(day, now, span, problem, earliest):
    house = open_house()
    CareProduct.objects.filter(institution=house.institution, mode__in=[CareMode.FULL_DAY, CareMode.HALF_DAY]).delete()
    if span:
        CareProduct.objects.filter(institution=house.institution, mode=CareMode.TEMPORARY).delete()
        earliest = min(1440, earliest + 120) if 0 < earliest < 1440 else earliest

    found = card(house, day=day, now=now, span=span).day

    assert (found.problem, found.bookable_from) == (problem, earliest)
    assert (found.free == 0) == bool(problem)


@pytest.mark.parametrize("count", [1, 3])
def test_cards_use_two_queries_whatever_their_number(django_assert_num_queries, count):
    ids = [open_house(days=2).institution.pk for _ in range(count)]

    with django_assert_num_queries(2):
        found = provider.on_day(institution_ids=ids, age_months=17, day=TOMORROW, span=(840, 1020), now=NOW)

    assert [found[pk].day.free for pk in ids] == [6] * count


def test_week_has_a_row_per_day_and_answers_the_asked_one(django_assert_num_queries):
    house = full_house(days=7)
    user, child = toddler()
    booked(house, user=user, child=child)

    with django_assert_num_queries(2):
        found = week(house, asked_day=TOMORROW, span=(840, 1020))

    assert [row.day for row in found.days] == [TODAY + dt.timedelta(days=number) for number in range(7)]
    assert [row.free for row in found.days] == [9, 8, 9, 9, 9, 9, 9]
    assert [row.free for row in week(house).days] == [9] * 7
    assert (found.class_kind, found.problem, found.first_month, found.stale) == ("toddler", "", None, False)
    assert (found.hours, found.confirmed_at) == ((480, 1080), NOW)


@pytest.mark.parametrize(
    ("age", "kind", "shown", "free"),
    [
        (17, None, "toddler", 9),
        (17, "mixed", "mixed", 4),
        (None, "infant", "infant", 3),
        (None, None, None, 9),
        (17, "senior_toddler", "toddler", 9),
        (5, "infant", "infant", 3),
    ],
)
def test_week_shows_the_chosen_class_where_it_is_run(age, kind, shown, free):
    found = week(full_house(), age=age, kind=kind, days=2)

    assert (found.class_kind, [row.free for row in found.days]) == (shown, [free, free])


def test_week_of_an_age_that_nobody_takes():
    found = week(open_house(kind=ClassKind.SENIOR_TODDLER))

    assert (found.problem, found.first_month, found.class_kind) == ("age", 24, None)
    assert {row.problem for row in found.days} == {"age"}


def test_week_knows_closing_days_and_lines_up_its_hours():
    house = open_house(days=3)
    ClosingDay.objects.create(institution=house.institution, date=TOMORROW, reason="消毒", created_at=NOW)
    pools = house.institution.capacity_pools.all()
    for pool in pools:
        pool.cells.filter(starts_at__lt=at(TODAY, dt.time(9, 30))).delete()

    found = week(house, days=3)

    assert [(row.problem, row.free, len(row.remaining)) for row in found.days] == [
        ("", 6, 17),
        ("closed", 0, 0),
        ("", 6, 20),
    ]
    assert found.hours == (480, 1080)
    assert week(house, days=1).hours == (540, 1080)


def test_no_week_where_no_places_are_kept():
    house = open_house()
    CapacityPool.objects.filter(institution=house.institution).update(active=False)

    assert week(house) is None
    nowhere = {"institution_id": 0, "age_months": 17, "class_kind": None, "start": TODAY, "days": 7}
    assert provider.week(**nowhere, asked_day=None, span=None, now=NOW) is None


def take_all(house, day, *, before=24 * 60) -> None:
    """No place is left that day at starts before a minute."""
    last = at(day, dt.time(*divmod(before, 60))) if before < 24 * 60 else at(day, dt.time.max)
    for pool in house.institution.capacity_pools.all():
        pool.cells.filter(starts_at__gte=at(day, dt.time.min), starts_at__lt=last).update(target=0, capacity=0)


@pytest.mark.parametrize(
    ("full", "asked", "span", "other"),
    [
        # With a place on the asked day, or without a day, no other is named.
        ([], 1, (840, 1020), None),
        ([], 1, None, None),
        ([1], None, None, None),
        # A later day before an earlier one, the nearest of each.
        ([1], 1, (840, 1020), (2, 9)),
        ([1], 1, None, (2, 9)),
        ([1, 2], 1, (840, 1020), (3, 9)),
        ([1, 2, 3], 1, (840, 1020), (0, 9)),
        ([2, 3], 2, None, (1, 9)),
        ([0, 1, 2, 3], 1, None, None),
    ],
)
def test_week_names_the_nearest_day_with_places_beside_a_full_one(full, asked, span, other):
    house = full_house(days=4)
    days = [TODAY + dt.timedelta(days=number) for number in range(4)]
    for number in full:
        take_all(house, days[number])

    found = week(house, days=4, asked_day=None if asked is None else days[asked], span=span)

    assert found.other_day == (None if other is None else (days[other[0]], other[1]))


def test_the_other_day_answers_the_asked_minutes():
    house = full_house(days=3)
    take_all(house, TOMORROW)
    take_all(house, TOMORROW + dt.timedelta(days=1), before=16 * 60)

    later = week(house, days=3, asked_day=TOMORROW, span=(960, 1080)).other_day

    assert later == (TOMORROW + dt.timedelta(days=1), 6)
    assert week(house, days=3, asked_day=TOMORROW, span=(840, 1020)).other_day == (TODAY, 9)


def test_rules_are_data(django_assert_num_queries):
    saved = {"opens_days_ahead": 7, "cutoff_minutes": 90, "temporary_cutoff_minutes": 30, "minimum_minutes": 120}
    more = {"step_minutes": 60, "free_cancel_days_before": 2, "free_cancel_clock": dt.time(9), "needs_acceptance": True}
    house = open_house(policy=saved | more)

    with django_assert_num_queries(1):
        found = provider.rules(institution_id=house.institution.pk, now=NOW)
    assert found == BookingRules(raster_minutes=30, **saved, **more, needs_answer=True)
    assert provider.rules(institution_id=0, now=NOW) == BookingRules(
        30, 14, 120, 0, 60, 30, 1, dt.time(14), False, True
    )


@pytest.mark.parametrize(
    ("decides", "days", "needs_answer"),
    [(False, 3, False), (False, 4, True), (True, 3, True), (True, 4, True)],
)
def test_answer_is_needed_where_places_are_stale_or_the_institution_decides(decides, days, needs_answer):
    house = open_house(policy={"needs_acceptance": decides})
    confirm_places(institution=house.institution, actor=None, now=NOW - dt.timedelta(days=days))
    pk = house.institution.pk

    card = provider.on_day(institution_ids=[pk], age_months=17, day=TODAY, span=None, now=NOW)[pk]

    assert card.needs_answer is needs_answer
    assert week(house).needs_answer is needs_answer
    assert provider.rules(institution_id=pk, now=NOW).needs_answer is needs_answer
    assert provider.rules(institution_id=pk, now=NOW).needs_acceptance is decides
