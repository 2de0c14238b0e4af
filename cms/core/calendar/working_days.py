"""Working days on the staff-edited calendar: weekends, public holidays, make-up days (调休).

Counting: the day of receipt is day 0, rest days are skipped, make-up working days count. A year nobody
has entered yet is counted by weekends alone, and the answer says so.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from cms.core.errors import InvalidInput
from cms.core.models import CalendarDay
from cms.core.saving import check_and_save

HOLIDAYS_FILE = Path(__file__).parent / "data" / "holidays.csv"
HOLIDAYS_SOURCE = "国务院办公厅关于2026年部分节假日安排的通知"
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DueDate:
    """A last day, and the years on the way whose holidays have not been entered."""

    date: dt.date
    missing_years: tuple[int, ...]


def add_working_days(start: dt.date, days: int) -> DueDate:
    """The ``days``-th working day after ``start`` (``start`` is day 0; at least 1 day)."""
    if days < 1:
        raise ValueError("at least one working day")
    kinds = _kinds(start, start + dt.timedelta(days=days * 3 + 30))
    date = start
    while days:
        date += dt.timedelta(days=1)
        days -= is_working_day(date, kinds)
    entered = entered_years()
    years = range(start.year, date.year + 1)
    return DueDate(date, tuple(year for year in years if year not in entered))


def is_working_day(date: dt.date, kinds: dict[dt.date, str]) -> bool:
    """Whether people work that day; ``kinds`` are the days that differ from the plain week."""
    kind = kinds.get(date)
    if kind is None:
        return date.weekday() < SATURDAY
    return kind == CalendarDay.Kind.WORKDAY


def entered_years() -> set[int]:
    """Years with at least one entered day: the others are not announced yet."""
    return set(CalendarDay.objects.values_list("date__year", flat=True).distinct())


@transaction.atomic
def save_day(
    *, values: dict[str, Any], day: CalendarDay | None = None, actor: AbstractBaseUser | None = None
) -> CalendarDay:
    """Enter or correct a holiday or make-up day. Raises ``InvalidInput`` with one message per field."""
    row = day or CalendarDay()
    for name in ("date", "kind", "name", "source"):
        if name in values:
            setattr(row, name, values[name])
    check_and_save(row, _check_day)
    log(instance=row, action="wagtail.edit" if day else "wagtail.create", user=actor, content_changed=True)
    return row


def _check_day(row: CalendarDay) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        fields = {name: " ".join(messages) for name, messages in error.message_dict.items()}
        if "date" in fields and CalendarDay.objects.filter(date=row.date).exclude(pk=row.pk).exists():
            fields["date"] = str(_("这一天已经登记过，请修改原来的那一条。"))
        raise InvalidInput(next(iter(fields.values())), fields=fields) from error


@transaction.atomic
def remove_day(*, day: CalendarDay, actor: AbstractBaseUser | None = None) -> None:
    """Take a day away that was entered by mistake."""
    log(instance=day, action="wagtail.delete", user=actor)
    day.delete()


def setup_calendar() -> int:
    """Enter the announced days that come with the code; days staff have entered stay. Returns how many are new."""
    known = set(CalendarDay.objects.values_list("date", flat=True))
    rows = [row for row in _file_rows() if row.date not in known]
    CalendarDay.objects.bulk_create(rows)
    return len(rows)


def _file_rows() -> Iterable[CalendarDay]:
    with HOLIDAYS_FILE.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            yield CalendarDay(
                date=dt.date.fromisoformat(row["date"]),
                kind=row["kind"],
                name=row["name"],
                source=HOLIDAYS_SOURCE,
            )


def _kinds(first: dt.date, last: dt.date) -> dict[dt.date, str]:
    return dict(CalendarDay.objects.filter(date__range=(first, last)).values_list("date", "kind"))
