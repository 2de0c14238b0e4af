"""What makes an institution public, what distinguishes it, and what was refused. Dates and sources on each.

The law in draft replaces filing by a permit, so the basis is data and no name here says 备案.
"""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.core.security.codes import new_public_id
from cms.core.web.fields import WebAddressField
from directory.districts.models import District
from directory.register.enums import AuthorisationBasis, TitleKind
from directory.register.models.institution import Institution


class StandingQuerySet(models.QuerySet):
    """Rows that can begin, be published, end and run out: authorisations and titles."""

    def live(self, today: dt.date) -> Self:
        """Those that count today: published, begun, not ended, not past their date."""
        return self.filter(
            Q(until_date__isnull=True) | Q(until_date__gte=today),
            Q(from_date__isnull=True) | Q(from_date__lte=today),
            published_at__isnull=False,
            ended_date__isnull=True,
        )


class Standing:
    """What one such row says of itself."""

    from_date: dt.date | None
    until_date: dt.date | None
    ended_date: dt.date | None
    published_at: dt.datetime | None

    def is_live(self, today: dt.date) -> bool:
        """As ``StandingQuerySet.live``, for a row that has been read."""
        return (
            self.published_at is not None
            and self.ended_date is None
            and not self.has_run_out(today)
            and (self.from_date is None or self.from_date <= today)
        )

    def has_run_out(self, today: dt.date) -> bool:
        """Whether its last day has passed; without one it never does."""
        return self.until_date is not None and self.until_date < today


class Authorisation(Standing, models.Model):
    """A filing or a permit. Live while not ended and not past ``until_date``."""

    Basis = AuthorisationBasis

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="authorisations", verbose_name=_("托育机构")
    )
    basis = models.CharField(_("依据"), max_length=10, choices=Basis.choices, default=Basis.FILING)
    number = models.CharField(_("编号"), max_length=60, blank=True)
    office = models.CharField(_("办理部门"), max_length=80)
    from_date = models.DateField(_("通过日期"), null=True, blank=True)
    until_date = models.DateField(_("有效期至"), null=True, blank=True)
    ended_date = models.DateField(_("结束日期"), null=True, blank=True)
    ended_reason = models.CharField(_("结束原因"), max_length=200, blank=True)
    source_title = models.CharField(_("公开来源"), max_length=200)
    source_url = WebAddressField(_("网址"), blank=True)
    published_at = models.DateTimeField(_("公开时间"), null=True, blank=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("备案与许可")
        verbose_name_plural = _("备案与许可")
        constraints = [
            models.UniqueConstraint(
                fields=["institution"], condition=Q(ended_date__isnull=True), name="authorisation_one_live"
            ),
            models.CheckConstraint(condition=Q(basis__in=AuthorisationBasis.values), name="authorisation_basis_known"),
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(from_date__isnull=True) | Q(until_date__gte=F("from_date")),
                name="authorisation_until_after_from",
            ),
            models.CheckConstraint(
                condition=Q(ended_date__isnull=True, ended_reason="")
                | (Q(ended_date__isnull=False) & ~Q(ended_reason="")),
                name="authorisation_end_has_reason",
            ),
            models.CheckConstraint(condition=~Q(source_title=""), name="authorisation_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.get_basis_display()} {self.number}"


class Title(Standing, models.Model):
    """A distinction, today 示范. Needs a live authorisation."""

    Kind = TitleKind

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="titles", verbose_name=_("托育机构")
    )
    kind = models.CharField(_("称号"), max_length=20, choices=Kind.choices, default=Kind.DEMONSTRATION)
    name = models.CharField(_("全称"), max_length=80)
    office = models.CharField(_("认定部门"), max_length=80)
    from_date = models.DateField(_("认定日期"))
    until_date = models.DateField(_("有效期至"), null=True, blank=True)
    ended_date = models.DateField(_("结束日期"), null=True, blank=True)
    ended_reason = models.CharField(_("结束原因"), max_length=200, blank=True)
    source_title = models.CharField(_("公开来源"), max_length=200)
    source_url = WebAddressField(_("网址"), blank=True)
    published_at = models.DateTimeField(_("公开时间"), null=True, blank=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("示范称号")
        verbose_name_plural = _("示范称号")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "kind"], condition=Q(ended_date__isnull=True), name="title_one_live_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")), name="title_until_after_from"
            ),
            models.CheckConstraint(
                condition=Q(ended_date__isnull=True, ended_reason="")
                | (Q(ended_date__isnull=False) & ~Q(ended_reason="")),
                name="title_end_has_reason",
            ),
            models.CheckConstraint(condition=~Q(source_title=""), name="title_has_source"),
        ]

    def __str__(self) -> str:
        return self.name


class Refusal(models.Model):
    """An institution that was not accepted, with the public reasons (「说明理由并向社会公开」, 红政办〔2022〕34号).

    A later success is linked, the refusal stays. Names of natural persons are not asked for.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="refusals", verbose_name=_("区"))
    institution = models.ForeignKey(
        Institution,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="refusals",
        verbose_name=_("托育机构"),
    )
    institution_name = models.CharField(_("机构名称"), max_length=80)
    refused_date = models.DateField(_("作出日期"))
    office = models.CharField(_("办理部门"), max_length=80)
    reasons = models.TextField(_("理由"), help_text=_("写明哪一项不符合、依据哪一条；不要写个人姓名和电话"))
    rule = models.CharField(_("依据条款"), max_length=200)
    source_title = models.CharField(_("公开来源"), max_length=200)
    source_url = WebAddressField(_("网址"), blank=True)
    published_at = models.DateTimeField(_("公开时间"), null=True, blank=True)
    later_authorisation = models.ForeignKey(
        Authorisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("后来通过")
    )

    class Meta:
        verbose_name = _("未通过公开")
        verbose_name_plural = _("未通过公开")
        indexes = [models.Index(fields=["district", "-refused_date"], name="refusal_recent")]
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="refusal_has_reasons"),
            models.CheckConstraint(condition=~Q(source_title=""), name="refusal_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.institution_name} {self.refused_date}"
