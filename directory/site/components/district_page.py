"""The page of a district: rules in groups, the figures on top, each document once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cms.core.display.wording import full_date
from directory.districts.components.figures import due_words
from directory.districts.enums import RuleKind, RuleLevel, RuleState
from directory.districts.models import Office, PolicyDocument, Rule
from directory.districts.ports import PolicyCard
from directory.districts.queries.figures import DistrictFigures
from directory.districts.queries.rules import RuleBook
from directory.districts.rule_values import KIND_RULES
from directory.districts.rule_words import words_of
from directory.site.components.phones import dialled

#: What parents ask about first, in this order.
PARENTS = (
    RuleKind.CARE_MODES,
    RuleKind.VOUCHERS,
    RuleKind.VIDEO_DAYS,
    RuleKind.PRICE_FORMATION,
    RuleKind.PRICE_SUPERVISION,
    RuleKind.PRICE_FLOAT,
    RuleKind.INCLUSIVE_SUBSIDY,
    RuleKind.PARENTING_LEAD,
    RuleKind.CLASSES_A_MONTH,
    RuleKind.LIFETIME_BAN,
    RuleKind.PUBLICITY,
)
TARGETS = (
    RuleKind.PLACES_PER_THOUSAND,
    RuleKind.PLACES_PER_THOUSAND_UNDER_THREE,
    RuleKind.INCLUSIVE_SHARE,
    RuleKind.COVERAGE_POPULATION,
    RuleKind.COVERAGE_TOWNSHIPS,
    RuleKind.GUIDANCE_COVERAGE,
    RuleKind.KINDERGARTEN_CLASS_TARGET,
    RuleKind.EXTENSIONS,
    RuleKind.MILESTONE,
)
#: Of these the first that has a number is the third figure.
THIRD = (RuleKind.VIDEO_DAYS, RuleKind.CLASSES_A_MONTH, RuleKind.RECEIPT_DAYS)
#: What the policy page says.
ON_THE_POLICY_PAGE = (RuleKind.VALIDITY_YEARS, RuleKind.ISSUE)


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the figures on top: its name, the number with its unit, and a note below."""

    name: str
    number: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class FactLine:
    """One rule: ``mark`` says whose it is where it is not the plan's own."""

    name: str
    text: str
    note: str
    mark: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Rules under one heading."""

    title: str
    lines: list[FactLine]


@dataclass(frozen=True, slots=True)
class Source:
    """A document, once: its citation, where it can be read, and what is known of it."""

    title: str
    url: str
    known: str
    state: str


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """Who answers for what: an office, its duty, its telephone and what is dialled."""

    name: str
    duty: str
    phone: str
    tel: str


@dataclass(frozen=True, slots=True)
class DocumentWords:
    """What one document says."""

    first: list[FactLine]
    folded: list[FactGroup]
    quotes: list[FactLine]


@dataclass(frozen=True, slots=True)
class PageWords:
    """What the page says; ``is_draft``: the plan is a consultation draft."""

    is_draft: bool
    filed: int
    figures: list[Figure]
    first: list[FactLine]
    folded: list[FactGroup]
    quotes: list[FactLine]
    sources: list[Source]


def page_words(found: DistrictFigures, cards: Mapping[int, PolicyCard], *, filed: int) -> PageWords:
    """The words of the page of a district."""
    book = found.book
    card = cards.get(found.plan.pk) if found.plan else None
    is_draft = card is not None and card.is_draft
    lines = {rule.pk: _line(rule, book.day, _mark(rule, is_draft=is_draft)) for rule in book.rules}
    return PageWords(
        is_draft=is_draft,
        filed=filed,
        figures=[figure for figure in (_target(book), _third(book)) if figure],
        first=_first(book.rules, lines),
        folded=_folded(book.rules, lines),
        quotes=_quotes(book.rules),
        sources=_sources(book, cards),
    )


def office_lines(offices: Sequence[Office]) -> list[OfficeLine]:
    """The offices of a district as the public reads them."""
    return [OfficeLine(row.public_name, row.duty, row.phone, dialled(row.phone)) for row in offices]


def document_words(rules: Sequence[Rule], today: dt.date) -> DocumentWords:
    """The words of one document, for its policy page; that page says itself whether it is a draft."""
    lines = {rule.pk: _line(rule, today, "") for rule in rules}
    return DocumentWords(_first(rules, lines), _folded(rules, lines), _quotes(rules))


def _first(rules: Sequence[Rule], lines: Mapping[int, FactLine]) -> list[FactLine]:
    return [lines[rule.pk] for kind in PARENTS for rule in rules if rule.kind == kind]


def _folded(rules: Sequence[Rule], lines: Mapping[int, FactLine]) -> list[FactGroup]:
    elsewhere = {*PARENTS, *TARGETS, *ON_THE_POLICY_PAGE}
    groups = (
        FactGroup(_("目标"), [lines[rule.pk] for rule in rules if rule.kind in TARGETS]),
        FactGroup(_("办托育机构要知道的"), [lines[rule.pk] for rule in rules if rule.kind not in elsewhere]),
    )
    return [group for group in groups if group.lines]


def _quotes(rules: Sequence[Rule]) -> list[FactLine]:
    return [FactLine(rule.name, f"「{rule.quote}」", "", "") for rule in rules if rule.quote]


def _line(rule: Rule, today: dt.date, mark: str) -> FactLine:
    return FactLine(rule.name, rule.text, due_words(rule, today), mark)


def _mark(rule: Rule, *, is_draft: bool) -> str:
    """The banner speaks for a draft plan; what is in force beside it, and whose it is, is said at the line."""
    if rule.level != RuleLevel.DISTRICT:
        return _("%(level)s规定") % {"level": rule.get_level_display()}
    if rule.state == RuleState.DRAFT and not is_draft:
        return _("征求意见稿")
    if rule.state == RuleState.IN_FORCE and is_draft:
        return _("已施行")
    return ""


def _target(book: RuleBook) -> Figure | None:
    """The target of the nearest level, a proposal only where none is in force."""
    rule = book.effective(RuleKind.PLACES_PER_THOUSAND) or _proposed(book)
    if rule is None:
        return None
    name = _("每千人口托位（拟定）") if rule.state == RuleState.DRAFT else _("每千人口托位目标")
    return Figure(name, words_of(rule.kind, rule.value), _unit(rule), due_words(rule, book.day))


def _proposed(book: RuleBook) -> Rule | None:
    targets = (rule for rule in book.rules if rule.kind == RuleKind.PLACES_PER_THOUSAND)
    return next((rule for rule in targets if rule.state == RuleState.DRAFT and rule.value is not None), None)


def _third(book: RuleBook) -> Figure | None:
    rule = next((rule for kind in THIRD if (rule := book.effective(kind))), None)
    return Figure(rule.name, words_of(rule.kind, rule.value), _unit(rule), "") if rule else None


def _unit(rule: Rule) -> str:
    return str(KIND_RULES[rule.kind].unit)


def _sources(book: RuleBook, cards: Mapping[int, PolicyCard]) -> list[Source]:
    """Every document that a rule of the page stands in, the district's own first."""
    documents = {rule.document_id: rule.document for rule in book.rules}
    own_first = sorted(documents.values(), key=lambda document: (document.district_id is None, document.pk))
    return [_source(document, cards.get(document.pk)) for document in own_first]


def _source(document: PolicyDocument, card: PolicyCard | None) -> Source:
    if card is None:
        return Source(document.citation, document.url, "", "")
    known = [card.issuer, full_date(card.issued_date) if card.issued_date else ""]
    return Source(document.citation, card.url, "　".join(word for word in known if word), card.state)
