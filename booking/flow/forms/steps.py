"""The forms of the flow's pages; each is one question."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cms.core.display.forms import SiteForm
from cms.core.display.wording import clock


class ChildChoiceForm(SiteForm):
    """Which child; ``choices`` are those that fit."""

    child = forms.ChoiceField(
        label=_("哪个宝宝"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("这个宝宝现在不能约，请另选一个。")},
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["child"].choices = list(choices)  # type: ignore[attr-defined]  # a ChoiceField


class ModeForm(SiteForm):
    """Which way of being looked after."""

    mode = forms.ChoiceField(
        label=_("托育方式"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("这家机构没有这种方式，请另选一种。")},
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = list(choices)  # type: ignore[attr-defined]  # a ChoiceField


@dataclass(frozen=True, slots=True)
class Stay:
    """What the time page asks for: a piece of one day, of one product where the window belongs to one."""

    date: dt.date
    starts: dt.time
    ends: dt.time
    product: str = ""


def new_key() -> str:
    """A key under which one opening of the page may hold places once."""
    return uuid.uuid4().hex


class KeyForm(SiteForm):
    """Carries the key of this opening of the page: the same form sent twice holds places once."""

    key = forms.SlugField(max_length=32, required=False, widget=forms.HiddenInput)

    def clean_key(self) -> str:
        """A form without its key is a new one."""
        return self.cleaned_data["key"] or new_key()


class HoursForm(KeyForm):
    """From when to when on a day whose hours are free to choose, or one of the ``common`` stays of that day.

    ``starts`` and ``ends`` are offered, and ``common`` by the values of their windows. What was offered a moment ago
    and is gone now stays readable: the service says that it is full, and the page keeps what was chosen.
    """

    starts = forms.TypedChoiceField(label=_("开始"), coerce=dt.time.fromisoformat)
    ends = forms.TypedChoiceField(label=_("结束"), coerce=dt.time.fromisoformat)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        starts: Sequence[dt.time],
        ends: Sequence[dt.time],
        hours: Collection[dt.time],
        common: Collection[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(_with_newly_chosen(data, common) if data is not None else None, **kwargs)
        for name, offered in (("starts", starts), ("ends", ends)):
            field = self.fields[name]
            sent = {time for time in hours if f"{time:%H:%M}" == self.data.get(name)}
            times = sorted(sent.union(offered))
            field.choices = [(f"{time:%H:%M}", clock(time)) for time in times]  # type: ignore[attr-defined]
            field.error_messages["invalid_choice"] = _("这个时间不能选，请另选一个。")

    def clean(self) -> dict[str, Any]:
        """The end comes after the start."""
        data: dict[str, Any] = super().clean() or {}
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and starts >= ends:
            self.add_error("ends", _("结束要晚于开始，请另选结束时间。"))
        return data

    def stay(self, date: dt.date) -> Stay:
        """What was chosen."""
        return Stay(date, self.cleaned_data["starts"], self.cleaned_data["ends"])


def _with_newly_chosen(data: QueryDict, common: Collection[str]) -> QueryDict:
    """The answers with the hours of the common stay, where it is not the one that was marked when the page came
    (``marked``): without a script, the mark stays where it was when somebody changes the hours instead.
    """
    chosen = data.get("common", "")
    if chosen not in common or chosen == data.get("marked"):
        return data
    filled = data.copy()
    _product, filled["starts"], filled["ends"] = chosen.split("|")
    return filled


class WindowForm(KeyForm):
    """One of the fixed windows of a day, as ``product|08:00|12:00``."""

    window = forms.ChoiceField(
        label=_("时段"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个时段。"), "invalid_choice": _("这个时段不能选了，请另选一个。")},
    )

    def __init__(self, *args: Any, windows: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["window"].choices = [(value, value) for value in windows]  # type: ignore[attr-defined]

    def stay(self, date: dt.date) -> Stay:
        """What was chosen."""
        product, starts, ends = self.cleaned_data["window"].split("|")
        return Stay(date, dt.time.fromisoformat(starts), dt.time.fromisoformat(ends), product)
