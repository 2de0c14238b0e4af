"""What is refused where an equal row was saved between the check and the saving."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError

from cms.core.errors import InvalidInput
from cms.core.models import CalendarDay
from cms.core.saving import check_and_save
from directory.districts.models import District
from tests.factories.directory import DistrictFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 10, 1)


def a_day() -> CalendarDay:
    return CalendarDay(date=DAY, kind="holiday", name="国庆节", source="x")


def refuse_second(row: CalendarDay) -> None:
    if CalendarDay.objects.filter(date=row.date).exists():
        raise InvalidInput("second")


def test_first_row_is_saved() -> None:
    check_and_save(a_day(), refuse_second)

    assert CalendarDay.objects.get().date == DAY


def test_row_whose_twin_was_saved_meanwhile_is_refused_in_the_words_of_the_check() -> None:
    DistrictFactory()
    twins = [a_day()]

    def check(row: CalendarDay) -> None:
        refuse_second(row)
        if twins:
            twins.pop().save()  # by somebody else, after the look

    with pytest.raises(InvalidInput) as refused:
        check_and_save(a_day(), check)

    assert str(refused.value) == "second"
    assert (District.objects.count(), CalendarDay.objects.count()) == (1, 1)


def test_what_the_check_has_no_words_for_stays_an_error() -> None:
    a_day().save()

    with pytest.raises(IntegrityError):
        check_and_save(a_day(), lambda row: None)

    assert CalendarDay.objects.count() == 1
