"""Values of rules as staff write and read them: 「全日托、计时托」, 「1–30：9」; what is written is read back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.districts.class_kinds import CareMode
from directory.districts.enums import FilingDocument, FilingSubject, Organiser
from directory.districts.rule_values import KIND_RULES, Shape, is_fit

YES, NO = _("有"), _("没有")
OR, MEALS = " 或 ", "（提供餐饮时）"
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
SPAN = re.compile(r"([0-9]+)\s*[-–—~至到]\s*([0-9]+)")
#: How to write a value, by its shape.
EXAMPLES: dict[Shape, Promise] = {
    Shape.NUMBER: _("请写一个大于 0 的数字，例如 4.5。"),
    Shape.WHOLE: _("请写一个整数，例如 5。"),
    Shape.PERCENT: _("请写百分数，大于 0、不超过 100，例如 20。"),
    Shape.FLAG: _("请写「有」或「没有」。"),
    Shape.MODES: _("请写托育方式，例如：全日托、计时托。"),
    Shape.ORGANISERS: _("请写牵头单位，例如：妇幼保健机构、妇联。"),
    Shape.SPAN: _("请写从多少到多少，例如：30000–50000。"),
    Shape.GROWTH: _("请写改扩建家数和分部家数，例如：1、1。"),
    Shape.BANDS: _("请一行写一档，例如：1–30：9。"),
    Shape.DOCUMENTS: _("请一行写一项，例如：消防：消防安全检查合格证明 或 消防验收合格证明。"),
    Shape.WORDS: _("这一类规定只写说明，数值请留空。"),
}


class NotReadable(ValueError):
    """The words are no value of the kind; the message says how to write one."""


def words_of(kind: str, value: Any) -> str:
    """A value in words, "" for none. A value that its kind can't have is shown as it is."""
    if value is None:
        return ""
    if not is_fit(kind, value):
        return str(value)
    return WRITERS[KIND_RULES[kind].shape](value)


def value_of(kind: str, words: str) -> Any:
    """The value that the words mean, None for nothing. Raises ``NotReadable``."""
    words = words.strip()
    if not words:
        return None
    shape = KIND_RULES[kind].shape
    try:
        value = READERS[shape](words)
    except (ValueError, KeyError, TypeError):
        value = None
    if value is None or not is_fit(kind, value):
        raise NotReadable(str(EXAMPLES[shape]))
    return value


def _write_words(choices: Any) -> Callable[[Any], str]:
    return lambda value: "、".join(str(choices(word).label) for word in value)


def _read_words(choices: Any) -> Callable[[str], list[str]]:
    def read(words: str) -> list[str]:
        by_label = {str(choice.label): choice.value for choice in choices}
        return [by_label[word] for word in re.split(r"[、,，\s]+", words.strip("、,，"))]

    return read


def _write_flag(value: bool) -> str:
    return str(YES if value else NO)


def _read_flag(words: str) -> bool:
    return {str(YES): True, str(NO): False}[words]


def _read_number(words: str) -> int | float:
    words = words.rstrip("%％").strip()
    if not NUMBER.fullmatch(words):
        raise ValueError(words)
    return float(words) if "." in words else int(words)


def _write_span(value: dict[str, int]) -> str:
    return f"{value['from']}–{value['to']}"


def _read_span(words: str) -> dict[str, int]:
    found = SPAN.fullmatch(words)
    if found is None:
        raise ValueError(words)
    return {"from": int(found[1]), "to": int(found[2])}


def _write_growth(value: dict[str, int]) -> str:
    return f"{value['extensions']}、{value['branches']}"


def _read_growth(words: str) -> dict[str, int]:
    extensions, branches = re.split(r"[、,，]", words)
    return {"extensions": int(extensions), "branches": int(branches)}


def _write_bands(value: list[dict[str, Any]]) -> str:
    return "\n".join(f"{_write_span(band)}：{band['square_metres']}" for band in value)


def _read_bands(words: str) -> list[dict[str, Any]]:
    return [_read_band(*re.split("[：:]", line)) for line in words.splitlines() if line.strip()]


def _read_band(span: str, metres: str) -> dict[str, Any]:
    return _read_span(span.strip()) | {"square_metres": _read_number(metres.strip())}


def _write_documents(value: list[dict[str, Any]]) -> str:
    return "\n".join(_write_requirement(entry) for entry in value)


def _write_requirement(entry: dict[str, Any]) -> str:
    names = OR.join(str(FilingDocument(word).label) for word in entry["any_of"])
    return f"{FilingSubject(entry['subject']).label}：{names}{MEALS if entry.get('when') == 'meals' else ''}"


def _read_documents(words: str) -> list[dict[str, Any]]:
    return [_read_requirement(*re.split("[：:]", line)) for line in words.splitlines() if line.strip()]


def _read_requirement(subject: str, names: str) -> dict[str, Any]:
    subjects = {str(choice.label): choice.value for choice in FilingSubject}
    documents = {str(choice.label): choice.value for choice in FilingDocument}
    with_meals = names.strip().endswith(MEALS)
    any_of = [documents[name.strip()] for name in names.strip().removesuffix(MEALS).split(OR.strip())]
    entry = {"subject": subjects[subject.strip()], "any_of": any_of}
    return entry | {"when": "meals"} if with_meals else entry


WRITERS: dict[Shape, Callable[[Any], str]] = {
    Shape.NUMBER: str,
    Shape.WHOLE: str,
    Shape.PERCENT: str,
    Shape.FLAG: _write_flag,
    Shape.MODES: _write_words(CareMode),
    Shape.ORGANISERS: _write_words(Organiser),
    Shape.SPAN: _write_span,
    Shape.GROWTH: _write_growth,
    Shape.BANDS: _write_bands,
    Shape.DOCUMENTS: _write_documents,
}
READERS: dict[Shape, Callable[[str], Any]] = {
    Shape.NUMBER: _read_number,
    Shape.WHOLE: _read_number,
    Shape.PERCENT: _read_number,
    Shape.FLAG: _read_flag,
    Shape.MODES: _read_words(CareMode),
    Shape.ORGANISERS: _read_words(Organiser),
    Shape.SPAN: _read_span,
    Shape.GROWTH: _read_growth,
    Shape.BANDS: _read_bands,
    Shape.DOCUMENTS: _read_documents,
}
