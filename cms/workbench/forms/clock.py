"""Clock times chosen from a list: no AM and PM of the browser's own language, and always on the raster."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.core.display.wording import clock

FIRST, LAST = 6 * 60, 22 * 60


class ClockField(forms.TimeField):
    """A time of day in a select of every ``step`` minutes from 6:00 to 22:00; a value set elsewhere stays choosable."""

    def __init__(self, *, step: int = 30, initial: dt.time | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": _("时间请写成 8:30")})
        super().__init__(widget=forms.Select, initial=initial, **kwargs)
        self.offer(step, initial)

    def offer(self, step: int, present: dt.time | None) -> None:
        """The times to choose from."""
        times = {dt.time(*divmod(minute, 60)) for minute in range(FIRST, LAST + 1, step)}
        if present is not None:
            times.add(present.replace(second=0, microsecond=0))
        self.widget.choices = [(f"{time:%H:%M}", clock(time)) for time in sorted(times)]

    def prepare_value(self, value: Any) -> Any:
        """As the options write it."""
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value
