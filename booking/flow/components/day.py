"""One day on the time page: its note in the strip of days, and its ribbon."""

from __future__ import annotations

import datetime as dt

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from booking.flow.queries.stays import DayChoice
from booking.places.place_rules import DayCells, open_span, shown_hours
from booking.places.stay_rules import StayProblem
from cms.core.display import wording
from cms.core.display.places import why_not, why_not_short
from cms.core.display.ribbon import render_ribbon


def day_note(choice: DayChoice, *, stale: bool) -> str:
    """「4位」「已满」「休」: two or three characters below the day; no number that nobody vouches for."""
    if not choice.places:
        return why_not_short(choice.problem)
    return _("可申请") if stale else _("%d位") % choice.places


def why_no_time(day: dt.date, problem: str, *, today: dt.date, opens_days_ahead: int) -> str:
    """「12月17日 周四 还没开放，12月3日 周四起可约」「11月24日 周二 已满」: why nothing can be had that day."""
    if day < today:
        return _("%(day)s 已经过了") % {"day": wording.day(day)}
    if problem == StayProblem.TOO_EARLY:
        opens = day - dt.timedelta(days=opens_days_ahead)
        return _("%(day)s 还没开放，%(opens)s起可约") % {"day": wording.day(day), "opens": wording.day(opens)}
    if problem in (StayProblem.CLOSED, StayProblem.OUTSIDE_HOURS):
        return _("%(day)s 不开放") % {"day": wording.day(day)}
    return f"{wording.day(day)} {why_not(problem)}"


def day_ribbon(
    day: dt.date, cells: DayCells, *, mine: tuple[int, int] | None, stale: bool, gone: int = 0
) -> SafeString | None:
    """The places of the day, with the chosen stay outlined; None on a day without any. None begins before ``gone``."""
    if not cells.remaining:
        return None
    opens, closes = shown_hours(open_span(cells))
    return render_ribbon(
        label=_("%(day)s各时段空位") % {"day": wording.day(day)},
        remaining=cells.remaining,
        opens=opens,
        closes=closes,
        step=cells.step,
        mine=mine,
        stale=stale,
        gone=gone,
    )
