"""What really was of a stay: a state, when the child came and left, and why the record is put right."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.care.services.corrections import Answer, Attendance
from booking.places.models import Booking
from cms.core.calendar.times import local
from cms.core.display.forms import SeenForm
from cms.core.display.wording import clock
from cms.core.text import folded
from cms.workbench.forms.reasons import CORRECT_REASONS, ReasonForm

S = Booking.Status
#: A day that is over and of which nobody knows anything: neither came nor stayed away.
UNKNOWN = "unknown"
TODAY_STATES = (
    (S.CONFIRMED.value, _("还没到")),
    (S.ARRIVED.value, _("在园")),
    (S.COMPLETED.value, _("已离园")),
    (S.ABSENT.value, _("没来")),
)
PAST_STATES = (
    (S.COMPLETED.value, _("来过")),
    (S.ABSENT.value, _("没来")),
    (UNKNOWN, _("不清楚")),
)
#: Which times a state has.
TIMES_OF_STATE = {
    S.CONFIRMED.value: (),
    S.ARRIVED.value: ("arrived",),
    S.COMPLETED.value: ("arrived", "left"),
    S.ABSENT.value: (),
    UNKNOWN: (),
}
CLOCK = re.compile(r"(\d{1,2})[:.点]?(\d{2})分?", re.ASCII)


class MinuteField(forms.CharField):
    """A clock time to the minute as people type it: 9:40, 9：40, 9.40 or 940."""

    default_error_messages = {"clock": _("时间请写成 9:40")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 8)
        super().__init__(**kwargs)
        self.widget.attrs.update(inputmode="decimal", autocomplete="off")

    def prepare_value(self, value: Any) -> Any:
        """As people read it."""
        return clock(value) if isinstance(value, dt.time) else value

    def clean(self, value: Any) -> Any:
        """A time, None where nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        found = CLOCK.fullmatch(folded(text))
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise forms.ValidationError(self.error_messages["clock"], code="clock")
        return dt.time(int(found[1]), int(found[2]))


class AttendanceForm(SeenForm):
    """State and times; ``seen`` is the ``changed_at`` of the record that was looked at."""

    state = forms.ChoiceField(label=_("这次"), widget=forms.RadioSelect)
    arrived = MinuteField(label=_("几点到的"), required=False)
    left = MinuteField(label=_("几点离开的"), required=False)

    def clean(self) -> dict[str, Any]:
        """A time typed beside a state that has none is a slip; what the record had may be left standing."""
        data = super().clean() or {}
        state = data.get("state")
        for name in ("arrived", "left"):
            typed = data.get(name) and clock(data[name]) != self._recorded(name)
            if state and typed and name not in TIMES_OF_STATE[state]:
                label = dict(self.fields["state"].choices)[state]  # type: ignore[attr-defined]  # a ChoiceField
                self.add_error(name, _("您填了时间，却选了%s。请改其中一个") % label)
        return data

    def _recorded(self, name: str) -> str:
        """The time that stood in the field, to the minute as it is shown there."""
        moment = self.initial.get(name)
        return clock(moment) if moment else ""

    @property
    def attendance(self) -> Attendance:
        """What the form says was."""
        data = self.cleaned_data
        if data["state"] == UNKNOWN:
            return Attendance(S.COMPLETED.value)
        status, arrived = data["state"], data["arrived"]
        return Attendance(status, arrived, data["left"] if status == S.COMPLETED else None)


class CorrectionForm(AttendanceForm, ReasonForm):
    """One record put right, with a reason."""

    words_missing = _("请写下原因")
    field_order = ("state", "arrived", "left", "reason", "words", "seen")

    def __init__(self, *args: Any, booking: Booking, today: dt.date, **kwargs: Any) -> None:
        recorded = {"state": state_of(booking), **times_of(booking)}
        super().__init__(*args, initial=recorded, reasons=CORRECT_REASONS, **kwargs)
        states = TODAY_STATES if booking.service_date == today else PAST_STATES
        self.fields["state"].choices = states  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["words"].help_text = _("记在这次的记录里，不要写别的宝宝的情况")


class DayEndForm(AttendanceForm):
    """How one stay of a day ended; empty where nobody says."""

    hide_optional = True

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        recorded = {"arrived": times_of(booking)["arrived"], "seen": booking.changed_at.isoformat()}
        super().__init__(*args, prefix=booking.public_id, initial=recorded, **kwargs)
        self.booking = booking
        self.fields["state"].choices = PAST_STATES[:2]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["state"].required = False

    @property
    def is_answered(self) -> bool:
        """Whether anything is said: a time of leaving says that the child came."""
        return bool(self.cleaned_data["state"] or self.cleaned_data["left"])

    @property
    def answer(self) -> Answer:
        """What the form says was."""
        self.cleaned_data["state"] = self.cleaned_data["state"] or S.COMPLETED.value
        return Answer(self.attendance, self.cleaned_data["seen"])


def state_of(booking: Booking) -> str:
    """The state that is recorded, as the form names it."""
    unknown = booking.status == S.COMPLETED and booking.arrived_at is None
    return UNKNOWN if unknown else booking.status


def times_of(booking: Booking) -> dict[str, dt.time | None]:
    """When the child came and left by the record, on the wall clock."""
    moments = {"arrived": booking.arrived_at, "left": booking.left_at}
    return {name: local(moment).time() if moment else None for name, moment in moments.items()}
