"""The rules of a district: entered, corrected and removed by staff; each with the document it stands in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.core.errors import InvalidInput, Refused
from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.districts.enums import RuleKind, RuleState
from directory.districts.models import District, PolicyDocument, Rule
from directory.districts.queries.policies import policy_cards
from directory.districts.queries.rules import drafts_of
from directory.districts.rule_values import KIND_RULES, REPEATED_KINDS, is_fit
from directory.districts.rule_words import EXAMPLES
from directory.districts.services.checking import assign, check, lock_row, save_checked
from directory.districts.services.history import differences, record
from directory.districts.services.offices import refresh_offices

NO_KIND = _("请选一个种类。")
OVERLAP = _("这段时间已有一条施行的同类规定，请先给那一条写上「有效期至」。")

#: What a preview compares.
SHOWN = [field for field in Rule._meta.concrete_fields if not field.primary_key]


class DocumentIsDraft(Refused):
    """The policy page says that the document has not been issued."""

    message = _("政策文件页上这份文件还是征求意见稿。请先把它改为「正式文件」并发布，再回来转为施行。")


class NoDrafts(Refused):
    """Every rule of the document is in force or still to be checked."""

    message = _("这份文件没有征求意见稿的规定。")


@dataclass(frozen=True, slots=True)
class RulePreview:
    """What saving would alter: the row as it would be, and the fields that change with what they hold now."""

    rule: Rule
    before: dict[str, Any]


@transaction.atomic
def save_rule(
    *, values: dict[str, Any], rule: Rule | None = None, now: dt.datetime, actor: AbstractBaseUser | None = None
) -> Rule:
    """Enter or correct a rule. Raises ``InvalidInput`` with one message per field."""
    _lock_rules()
    row = Rule() if rule is None else lock_row(rule)
    changes = differences(row, values) if rule else {}
    _fill(row, values)
    save_checked(row)
    record(instance=row, action="wagtail.edit" if rule else "wagtail.create", actor=actor, changes=changes)
    _follow(row, now)
    return row


def preview_rule(*, values: dict[str, Any], rule: Rule | None = None) -> RulePreview:
    """What ``save_rule`` would do, without doing it. Raises ``InvalidInput`` as that would."""
    row = Rule() if rule is None else Rule.objects.get(pk=rule.pk)
    before = {field.name: getattr(row, field.name, None) for field in SHOWN}
    _fill(row, values)
    check(row)
    return RulePreview(row, {name: value for name, value in before.items() if value != getattr(row, name)})


@transaction.atomic
def remove_rule(*, rule: Rule, now: dt.datetime, actor: AbstractBaseUser | None = None) -> None:
    """Take a rule away that was entered by mistake."""
    record(instance=rule, action="wagtail.delete", actor=actor, kind=rule.kind)
    rule.delete()
    _follow(rule, now)


@transaction.atomic
def save_document(
    *, values: dict[str, Any], document: PolicyDocument | None = None, actor: AbstractBaseUser | None = None
) -> PolicyDocument:
    """Enter or correct the citation of a document. Raises ``InvalidInput``."""
    row = PolicyDocument() if document is None else lock_row(document)
    changes = differences(row, values) if document else {}
    assign(row, values)
    save_checked(row)
    record(instance=row, action="wagtail.edit" if document else "wagtail.create", actor=actor, changes=changes)
    versions.bump(PUBLIC_PAGES)
    return row


@transaction.atomic
def put_in_force(*, document: PolicyDocument, now: dt.datetime, actor: AbstractBaseUser | None = None) -> int:
    """Put every draft rule of an issued document in force; returns how many.

    Raises ``DocumentIsDraft``, ``NoDrafts``, ``InvalidInput`` where another rule of the kind holds at that time.
    """
    _lock_rules()
    if _is_draft(document.pk):
        raise DocumentIsDraft
    drafts = drafts_of(document)
    if not drafts:
        raise NoDrafts
    for rule in drafts:
        save_rule(values={"state": RuleState.IN_FORCE}, rule=rule, now=now, actor=actor)
    return len(drafts)


def _follow(rule: Rule, now: dt.datetime) -> None:
    """What is read from the rule: the public pages, and who may post classes."""
    versions.bump(PUBLIC_PAGES)
    if rule.kind == RuleKind.PARENTING_LEAD:
        refresh_offices(now=now)


def _lock_rules() -> None:
    """Rules are few and seldom written: one at a time, so that no two of a kind come to hold together."""
    list(District.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _fill(row: Rule, values: dict[str, Any]) -> None:
    assign(row, values)
    _check_value(row)
    if row.state == RuleState.IN_FORCE and _is_draft(row.document_id):
        row.state = RuleState.DRAFT
    _check_alone(row)


def _is_draft(document_id: int | None) -> bool:
    """What a draft document says is a draft, regardless of what was entered."""
    return document_id is not None and any(card.is_draft for card in policy_cards([document_id]).values())


def _check_value(row: Rule) -> None:
    if row.kind not in KIND_RULES:
        raise InvalidInput(str(NO_KIND), fields={"kind": str(NO_KIND)})
    if not is_fit(row.kind, row.value):
        words = str(EXAMPLES[KIND_RULES[row.kind].shape])
        raise InvalidInput(words, fields={"value": words})


def _check_alone(row: Rule) -> None:
    """Of one level only one rule of a kind holds on a day; the refusal brings the other one as ``extra["rule"]``."""
    if row.state != RuleState.IN_FORCE or row.kind in REPEATED_KINDS:
        return
    same = Rule.objects.filter(
        kind=row.kind, level=row.level, area=row.area, district=row.district, state=RuleState.IN_FORCE
    )
    other = next((other for other in same.exclude(pk=row.pk).order_by("pk") if row.overlaps(other)), None)
    if other is not None:
        raise InvalidInput(str(OVERLAP), fields={"valid_from": str(OVERLAP)}, rule=other)
