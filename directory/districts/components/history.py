"""Entries of the history in words: what was done to which row, why, what it held before and after."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import ModelLogEntry

from cms.core.display.wording import clock, full_date, yuan
from directory.districts.class_kinds import CareMode

#: What an act wrote beside the changes: key → its label.
FACTS: dict[str, str | Promise] = {"reason": gettext_lazy("原因"), "note": gettext_lazy("复查结果")}
#: Of a class, a product or a fee, new or changed.
OFFERING = "directory.offering"
#: Acts that change a row; without a change they say so.
CORRECTIONS = frozenset({"wagtail.edit", "directory.correct", OFFERING, "directory.hours", "directory.regular_places"})
#: Acts that write a new row: nothing stood there before.
ENTERED = frozenset({"wagtail.create", "directory.grant", "directory.refuse"})
#: After the label of an amount in fen.
FEN = re.compile("（分[）/].*")
WHEN = re.compile(r"\d{4}-\d{2}-\d{2}")
HOUR = re.compile(r"(\d{2}):(\d{2}):\d{2}")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
YES_NO: dict[str, Promise] = {"True": gettext_lazy("是"), "False": gettext_lazy("否")}
CODES = re.compile(r"[a-z_]+")


FindField = Callable[[str], "models.Field[Any, Any] | None"]


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """One field: what it held before and after, in words; ``before`` is "" in a new row.

    Of personal data ``is_hidden`` says only that it changed.
    """

    name: str
    before: str
    after: str
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class EntryWords:
    """One entry: ``row`` names what the act was done to where that is not the page's own row; ``who`` did it."""

    act: str
    row: str
    who: str
    at: dt.datetime
    facts: list[tuple[str, str]]
    changes: list[ChangeWords]
    is_unchanged: bool


def entry_words(
    entry: ModelLogEntry,
    *,
    who: str,
    row: str = "",
    facts: Sequence[tuple[str, str]] = (),
    elsewhere: FindField | None = None,
) -> EntryWords:
    """The words of one entry. ``facts`` come before those that every act may have.

    ``elsewhere`` finds a field by a name that the entry's own model does not have.
    """
    data = data_of(entry)
    changes = list(_changes(entry, data.get("changes") or {}, elsewhere))
    told = [(str(label), str(data[key])) for key, label in FACTS.items() if data.get(key)]
    return EntryWords(
        act=str(entry.message),
        row=" ".join(part for part in (row, str(data.get("row", ""))) if part),
        who=who,
        at=entry.timestamp,
        facts=[*facts, *told],
        changes=changes,
        is_unchanged=entry.action in CORRECTIONS and "changes" in data and not changes,
    )


def data_of(entry: ModelLogEntry) -> dict[str, Any]:
    """What the act wrote into the entry."""
    return entry.data if isinstance(entry.data, dict) else {}


def _changes(
    entry: ModelLogEntry, changes: Mapping[str, list[str]], elsewhere: FindField | None
) -> Iterator[ChangeWords]:
    is_new = entry.action in ENTERED or (
        entry.action == OFFERING and not any(words[:1] != [""] for words in changes.values())
    )
    for name, values in changes.items():
        field = _field_of(entry, name) or (elsewhere(name) if elsewhere else None)
        label = str(field.verbose_name) if field is not None else name
        if len(values) != 2:
            yield ChangeWords(FEN.sub("", label), "", "", is_hidden=True)
            continue
        before, after = (value_words(field, value) for value in values)
        yield ChangeWords(FEN.sub("", label), "" if is_new else before, after)


def _field_of(entry: ModelLogEntry, name: str) -> models.Field[Any, Any] | None:
    """The field that a name means; ``of`` in the entry names the model where it isn't that of the row."""
    kind = ContentType.objects.get_for_id(entry.content_type_id)
    of = data_of(entry).get("of")
    model = apps.get_model(kind.app_label, of) if of else kind.model_class()
    return field_named(model, name) if model is not None else None


def field_named(model: type[models.Model], name: str) -> models.Field[Any, Any] | None:
    """The model's field of that name, None where it has none."""
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None


def value_words(field: models.Field[Any, Any] | None, value: str) -> str:
    """A value as ``services.history`` writes it, in words: no codes, days and amounts as everywhere."""
    if value in ("", "[]"):
        return _("（空）")
    if field is None:
        return value
    choices = {str(key): str(label) for key, label in field.flatchoices}
    if choices:
        return choices.get(value, value)
    if isinstance(field, models.BooleanField):
        return str(YES_NO.get(value, value))
    if isinstance(field, models.JSONField):
        return _stored(value)
    if FEN.search(str(field.verbose_name)) and value.isdecimal():
        return yuan(int(value))
    return _clock_or_day(value)


def _stored(value: str) -> str:
    """「5.3」, 「是」, 「全日托、计时托」 of stored values; of another one only what it is not: a code."""
    if value in YES_NO or NUMBER.fullmatch(value):
        return str(YES_NO.get(value, value))
    labels = {mode.value: str(mode.label) for mode in CareMode}
    found = CODES.findall(value)
    return "、".join(labels[code] for code in found) if found and labels.keys() >= set(found) else _("（见当时的规定）")


def _clock_or_day(value: str) -> str:
    if WHEN.fullmatch(value):
        return full_date(dt.date.fromisoformat(value))
    if HOUR.fullmatch(value):
        return clock(dt.time.fromisoformat(value))
    return value
