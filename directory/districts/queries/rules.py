"""Which rules hold in a district on a day. Everything that needs a rule asks here.

The nearest level that speaks holds; documents are the union of all levels; a draft is shown and never enforced; what is
still to be checked by a person is for staff alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from directory.districts.class_kinds import CareMode
from directory.districts.enums import FilingSubject, RuleKind, RuleLevel, RuleState
from directory.districts.models import District, PolicyDocument, Rule
from directory.districts.rule_values import DOCUMENT_KINDS

#: The nearest first.
LEVELS = tuple(reversed(RuleLevel.values))
KINDS = tuple(RuleKind.values)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a filing must prove: one of the documents is enough."""

    subject: str
    any_of: tuple[str, ...]
    only_with_meals: bool
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of one district on one day, those of the upper levels among them, in the order of pages."""

    day: dt.date
    rules: tuple[Rule, ...]

    def effective(self, kind: str) -> Rule | None:
        """The rule in force of the nearest level that gives a value; None where nobody does."""
        for level in LEVELS:
            for rule in self.in_force(kind):
                if rule.level == level and rule.value is not None:
                    return rule
        return None

    def value(self, kind: str) -> Any:
        """The value that holds, or None."""
        rule = self.effective(kind)
        return None if rule is None else rule.value

    def in_force(self, *kinds: str) -> Iterator[Rule]:
        """The rules of these kinds that hold, whatever their level."""
        return (rule for rule in self.rules if rule.kind in kinds and rule.state == RuleState.IN_FORCE)

    def care_modes(self) -> tuple[str, ...]:
        """The modes that institutions may offer: all but the half month where nobody names any."""
        named = self.value(RuleKind.CARE_MODES)
        if named is None:
            return tuple(mode.value for mode in CareMode if mode != CareMode.HALF_MONTH)
        return tuple(mode for mode in CareMode.values if mode in named)

    def has_vouchers(self) -> bool:
        """Whether experience vouchers may be issued."""
        return bool(self.value(RuleKind.VOUCHERS))

    def documents(self) -> list[Requirement]:
        """What a filing needs: each subject that any level names, with every document that one of them accepts."""
        found: dict[str, list[tuple[Rule, dict[str, Any]]]] = {subject: [] for subject in FilingSubject.values}
        for rule in self.in_force(*DOCUMENT_KINDS):
            for entry in rule.value or ():
                found[entry["subject"]].append((rule, entry))
        return [_requirement(subject, entries) for subject, entries in found.items() if entries]


def _requirement(subject: str, entries: list[tuple[Rule, dict[str, Any]]]) -> Requirement:
    """Needed by all as soon as one level needs it of all."""
    documents = dict.fromkeys(document for _rule, entry in entries for document in entry["any_of"])
    only_with_meals = all(entry.get("when") == "meals" for _rule, entry in entries)
    return Requirement(subject, tuple(documents), only_with_meals, tuple(dict.fromkeys(rule for rule, _ in entries)))


def rules_over(district: District) -> QuerySet[Rule]:
    """The rules of a district and of what it lies in, whatever their state and their time."""
    return Rule.objects.filter(
        Q(level=RuleLevel.NATION)
        | Q(level=RuleLevel.PROVINCE, area=district.code[:2])
        | Q(level=RuleLevel.CITY, area=district.code[:4])
        | Q(level=RuleLevel.DISTRICT, district_id=district.pk)
    )


def valid_on(rules: QuerySet[Rule], day: dt.date) -> QuerySet[Rule]:
    """Those whose first day has come and whose last has not passed; an unknown day excludes nothing."""
    return rules.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    )


def public_rules(district: District, day: dt.date) -> QuerySet[Rule]:
    """What holds or is proposed in a district on a day."""
    return valid_on(rules_over(district), day).exclude(state=RuleState.TO_CHECK).select_related("document")


def rule_book(district: District, day: dt.date) -> RuleBook:
    """The rules of a district on a day; one query."""
    return book_of(public_rules(district, day), day)


def book_of(rules: Iterable[Rule], day: dt.date) -> RuleBook:
    """Rules as they have been read."""
    return RuleBook(day, tuple(in_order(rules)))


def rules_to_check(district: District) -> list[Rule]:
    """What a person has still to check; for staff alone."""
    return in_order(rules_over(district).filter(state=RuleState.TO_CHECK).select_related("document"))


def upper_rules(district: District) -> list[Rule]:
    """What the levels above a district say, apart from what is still to be checked."""
    rules = rules_over(district).exclude(level=RuleLevel.DISTRICT).exclude(state=RuleState.TO_CHECK)
    return in_order(rules.select_related("document"))


def in_order(rules: Iterable[Rule]) -> list[Rule]:
    """By kind, the nearest level first, then by target year and age of the row."""
    return sorted(rules, key=lambda row: (KINDS.index(row.kind), LEVELS.index(row.level), row.due_year or 0, row.pk))


def district_care_modes(district: District, day: dt.date) -> tuple[str, ...]:
    """The modes that institutions of a district may offer on a day."""
    return rule_book(district, day).care_modes()


def rules_of_document(document_id: int) -> list[Rule]:
    """What a document says, in force or proposed, in the order of pages."""
    return in_order(Rule.objects.filter(document_id=document_id).exclude(state=RuleState.TO_CHECK))


def care_modes_of(codes: Mapping[int, str], day: dt.date) -> dict[int, tuple[str, ...]]:
    """``district_care_modes`` of several districts, given as key → code; one query."""
    rules = list(valid_on(Rule.objects.filter(kind=RuleKind.CARE_MODES, state=RuleState.IN_FORCE), day))
    return {
        key: book_of((rule for rule in rules if rule.reaches(key, code)), day).care_modes()
        for key, code in codes.items()
    }


def has_drafts(document: PolicyDocument) -> bool:
    """Whether a document has rules that are not in force yet."""
    return document.rules.filter(state=RuleState.DRAFT).exists()


def drafts_of(document: PolicyDocument) -> list[Rule]:
    """The rules of a document that are not in force yet, in the order of their rows."""
    return list(document.rules.filter(state=RuleState.DRAFT).select_related("document").order_by("pk"))
