"""One day on the time page: its note in the strip of days, and its ribbon."""

from __future__ import annotations

import datetime as dt

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from booking.flow.queries.stays import DayChoice
from booking.places.place_rules import DayCells, open_span, shown_hours
from cms.core.display import wording
from cms.core.display.places import why_not_short
from cms.core.display.ribbon import render_ribbon


def day_note(choice: DayChoice) -> str:
    """「4位」「已满」「休」: two or three characters below the day."""
    return _("%d位") % choice.places if choice.places else why_not_short(choice.problem)


def day_ribbon(day: dt.date, cells: DayCells, *, mine: tuple[int, int] | None, stale: bool) -> SafeString | None:
    """The places of the day, with the chosen stay outlined; None on a day without any."""
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
    )
