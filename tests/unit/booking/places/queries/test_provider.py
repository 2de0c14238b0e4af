from __future__ import annotations

import datetime as dt

import pytest

from booking.places.queries.provider import BookingAvailability
from booking.places.services.freshness import confirm_places
from booking.places.services.generation import generate_cells
from cms.core.calendar.times import at
from directory.districts.class_kinds import CareMode, ClassKind
from directory.register.models import CareProduct
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, open_house, toddler
from tests.factories.directory import ClassGroupFactory, OpeningRuleFactory

pytestmark = pytest.mark.django_db
provider = BookingAvailability()
SPAN = (at(TOMORROW, dt.time(14)), at(TOMORROW, dt.time(17)))


def able(age=17, span=SPAN, ids=None):
    return provider.institutions_with_places(
        age_months=age, starts_at=span[0], ends_at=span[1], now=NOW, institution_ids=ids
    )


def card(house, *, age=17, day=TOMORROW, span=(840, 1020), now=NOW):
    found = provider.cards(institutions=[house.institution], age_months=age, day=day, span=span, now=now)
    return found[house.institution.pk]


def test_places_are_the_least_over_the_span():
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child, starts=dt.time(16), ends=dt.time(17))

    assert able() == {house.institution.pk: 5}
    assert able(span=(at(TOMORROW, dt.time(9)), at(TOMORROW, dt.time(10)))) == {house.institution.pk: 6}


def test_span_reaching_beyond_closing_finds_nobody():
    open_house()

    assert able(span=(at(TOMORROW, dt.time(17)), at(TOMORROW, dt.time(19)))) == {}


def test_ids_narrow_the_answer():
    first, second = open_house(), open_house()

    assert able(ids=[second.institution.pk]) == {second.institution.pk: 6}
    assert able(ids=[]) == {}
    assert able().keys() == {first.institution.pk, second.institution.pk}


def test_mixed_class_stands_in_only_where_the_own_class_is_not_run():
    mixed = open_house(kind=ClassKind.MIXED)
    both = open_house(kind=ClassKind.MIXED)
    group = ClassGroupFactory(institution=both.institution, kind=ClassKind.TODDLER)
    OpeningRuleFactory(class_group=group, weekday=(TOMORROW.weekday() + 1) % 7)
    generate_cells(institution_ids=[both.institution.pk], now=NOW)

    assert able(age=20) == {mixed.institution.pk: 6}
    assert able(age=17) == {}


def test_stale_places_and_times_that_have_begun_do_not_count():
    house = open_house()
    confirm_places(institution=house.institution, actor=None, now=NOW - dt.timedelta(days=4))
    open_house()

    assert len(able()) == 1
    assert able(span=(NOW, NOW + dt.timedelta(hours=1))) == {}


def test_fixed_windows_need_the_whole_window():
    house = open_house(regular_places=9)
    CareProduct.objects.filter(institution=house.institution).exclude(mode=CareMode.FULL_DAY).delete()
    assert able() == {house.institution.pk: 1}
    CareProduct.objects.filter(institution=house.institution).update(active=False)
    assert able() == {}


def test_best_on_day_is_the_most_at_one_time():
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child)

    assert provider.best_on_day(age_months=17, day=TOMORROW) == {house.institution.pk: 6}
    assert provider.best_on_day(age_months=None, day=TOMORROW) == {house.institution.pk: 6}
    assert provider.best_on_day(age_months=30, day=TOMORROW) == {}


def test_card_says_how_many_places():
    many, few = card(open_house()), card(open_house(regular_places=8))

    assert (many.words, many.tone, many.remaining) == ("有 6 位", "yes", 6)
    assert (few.words, few.tone, few.remaining) == ("仅 2 位", "few", 2)
    assert "按当班 2 人计算" in many.stamp
    assert many.ribbon.count("mine") == 6


def test_card_says_why_not():
    house = open_house(kind=ClassKind.SENIOR_TODDLER, places=10)

    assert card(house).words == "宝宝满 24 个月后可预约（2027年6月）"
    assert card(open_house(regular_places=10)).words == "已满"
    assert card(open_house(), day=TODAY + dt.timedelta(days=40)).words == "这天不开放"


def test_card_of_stale_places_asks_to_call():
    house = open_house()
    confirm_places(institution=house.institution, actor=None, now=NOW - dt.timedelta(days=4))

    stale = card(house)

    assert (stale.words, stale.tone, stale.stale) == ("请电话确认", "no", True)
    assert stale.stamp == "空位 4 天未更新，不作准"
    assert "ribbon--stale" in stale.ribbon


def test_cards_use_three_queries_whatever_their_number(django_assert_num_queries):
    one = [open_house().institution]
    three = [*one, open_house().institution, open_house().institution]
    for institutions in (one, three):
        with django_assert_num_queries(3):
            provider.cards(institutions=institutions, age_months=17, day=TOMORROW, span=(840, 1020), now=NOW)


def test_week_has_a_row_a_day(django_assert_num_queries):
    house = open_house()

    with django_assert_num_queries(2):
        week = provider.week(
            institution_id=house.institution.pk,
            kinds_run={"toddler"},
            age_months=17,
            class_kind=None,
            start=TODAY,
            days=7,
            mine=(TOMORROW, 840, 1020),
            now=NOW,
        )

    assert [row.words for row in week.days] == ["6 位"] * 7
    assert (week.class_kind, week.reason, week.stale) == ("toddler", "", False)
    assert week.days[1].ribbon.count("mine") == 6
