"""Free places as the directory shows them: the ribbon and words of a card, the rows of a week."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from booking.places.queries.buckets import bucket_for, why_not_months
from booking.places.queries.day_minutes import DayMinutes, PoolDays, shown_hours
from booking.places.queries.freshness import Stamps, is_stale
from booking.places.sql import marks, rows
from cms.core.calendar.times import local
from cms.core.display import wording
from cms.core.display.ribbon import FEW, render_ribbon
from directory.register.ports import CardPlaces, DayPlaces

CAREGIVERS = """
SELECT institution_id, kind, caregivers FROM directory_classgroup WHERE active AND institution_id IN ({institutions})
"""
NOTHING = DayMinutes()


def caregivers_by_kind(institution_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Caregivers by class kind of each institution that runs a class; one query."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for pk, kind, caregivers in rows(CAREGIVERS.format(institutions=marks(len(institution_ids))), [*institution_ids]):
        found[pk][kind] += caregivers
    return found


class CardWriter:
    """Cards of one question; ``span`` is in minutes of the day, half-open."""

    def __init__(
        self, *, age_months: int | None, day: dt.date | None, span: tuple[int, int] | None, now: dt.datetime
    ) -> None:
        self.age_months, self.day, self.span, self.now = age_months, day, span, now
        self._stamps = Stamps(now)
        self._label = _("%(name)s%(weekday)s各时段空位")
        self._free, self._few, self._full = _("有 %d 位"), _("仅 %d 位"), _("已满")
        self._shut, self._unsure = _("这天不开放"), _("请电话确认")
        self._weekday = wording.weekday(day) if day is not None else ""

    def card(
        self, name: str, groups: Mapping[str, int], pools: PoolDays | None, confirmed: dt.datetime | None
    ) -> CardPlaces:
        """One institution: ``groups`` are its caregivers by class kind, ``confirmed`` is when it vouched for them."""
        if not groups:
            return CardPlaces(None, None, _("空位请电话询问"), "no", "", False)
        stale = is_stale(confirmed, self.now)
        bucket = bucket_for(groups, self.age_months) if self.age_months is not None else None
        stamp = self._stamps.words(confirmed, groups.get(bucket) if bucket else None)
        if self.day is None:
            return CardPlaces(None, None, "", "no", stamp, stale)
        places = pools.days_of(bucket).get(self.day, NOTHING) if pools else NOTHING
        ribbon = self._ribbon(name, places, stale=stale)
        if self.age_months is not None and bucket is None:
            words = why_not_months(groups, age_months=self.age_months, day=self.day)
            return CardPlaces(ribbon, 0, words, "no", stamp, stale)
        remaining = places.best if self.span is None else places.least(*self.span)
        words, tone = self._answer(places, remaining, stale=stale)
        return CardPlaces(ribbon, remaining, words, tone, stamp, stale)

    def _ribbon(self, name: str, places: DayMinutes, *, stale: bool) -> SafeString:
        opens, closes = shown_hours([places])
        return render_ribbon(
            label=self._label % {"name": name, "weekday": self._weekday},
            remaining=places.remaining,
            opens=opens,
            closes=closes,
            step=places.step,
            mine=self.span,
            stale=stale,
        )

    def _answer(self, places: DayMinutes, remaining: int, *, stale: bool) -> tuple[str, str]:
        if stale and places.remaining:
            return self._unsure, "no"
        if remaining > FEW:
            return self._free % remaining, "yes"
        if remaining > 0:
            return self._few % remaining, "few"
        return self._full if places.remaining else self._shut, "no"


class WeekWriter:
    """Rows of one institution's week; ``hours`` are the minutes that all show, ``mine`` is the asked day and span."""

    def __init__(
        self, *, hours: tuple[int, int], mine: tuple[dt.date, int, int] | None, stale: bool, now: dt.datetime
    ) -> None:
        self.hours, self.mine, self.stale = hours, mine, stale
        moment = local(now)
        self._today, self._minute = moment.date(), moment.hour * 60 + moment.minute
        self._label = _("%s空位")

    def row(self, day: dt.date, places: DayMinutes) -> DayPlaces:
        """The ribbon of a day and the most places that are still to come."""
        opens, closes = self.hours
        ribbon = render_ribbon(
            label=self._label % f"{day.month}月{day.day}日",
            remaining=places.remaining,
            opens=opens,
            closes=closes,
            step=places.step,
            mine=self.mine[1:] if self.mine and self.mine[0] == day else None,
            stale=self.stale,
            scale=False,
        )
        return DayPlaces(day=day, ribbon=ribbon, words=self._words(day, places), open=bool(places.remaining))

    def _words(self, day: dt.date, places: DayMinutes) -> str:
        if not places.remaining:
            return _("休")
        if self.stale:
            return _("待确认")
        best = self._best_to_come(day, places)
        return _("%d 位") % best if best else _("已满")

    def _best_to_come(self, day: dt.date, places: DayMinutes) -> int:
        if day != self._today:
            return places.best if day > self._today else 0
        return max((free for minute, free in places.remaining.items() if minute >= self._minute), default=0)
