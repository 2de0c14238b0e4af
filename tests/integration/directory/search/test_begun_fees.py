"""When a fee begins its institution is indexed again, once."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.calendar.times import at
from cms.core.models import OutboxMessage
from directory.register.models import CareProduct
from directory.search import indexing, jobs
from directory.search.models import SearchEntry
from tests.factories.directory import CareProductFactory, InstitutionFactory, ProductFeeFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 12, 1)
DAY = dt.timedelta(days=1)
YESTERDAY = at(TODAY - DAY, dt.time(23, 59))
MORNING = at(TODAY, dt.time(0, 6))


def indexed_at(moment: dt.datetime, *fees: dt.date) -> int:
    """An institution indexed at a moment, with a fee from each of the days on."""
    made = InstitutionFactory(public=True)
    product = CareProductFactory(institution=made)
    for number, day in enumerate(fees):
        ProductFeeFactory(product=product, from_date=day, fee=100 + number)
    indexing.index_institutions([made.pk], now=moment)
    return int(made.pk)


def announced(now: dt.datetime = MORNING) -> list[int]:
    OutboxMessage.objects.all().delete()
    number = jobs.announce_fees(now)
    sent = [row.payload["institutions"] for row in OutboxMessage.objects.filter(topic="search.index")]
    assert number == sum(map(len, sent))
    return [pk for pks in sent for pk in pks]


@pytest.mark.parametrize(
    ("since", "moment", "again"),
    [
        (TODAY, YESTERDAY, True),
        (TODAY, at(TODAY, dt.time(0, 0)), False),
        (TODAY + DAY, YESTERDAY, False),
        (TODAY - DAY, at(TODAY - DAY, dt.time(0, 0)), False),
        (TODAY - DAY, at(TODAY - 2 * DAY, dt.time(23, 59)), True),
        (TODAY - 29 * DAY, at(TODAY - 40 * DAY, dt.time(8)), True),
        (TODAY - 30 * DAY, at(TODAY - 40 * DAY, dt.time(8)), False),
    ],
)
def test_fee_that_began_after_the_indexing_is_announced(since: dt.date, moment: dt.datetime, again: bool) -> None:
    pk = indexed_at(moment, since)

    assert announced() == ([pk] if again else [])


def test_several_are_announced_in_order_each_once() -> None:
    first = indexed_at(YESTERDAY, TODAY)
    second = indexed_at(at(TODAY - 3 * DAY, dt.time(8)), TODAY, TODAY - DAY)
    indexed_at(YESTERDAY)

    assert announced() == [first, second]


def test_price_is_the_new_one_after_it() -> None:
    pk = indexed_at(YESTERDAY, TODAY)
    before = SearchEntry.objects.get().price_from

    indexing.index_institutions(announced(), now=MORNING)

    assert (before, SearchEntry.objects.get(pk=pk).price_from) == (8000, 100)
    assert announced(MORNING + DAY) == []
    assert CareProduct.objects.count() == 1
