"""The main button of an institution's page: it says what the page says, and leads there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cms.core.display import wording
from directory.districts.class_kinds import END_MONTH
from directory.register.ports import WeekPlaces
from directory.site.components.addresses import ListAddress
from directory.site.queries.detail import InstitutionRecord
from directory.site.queries.finding import CareNeed
from directory.site.queries.listing import ListQuestion

HALF_DAY = dt.time(12)


@dataclass(frozen=True, slots=True)
class MainAction:
    """Words and address of the button."""

    words: str
    url: str


def main_action(record: InstitutionRecord, need: CareNeed, week: WeekPlaces | None) -> MainAction | None:
    """What to do next after this answer; None where only a telephone call is left.

    In this order: nothing can be booked here; nobody takes the age; the asked day is full; the institution has to
    answer, since nobody vouches for the places or it decides each time; it can be booked.
    """
    if week is None or not record.products or not record.institution.takes_bookings:
        return None
    if week.problem:
        return _elsewhere(record, need)
    book = _address("booking:start", record, need)
    if not _has_places(week, need):
        return _other_day(record, need, week) or MainAction(_("看别的日子"), book)
    return MainAction(_("申请预约，等机构答复") if week.stale or week.needs_answer else book_words(need), book)


def book_words(need: CareNeed) -> str:
    """「预约周四下午」 when a time was asked for, else 「预约」."""
    if need.day is None:
        return _("预约")
    part = ""
    if need.span is not None and need.starts is not None:
        part = _("上午") if need.starts < HALF_DAY else _("下午")
    return _("预约%(when)s") % {"when": f"{wording.weekday(need.day)}{part}"}


def _elsewhere(record: InstitutionRecord, need: CareNeed) -> MainAction | None:
    """Those who take the age, for the same question; nobody does from the third birthday."""
    if need.age_months is None or need.age_months >= END_MONTH:
        return None
    words = _("看能照看 %d 个月的机构") % need.age_months
    address = ListAddress(ListQuestion(need=need))
    return MainAction(words, reverse("directory:institution-list") + address.changed(district=record.district.slug))


def _has_places(week: WeekPlaces, need: CareNeed) -> bool:
    """On the asked day, which is always shown; on any day where none was asked."""
    return any(row.free for row in week.days if need.day in (None, row.day))


def _other_day(record: InstitutionRecord, need: CareNeed, week: WeekPlaces) -> MainAction | None:
    found = week.other_day
    if found is None:
        return None
    words = _("看 %(day)s") if week.stale else _("看 %(day)s（%(count)d 位）")
    words %= {"day": wording.day(found[0]), "count": found[1]}
    return MainAction(words, _address("directory:institution-detail", record, need, date=found[0].isoformat()))


def _address(name: str, record: InstitutionRecord, need: CareNeed, **changes: str) -> str:
    address = ListAddress(ListQuestion(need=need))
    query = address.changed(**changes)
    return reverse(name, args=[record.institution.public_id]) + (query if query != "?" else "")
