"""Free places as the list and the record draw them: the numbers come from ``ports.free_places``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cms.core.calendar.times import local_date
from cms.core.display import wording
from cms.core.display.places import FEW, Stamps, why_not, why_not_short
from cms.core.display.ribbon import clock, render_ribbon, render_scale
from directory.districts.components.age_words import age_words
from directory.register.ports import DayPlaces, InstitutionPlaces, PricedStay, WeekPlaces
from directory.site.components.card_places import CardPlaces
from directory.site.queries.finding import CareNeed


def _age_words(asked: CareNeed, first_month: int | None, day: dt.date) -> str:
    """Why nobody takes the age; "" where none was asked."""
    born = asked.born_by(day)
    return age_words(asked.age_months, first_month, born) if born and asked.age_months is not None else ""


def stay_price(stay: PricedStay) -> str:
    """「14:00–17:00 共 54 元」"""
    starts, ends = (dt.time(minute // 60, minute % 60) for minute in (stay.starts, stay.ends))
    return _("%(hours)s 共 %(price)s") % {"hours": wording.period(starts, ends), "price": wording.yuan(stay.amount)}


class CardPlacesWriter:
    """The places part of the cards of one question; the words are looked up once.

    ``hours`` are the minutes that all ribbons show, so that they can be compared; ``names_day`` says which day the
    answer is of, where nobody asked; ``priced``: each says what the asked hours cost, by which they stand by price.
    """

    def __init__(
        self,
        asked: CareNeed,
        *,
        now: dt.datetime,
        hours: tuple[int, int] | None = None,
        names_day: bool = False,
        priced: bool = True,
    ) -> None:
        self.asked, self._hours, self._priced = asked, hours, priced
        named = asked.day if names_day else None
        self._day = f"{wording.near_day(named, local_date(now))} " if named else ""
        self._stamps = Stamps(now)
        self._label = _("%(name)s%(weekday)s各时段空位")
        self._free, self._few = _("有 %d 位"), _("仅 %d 位")
        self._shut, self._call, self._unsure = _("这天不开放"), _("空位请电话询问"), _("请电话确认")
        self._request = _("可以申请，等机构答复")

    def card(self, name: str, places: InstitutionPlaces) -> CardPlaces:
        """Ribbon, answer and stamp of one institution."""
        if not places.has_classes:
            return CardPlaces(ribbon=None, words=self._call, tone="no", stamp="", stale=False)
        if places.day.problem == "age" and (why := _age_words(self.asked, places.first_month, places.day.day)):
            # Green hours of classes that don't take the child would promise what nobody keeps.
            return CardPlaces(ribbon=None, words=why, tone="no", stamp="", stale=False)
        words, tone = self._answer(places)
        return CardPlaces(
            ribbon=self._ribbon(name, places),
            words=self._day + words,
            tone=tone,
            stamp=self._stamps.words(places.confirmed_at, stale=places.stale, caregivers=places.caregivers),
            stale=places.stale,
            hours=_open_hours(places.day),
            price=stay_price(places.stay) if places.stay and self._priced and not places.stale else "",
        )

    def _ribbon(self, name: str, places: InstitutionPlaces) -> SafeString:
        day, (opens, closes) = places.day, self._hours or places.hours
        return render_ribbon(
            label=self._label % {"name": name, "weekday": wording.weekday(day.day)},
            remaining=day.remaining,
            opens=opens,
            closes=closes,
            step=day.step,
            mine=self.asked.span,
            stale=places.stale,
            gone=_gone(day),
        )

    def _answer(self, places: InstitutionPlaces) -> tuple[str, str]:
        day = places.day
        if places.stale and day.remaining and day.free:
            return (self._request, "few") if places.needs_answer else (self._unsure, "no")
        if day.free > FEW:
            return self._free % day.free, "yes"
        if day.free > 0:
            return self._few % day.free, "few"
        return why_not(day.problem) if day.remaining or day.problem == "too_early" else self._shut, "no"


def shared_hours(found: Iterable[InstitutionPlaces]) -> tuple[int, int] | None:
    """From the first opening to the last closing of all that are open; None where nobody is."""
    hours = [places.hours for places in found if places.day.remaining]
    return (min(opens for opens, _ in hours), max(closes for _, closes in hours)) if hours else None


def _open_hours(day: DayPlaces) -> str:
    """「8:00–18:00」; "" on a day that is not open."""
    if not day.remaining:
        return ""
    return f"{clock(min(day.remaining))}–{clock(max(day.remaining) + day.step)}"


def week_rows(week: WeekPlaces, *, asked: CareNeed, now: dt.datetime) -> SafeString:
    """Day, ribbon and answer of each day, and the hours below; the asked ones are outlined in the row of their day."""
    today, label = local_date(now), _("%s空位")
    rows = SafeString()
    for number, row in enumerate(week.days):
        ribbon = render_ribbon(
            label=label % f"{row.day.month}月{row.day.day}日",
            remaining=row.remaining,
            opens=week.hours[0],
            closes=week.hours[1],
            step=row.step,
            mine=asked.span if asked.day == row.day else None,
            stale=week.stale,
            scale=False,
            gone=_gone(row),
        )
        rows += format_html(
            '<span class="day">{}</span>{}<span class="{}">{}</span>',
            _row_day(row.day, today, number),
            ribbon,
            "small" if row.remaining else "small soft",
            _row_words(row, stale=week.stale),
        )
    return rows + render_scale(*week.hours)


def _gone(day: DayPlaces) -> int:
    """Until when hours are over; a day that does not open for booking yet has none that are."""
    return 0 if day.problem == "too_early" else day.bookable_from


def week_problem(week: WeekPlaces, *, asked: CareNeed, today: dt.date) -> str:
    """Why no week is shown; "" where it is."""
    return _age_words(asked, week.first_month, asked.day or today) if week.problem else ""


def _row_day(day: dt.date, today: dt.date, number: int) -> str:
    """「今天」「周日 11/29」「周一 30」「周二 12/1」: the month where it is not yet known or a new one begins."""
    if number == 0:
        return format_html("<b>{}</b>", wording.near_day(day, today))
    month = f"{day.month}/" if number == 1 or day.day == 1 else ""
    return f"{wording.weekday(day)} {month}{day.day}"


def _row_words(row: DayPlaces, *, stale: bool) -> str:
    if not row.remaining:
        return why_not_short("closed")
    if not row.free:
        # Full or over stays so, whoever vouches for it: it can't be asked for either.
        return why_not_short(row.problem)
    return _("待确认") if stale else _("%d 位") % row.free
