"""What saving a rule alters, in words: old and new, who reads it, from when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.display.wording import full_date
from directory.districts.enums import RuleKind, RuleState
from directory.districts.models import Rule
from directory.districts.ports import rule_reach
from directory.districts.rule_values import DOCUMENT_KINDS
from directory.districts.rule_words import words_of
from directory.districts.services.rules import RulePreview

DISTRICT_PAGE = gettext_lazy("本区规定页")
#: What reads a kind besides the district's page.
READERS: dict[str, Promise] = {
    RuleKind.CARE_MODES: gettext_lazy("机构能登记和收费的托育方式：不在里面的不能再新增，已有的不变"),
    RuleKind.VOUCHERS: gettext_lazy("能不能发体验券"),
    RuleKind.RECEIPT_DAYS: gettext_lazy("备案回执的期限"),
    RuleKind.REFUSAL_DAYS: gettext_lazy("不予备案通知的期限"),
    RuleKind.REGISTRATION_PUSH: gettext_lazy("登记信息推送的期限"),
    RuleKind.PARENTING_LEAD: gettext_lazy("由谁组织家长课堂"),
    RuleKind.AREA_PER_PLACE: gettext_lazy("每托位面积"),
    **dict.fromkeys(DOCUMENT_KINDS, gettext_lazy("备案要交的材料清单")),
}


@dataclass(frozen=True, slots=True)
class Alteration:
    """One line of the table."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PreviewWords:
    """What the confirming page says."""

    title: str
    lines: list[Alteration]
    read_by: list[str]
    since: str
    reach: list[str]


def preview_words(preview: RulePreview, today: dt.date) -> PreviewWords:
    """The words for one change."""
    rule = preview.rule
    lines = [_line(rule, name, before) for name, before in preview.before.items()]
    return PreviewWords(rule.name, lines, _read_by(rule), _since(rule, today), reach_words(rule))


def reach_words(rule: Rule) -> list[str]:
    """Which institutions the rule speaks of; nothing where it is still to be checked or nobody knows."""
    ask = rule_reach.get()
    if ask is None or rule.state == RuleState.TO_CHECK:
        return []
    reach = ask(rule)
    found = [_("在这个范围里的托育机构：%(count)d 家") % {"count": reach.institutions}]
    if reach.outside:
        found.append(_("其中登记或提供着别的托育方式：%(count)d 家") % {"count": reach.outside})
    return found


def _line(rule: Rule, name: str, before: object) -> Alteration:
    label = str(_field(name).verbose_name)
    return Alteration(label, _words(rule, name, before), _words(rule, name, getattr(rule, name)))


def _field(name: str) -> Any:
    return Rule._meta.get_field(name)


def _words(rule: Rule, name: str, value: object) -> str:
    if value is None or value == "":
        return _("（空）")
    if name == "value":
        return words_of(rule.kind, value)
    choices = dict(_field(name).flatchoices)
    if choices:
        return str(choices.get(value, value))
    return full_date(value) if isinstance(value, dt.date) else str(value)


def _read_by(rule: Rule) -> list[str]:
    if rule.state == RuleState.TO_CHECK:
        return [_("只有工作人员看得到，核对后再改为施行")]
    page = str(DISTRICT_PAGE)
    if rule.state == RuleState.DRAFT:
        return [page + _("（标明征求意见稿，不执行）")]
    return [page, *(str(words) for kind, words in READERS.items() if kind == rule.kind)]


def _since(rule: Rule, today: dt.date) -> str:
    if rule.valid_until is not None and rule.valid_until < today:
        return _("有效期已过，保存后不再显示")
    if rule.valid_from is not None and rule.valid_from > today:
        return _("%(date)s起") % {"date": full_date(rule.valid_from)}
    return _("保存后马上生效")
