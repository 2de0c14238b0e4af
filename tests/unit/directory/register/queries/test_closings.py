"""Rows of one act that follow one another are one closing."""

from __future__ import annotations

import datetime as dt

import pytest

from directory.register.models import ClosingDay
from directory.register.queries.closings import closings_of, grouped
from tests.factories.directory import ClosingDayFactory, InstitutionFactory

NOW = dt.datetime(2026, 11, 26, 2, tzinfo=dt.UTC)
DAY = dt.date(2026, 12, 1)


def row(number: int, pk: int = 0, **more: object) -> ClosingDay:
    values = {"pk": pk or number + 1, "reason": "春节", "created_at": NOW, "from_minute": 0, "to_minute": 1440}
    return ClosingDay(date=DAY + dt.timedelta(days=number), class_kind="", **{**values, **more})


def spans(rows: list[ClosingDay]) -> list[tuple[int, int]]:
    return [((each.first - DAY).days, (each.last - DAY).days) for each in grouped(rows)]


def test_days_without_a_gap_are_one_and_a_gap_parts_them() -> None:
    assert spans([row(2), row(0), row(1), row(4)]) == [(0, 2), (4, 4)]
    assert grouped([row(1), row(0)])[0].part.date == DAY


@pytest.mark.parametrize(
    "other",
    [
        {"reason": "消毒"},
        {"created_at": NOW + dt.timedelta(seconds=1)},
        {"from_minute": 720},
        {"to_minute": 720},
        {"class_kind": "toddler"},
    ],
)
def test_other_acts_parts_and_classes_are_lines_of_their_own(other: dict[str, object]) -> None:
    different = row(1)
    for name, value in other.items():
        setattr(different, name, value)

    assert spans([row(0), different]) == [(0, 0), (1, 1)]


def test_lines_are_in_order_of_day_then_hour_then_entry() -> None:
    afternoon, morning = row(1, pk=1, from_minute=720), row(1, pk=3, to_minute=720)
    again = row(1, pk=2, to_minute=720, created_at=NOW + dt.timedelta(hours=1))
    first = row(0, pk=4)

    assert [each.part.pk for each in grouped([afternoon, morning, first, again])] == [4, 2, 3, 1]
    assert [len(each.days) for each in grouped([afternoon, morning, first, again])] == [1, 1, 1, 1]


@pytest.mark.django_db
def test_closings_of_an_institution_from_a_day_on(django_assert_num_queries) -> None:
    house = InstitutionFactory(public=True)
    for number in (-1, 0, 1):
        ClosingDayFactory(institution=house, date=DAY + dt.timedelta(days=number))
    ClosingDayFactory(date=DAY)

    with django_assert_num_queries(1):
        found = closings_of(house, DAY)

    assert [(each.first, each.last) for each in found] == [(DAY, DAY + dt.timedelta(days=1))]
