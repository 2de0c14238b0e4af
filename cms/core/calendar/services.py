"""The days that staff enter: public holidays and make-up days (调休)."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from cms.core.calendar.notice import NoticeDay
from cms.core.errors import InvalidInput, NotFound
from cms.core.models import CalendarDay
from cms.core.saving import check_and_save

HOLIDAYS_FILE = Path(__file__).parent / "data" / "holidays.csv"
HOLIDAYS_SOURCE = "国务院办公厅关于2026年部分节假日安排的通知"


@dataclass(frozen=True, slots=True)
class ComparedDay:
    """A day that was read, and what is entered for it so far."""

    day: NoticeDay
    known: CalendarDay | None

    @property
    def is_same(self) -> bool:
        """Whether nothing is to be written."""
        return self.known is not None and (self.known.kind, self.known.name) == (self.day.kind, self.day.name)


class DayRemoved(NotFound):
    """Somebody has taken the day away since it was shown."""

    message = _("这一天已被删除，请重新登记。")


@transaction.atomic
def save_day(
    *, values: dict[str, Any], day: CalendarDay | None = None, actor: AbstractBaseUser | None = None
) -> CalendarDay:
    """Enter or correct a holiday or make-up day; what ``values`` leave out stays as it is now.

    Raises ``InvalidInput`` with one message per field, ``DayRemoved``.
    """
    row = _lock(day) if day else CalendarDay()
    for name in ("date", "kind", "name", "source"):
        if name in values:
            setattr(row, name, values[name])
    check_and_save(row, _check_day)
    log(instance=row, action="wagtail.edit" if day else "wagtail.create", user=actor, content_changed=True)
    return row


@transaction.atomic
def remove_day(*, day: CalendarDay, actor: AbstractBaseUser | None = None) -> None:
    """Take a day away that was entered by mistake. Raises ``DayRemoved``."""
    row = _lock(day)
    log(instance=row, action="wagtail.delete", user=actor)
    row.delete()


def compare_days(days: Iterable[NoticeDay]) -> list[ComparedDay]:
    """The days of a notice beside what is entered."""
    wanted = list(days)
    known = CalendarDay.objects.in_bulk([day.date for day in wanted], field_name="date")
    return [ComparedDay(day, known.get(day.date)) for day in wanted]


@transaction.atomic
def save_days(*, days: Iterable[NoticeDay], source: str, actor: AbstractBaseUser | None = None) -> int:
    """Enter the days of a notice, all or none; returns how many were new or changed. Raises ``InvalidInput``."""
    written = 0
    for compared in compare_days(days):
        if compared.is_same:
            continue
        day = compared.day
        values = {"date": day.date, "kind": day.kind, "name": day.name, "source": source}
        save_day(values=values, day=compared.known, actor=actor)
        written += 1
    return written


def setup_calendar() -> int:
    """Enter the announced days that come with the code; days staff have entered stay, also those entered meanwhile.

    Returns how many were missing.
    """
    known = set(CalendarDay.objects.values_list("date", flat=True))
    rows = [row for row in _file_rows() if row.date not in known]
    CalendarDay.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _lock(day: CalendarDay) -> CalendarDay:
    """The day as it is now; nobody else changes it until the transaction ends."""
    row = CalendarDay.objects.select_for_update(no_key=True).filter(pk=day.pk).first()
    if row is None:
        raise DayRemoved
    return row


def _check_day(row: CalendarDay) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        fields = {name: " ".join(messages) for name, messages in error.message_dict.items()}
        if "date" in fields and CalendarDay.objects.filter(date=row.date).exclude(pk=row.pk).exists():
            fields["date"] = str(_("这一天已经登记过，请修改原来的那一条。"))
        raise InvalidInput(next(iter(fields.values())), fields=fields) from error


def _file_rows() -> Iterator[CalendarDay]:
    with HOLIDAYS_FILE.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            yield CalendarDay(
                date=dt.date.fromisoformat(row["date"]),
                kind=row["kind"],
                name=row["name"],
                source=HOLIDAYS_SOURCE,
            )
