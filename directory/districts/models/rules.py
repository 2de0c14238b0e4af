"""What holds in a district: every rule is one row with its kind, its value and the document it stands in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.core.web.fields import WebAddressField
from directory.districts.enums import RuleKind, RuleLevel, RuleState
from directory.districts.models.districts import District

#: The beginning of the administrative codes of a province's and of a city's districts.
PROVINCE_CODE, CITY_CODE = r"^[0-9]{2}$", r"^[0-9]{4}$"


class PolicyDocument(models.Model):
    """A document that rules stand in, as they cite it. Its state and its dates are on its policy page alone."""

    slug = models.SlugField(_("代号"), max_length=60, unique=True)
    district = models.ForeignKey(
        District, on_delete=models.CASCADE, null=True, blank=True, related_name="documents", verbose_name=_("区")
    )
    is_plan = models.BooleanField(_("本区的实施方案"), default=False)
    title = models.CharField(_("文件名"), max_length=200)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    url = WebAddressField(_("网址"), blank=True)

    class Meta:
        verbose_name = _("依据的文件")
        verbose_name_plural = _("依据的文件")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="policy_document_has_title"),
            models.CheckConstraint(
                condition=Q(is_plan=False) | Q(district__isnull=False), name="policy_document_plan_has_district"
            ),
            models.UniqueConstraint(fields=["district"], condition=Q(is_plan=True), name="policy_document_one_plan"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def citation(self) -> str:
        """「托育机构登记和备案办法（试行）（国卫办人口发〔2019〕25号）」"""
        return f"{self.title}（{self.number}）" if self.number else self.title


class Rule(models.Model):
    """One rule of the nation, a province, a city or a district; the nearest that speaks holds.

    ``area`` holds the first two or four digits of the administrative codes that the rule covers. A rule without a value
    is words only and does not speak for its kind where the kind has values.
    """

    Kind = RuleKind
    Level = RuleLevel
    State = RuleState

    level = models.CharField(_("哪一级"), max_length=10, choices=Level.choices, default=Level.DISTRICT)
    area = models.CharField(_("省或市代码"), max_length=4, blank=True, help_text=_("省写前两位，市写前四位"))
    district = models.ForeignKey(
        District, on_delete=models.CASCADE, null=True, blank=True, related_name="rules", verbose_name=_("区")
    )
    kind = models.CharField(_("种类"), max_length=40, choices=Kind.choices)
    label = models.CharField(_("名称"), max_length=80, blank=True, help_text=_("留空就用种类的名称"))
    text = models.CharField(_("说明"), max_length=300)
    value = models.JSONField(_("数值"), null=True, blank=True)
    due_year = models.PositiveSmallIntegerField(_("目标年份"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.IN_FORCE)
    valid_from = models.DateField(_("施行日期"), null=True, blank=True, help_text=_("不知道就留空"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True, help_text=_("含当天；没有期限就留空"))
    document = models.ForeignKey(
        PolicyDocument, on_delete=models.PROTECT, related_name="rules", verbose_name=_("依据的文件")
    )
    quote = models.TextField(_("原文"), blank=True)

    class Meta:
        verbose_name = _("规定")
        verbose_name_plural = _("规定")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RuleKind.values), name="rule_kind_known"),
            models.CheckConstraint(condition=Q(state__in=RuleState.values), name="rule_state_known"),
            models.CheckConstraint(condition=~Q(text=""), name="rule_has_text"),
            models.CheckConstraint(
                condition=Q(level=RuleLevel.NATION, area="", district__isnull=True)
                | Q(level=RuleLevel.PROVINCE, area__regex=PROVINCE_CODE, district__isnull=True)
                | Q(level=RuleLevel.CITY, area__regex=CITY_CODE, district__isnull=True)
                | Q(level=RuleLevel.DISTRICT, area="", district__isnull=False),
                name="rule_level_has_its_area",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="rule_until_after_from",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Its own name, else its kind's."""
        return self.label or str(self.get_kind_display())

    @property
    def is_draft(self) -> bool:
        """True for a proposal, which is shown and never enforced."""
        return self.state == RuleState.DRAFT

    def reaches(self, district_id: int, code: str) -> bool:
        """Whether the rule is the district's own, or one of what the district lies in, as its code says."""
        return self.district_id == district_id if self.level == RuleLevel.DISTRICT else code.startswith(self.area)

    def overlaps(self, other: Any) -> bool:
        """Whether both are valid on some day."""
        return _before(self.valid_from, other.valid_until) and _before(other.valid_from, self.valid_until)


def _before(start: Any, last: Any) -> bool:
    return start is None or last is None or start <= last
