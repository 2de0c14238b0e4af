"""One day on the time page: its note in the strip of days, and its ribbon."""

from __future__ import annotations

import datetime as dt

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.flow.queries.stays import DayChoice
from booking.places.place_rules import DayCells, PlacesProblem, open_span, shown_hours
from booking.places.stay_rules import StayProblem
from cms.core.display import wording
from cms.core.display.ribbon import render_ribbon

DAY_NOTES: dict[str, Promise] = {
    PlacesProblem.AGE: gettext_lazy("月龄外"),
    PlacesProblem.FULL: gettext_lazy("满"),
    StayProblem.CLOSED: gettext_lazy("休"),
    StayProblem.TOO_LATE: gettext_lazy("已过"),
}


def day_note(choice: DayChoice) -> str:
    """「4位」「满」「休」: two or three characters below the day."""
    return _("%d位") % choice.places if choice.places else str(DAY_NOTES[choice.problem])


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
