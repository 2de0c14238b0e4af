"""The week of a class: opening hours, and how many places regular children take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from cms.core.calendar.times import minutes_of
from cms.core.display.forms import SiteForm
from cms.workbench.forms.clock import ClockField
from directory.register.models import ClassGroup, OpeningRule
from directory.register.models.offering import WEEKDAYS
from directory.register.services.offering import Hours

USUAL = Hours(dt.time(8, 0), dt.time(18, 0))
WORKDAYS = range(5)


@dataclass(frozen=True, slots=True)
class WeekRow:
    """The three inputs of one weekday."""

    label: str
    open: forms.BoundField
    opens: forms.BoundField
    closes: forms.BoundField

    @property
    def errors(self) -> list[str]:
        return [*self.opens.errors, *self.closes.errors]


class WeekForm(SiteForm):
    """Seven weekdays: open or not, from, to. Where nothing was set yet, the usual week is proposed."""

    def __init__(self, *args: Any, rules: Sequence[OpeningRule], raster: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.raster = raster
        known = {rule.weekday: rule for rule in rules}
        for day, label in WEEKDAYS:
            rule = known.get(day)
            is_open = day in known if known else day in WORKDAYS
            self._add_day(day, str(label), is_open, Hours(rule.opens, rule.closes) if rule else USUAL)

    def _add_day(self, day: int, label: str, is_open: bool, hours: Hours) -> None:
        self.fields[f"open_{day}"] = forms.BooleanField(label=label, required=False, initial=is_open)
        for name, title, value in (("opens", _("%s开门"), hours.opens), ("closes", _("%s关门"), hours.closes)):
            field = ClockField(step=self.raster, label=title % label, required=False, initial=value)
            self.fields[f"{name}_{day}"] = field

    @property
    def rows(self) -> list[WeekRow]:
        """For the table of the page."""
        return [
            WeekRow(str(label), self[f"open_{day}"], self[f"opens_{day}"], self[f"closes_{day}"])
            for day, label in WEEKDAYS
        ]

    def clean(self) -> dict[str, Any]:
        """Hours of the open days: both there, in order, on the raster."""
        data = super().clean() or {}
        for day, label in WEEKDAYS:
            if data.get(f"open_{day}"):
                self._check_day(day, str(label), data)
        if not self.errors and not any(data.get(f"open_{day}") for day, _label in WEEKDAYS):
            self.add_error("open_0", _("请至少选一天开放。这个班不开了，请到班级里改成不开"))
        return data

    def _check_day(self, day: int, label: str, data: dict[str, Any]) -> None:
        opens, closes = data.get(f"opens_{day}"), data.get(f"closes_{day}")
        if opens is None or closes is None:
            if f"opens_{day}" not in self.errors and f"closes_{day}" not in self.errors:
                self.add_error(f"opens_{day}", _("请填%s的开门和关门时间") % label)
            return
        if closes <= opens:
            self.add_error(f"closes_{day}", _("%s的关门时间应晚于开门时间") % label)
        elif minutes_of(opens) % self.raster or minutes_of(closes) % self.raster:
            words = _("%(day)s的时间请取 %(raster)d 分钟的整数倍") % {"day": label, "raster": self.raster}
            self.add_error(f"opens_{day}", words)

    @property
    def hours(self) -> dict[int, Hours]:
        """Weekday → hours of the open days."""
        data = self.cleaned_data
        return {
            day: Hours(data[f"opens_{day}"], data[f"closes_{day}"]) for day, _label in WEEKDAYS if data[f"open_{day}"]
        }


@dataclass(frozen=True, slots=True)
class RegularRow:
    """One class: an input for each weekday it is open."""

    group: ClassGroup
    inputs: list[tuple[str, forms.BoundField]]


class RegularForm(SiteForm):
    """How many places of each class regular children take, weekday by weekday."""

    def __init__(self, *args: Any, groups: Iterable[ClassGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = [(group, sorted(group.opening_rules.all(), key=lambda rule: rule.weekday)) for group in groups]
        names = dict(WEEKDAYS)
        for group, rules in self.groups:
            for rule in rules:
                label = _("%(name)s%(day)s") % {"name": group.name, "day": names[rule.weekday]}
                words = _("%(label)s请填 0 到 %(places)d") % {"label": label, "places": group.places}
                self.fields[f"rule_{rule.pk}"] = forms.IntegerField(
                    label=label,
                    min_value=0,
                    max_value=group.places,
                    initial=rule.regular_places,
                    error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), words),
                    widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": group.places}),
                )

    @property
    def rows(self) -> list[RegularRow]:
        """For the table of the page."""
        names = dict(WEEKDAYS)
        return [
            RegularRow(group, [(str(names[rule.weekday]), self[f"rule_{rule.pk}"]) for rule in rules])
            for group, rules in self.groups
        ]

    @property
    def places(self) -> dict[int, int]:
        """Opening rule id → places."""
        return {int(name.removeprefix("rule_")): value for name, value in self.cleaned_data.items()}
