"""Kinds of rules, and what value each may have: one row a kind, so a value is checked by its kind alone.

A kind without a check is words only. Numbers are data of a place and never constants: what stands here is their type.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.districts.class_kinds import CareMode
from directory.districts.enums import FilingDocument, FilingSubject, Organiser, RuleKind

Check = Callable[[Any], bool]
WHEN = ("always", "meals")


class Shape(StrEnum):
    """What a value looks like."""

    NUMBER = "number"
    WHOLE = "whole"
    PERCENT = "percent"
    FLAG = "flag"
    MODES = "modes"
    ORGANISERS = "organisers"
    SPAN = "span"
    GROWTH = "growth"
    BANDS = "bands"
    DOCUMENTS = "documents"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class KindRule:
    """What the values of a kind look like, and their unit."""

    shape: Shape = Shape.WORDS
    unit: Promise | str = ""


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and value > 0


def _is_percent(value: Any) -> bool:
    return _is_number(value) and value <= 100


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _are_words(value: Any, known: list[str]) -> bool:
    """A list of known words, none twice, at least one."""
    if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
        return False
    return set(value) <= set(known) and len(set(value)) == len(value)


def _are_modes(value: Any) -> bool:
    return _are_words(value, CareMode.values)


def _are_organisers(value: Any) -> bool:
    return _are_words(value, Organiser.values)


def _has_wholes(value: Any, names: tuple[str, ...], others: tuple[str, ...] = ()) -> bool:
    return isinstance(value, dict) and set(value) == {*names, *others} and all(_is_whole(value[name]) for name in names)


def _is_span(value: Any) -> bool:
    return _has_wholes(value, ("from", "to")) and value["from"] <= value["to"]


def _are_growth(value: Any) -> bool:
    return _has_wholes(value, ("extensions", "branches"))


def _is_band(value: Any) -> bool:
    if not _has_wholes(value, ("from", "to"), ("square_metres",)):
        return False
    return value["from"] <= value["to"] and _is_number(value["square_metres"])


def _are_bands(value: Any) -> bool:
    """As the text writes them: bands may overlap (60 stands in two) and need not rise."""
    return isinstance(value, list) and bool(value) and all(_is_band(band) for band in value)


def _is_requirement(value: Any) -> bool:
    if not isinstance(value, dict) or not {"subject", "any_of"} <= set(value) <= {"subject", "any_of", "when"}:
        return False
    known = value["subject"] in FilingSubject.values and value.get("when", "always") in WHEN
    return known and _are_words(value["any_of"], FilingDocument.values)


def _are_documents(value: Any) -> bool:
    """A list of subjects, none twice, each with the documents of which one is enough."""
    if not isinstance(value, list) or not value or not all(_is_requirement(entry) for entry in value):
        return False
    return len({entry["subject"] for entry in value}) == len(value)


def _never(value: Any) -> bool:
    """Words only: a value has no meaning here."""
    return False


CHECKS: dict[Shape, Check] = {
    Shape.NUMBER: _is_number,
    Shape.WHOLE: _is_whole,
    Shape.PERCENT: _is_percent,
    Shape.FLAG: _is_flag,
    Shape.MODES: _are_modes,
    Shape.ORGANISERS: _are_organisers,
    Shape.SPAN: _is_span,
    Shape.GROWTH: _are_growth,
    Shape.BANDS: _are_bands,
    Shape.DOCUMENTS: _are_documents,
    Shape.WORDS: _never,
}
WORKING_DAYS = KindRule(Shape.WHOLE, _("个工作日"))
DOCUMENTS = KindRule(Shape.DOCUMENTS)
WORDS_ONLY = KindRule()
#: Every kind once; a test refuses a kind that is missing here.
KIND_RULES: dict[str, KindRule] = {
    RuleKind.PLACES_PER_THOUSAND: KindRule(Shape.NUMBER, _("个")),
    RuleKind.PLACES_PER_THOUSAND_UNDER_THREE: KindRule(Shape.NUMBER, _("个")),
    RuleKind.INCLUSIVE_SHARE: KindRule(Shape.PERCENT, "%"),
    RuleKind.COVERAGE_POPULATION: KindRule(Shape.SPAN, _("人")),
    RuleKind.COVERAGE_TOWNSHIPS: KindRule(Shape.WHOLE, _("处")),
    RuleKind.GUIDANCE_COVERAGE: WORDS_ONLY,
    RuleKind.KINDERGARTEN_CLASS_TARGET: KindRule(Shape.WHOLE, _("个")),
    RuleKind.EXTENSIONS: KindRule(Shape.GROWTH, _("家")),
    RuleKind.MILESTONE: WORDS_ONLY,
    RuleKind.CARE_MODES: KindRule(Shape.MODES),
    RuleKind.VOUCHERS: KindRule(Shape.FLAG),
    RuleKind.VIDEO_DAYS: KindRule(Shape.WHOLE, _("天")),
    RuleKind.PRICE_FORMATION: WORDS_ONLY,
    RuleKind.PRICE_SUPERVISION: WORDS_ONLY,
    RuleKind.PRICE_FLOAT: KindRule(Shape.PERCENT, "%"),
    RuleKind.INCLUSIVE_SUBSIDY: KindRule(Shape.WHOLE, _("元/生/年")),
    RuleKind.PARENTING_LEAD: KindRule(Shape.ORGANISERS),
    RuleKind.CLASSES_A_MONTH: KindRule(Shape.WHOLE, _("次/月")),
    RuleKind.LIFETIME_BAN: WORDS_ONLY,
    RuleKind.PUBLICITY: WORDS_ONLY,
    RuleKind.KINDERGARTEN_CLASSES: WORDS_ONLY,
    RuleKind.REGISTRARS: WORDS_ONLY,
    RuleKind.BUSINESS_SCOPE: WORDS_ONLY,
    RuleKind.REGISTRATION_PUSH: WORKING_DAYS,
    RuleKind.ONLINE_FORMS: WORDS_ONLY,
    RuleKind.RECEIPT_DAYS: WORKING_DAYS,
    RuleKind.REFUSAL_DAYS: WORKING_DAYS,
    RuleKind.FILING_DOCUMENTS: DOCUMENTS,
    RuleKind.LICENCE_DOCUMENT: DOCUMENTS,
    RuleKind.FIRE_DOCUMENT: DOCUMENTS,
    RuleKind.STAFF_DOCUMENTS: DOCUMENTS,
    RuleKind.HEALTH_EVALUATION: DOCUMENTS,
    RuleKind.FOOD_PERMIT: DOCUMENTS,
    RuleKind.FIRE_AREA: KindRule(Shape.NUMBER, _("平方米")),
    RuleKind.AREA_PER_PLACE: KindRule(Shape.BANDS, _("㎡")),
    RuleKind.UTILITY_PRICE: WORDS_ONLY,
    RuleKind.PUBLIC_POSTS: KindRule(Shape.WHOLE, _("人")),
    RuleKind.VALIDITY_YEARS: KindRule(Shape.WHOLE, _("年")),
    RuleKind.ISSUE: WORDS_ONLY,
    RuleKind.OTHER: WORDS_ONLY,
}
#: Kinds that say which documents a filing needs.
DOCUMENT_KINDS = tuple(kind for kind, rule in KIND_RULES.items() if rule.shape == Shape.DOCUMENTS)
#: Kinds of which several may hold at once.
REPEATED_KINDS = (RuleKind.MILESTONE, RuleKind.OTHER)


def is_fit(kind: str, value: Any) -> bool:
    """Whether a rule of the kind may have the value; none at all is always possible."""
    return value is None or CHECKS[KIND_RULES[kind].shape](value)
