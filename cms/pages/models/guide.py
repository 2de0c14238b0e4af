"""Parenting guides by months and domain."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.query import PageQuerySet

from cms.pages import listing
from cms.pages.editing import GuidePageForm
from cms.pages.enums import GuideDomain
from cms.pages.models.base import DistrictPage, SitePage, known_department

SAME_AGE_SHOWN = 4


class GuideIndexPage(SitePage):
    """/guides/"""

    template = "pages/guide_index.html"
    cache_params: ClassVar[tuple[str, ...]] = ("page", "age", "domain")
    max_count_per_parent = 1
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["pages.GuidePage"]

    class Meta:
        verbose_name = _("育儿指导目录")
        verbose_name_plural = _("育儿指导目录")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The guides that fit the asked band and domain; an unknown word asks for nothing."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        asked = listing.read_guide_question(request.GET, GuidePage.Domain.values)
        guides = self.list_guides(age_months=asked.age_months, domain=asked.domain)
        context.update(
            guides=listing.get_page_of(guides, request.GET.get("page")),
            asked=asked,
            domains=GuidePage.Domain.choices,
            bands=listing.GUIDE_BANDS,
        )
        return context

    def list_guides(self, *, age_months: int | None = None, domain: str = "") -> PageQuerySet:
        """Published guides whose band holds the age, by age and then domain."""
        guides = GuidePage.objects.child_of(self).live().order_by("month_from", "month_to", "domain", "title")
        if age_months is not None:
            guides = guides.filter(month_from__lte=age_months, month_to__gt=age_months)
        return guides.filter(domain=domain) if domain else guides


class GuidePage(DistrictPage):
    """A guide for a band of months in one of the seven domains, gone through by a named office on a day."""

    Domain = GuideDomain

    month_from = models.PositiveSmallIntegerField(_("月龄从"), default=0, help_text=_("满几个月"))
    month_to = models.PositiveSmallIntegerField(_("月龄到"), default=36, help_text=_("不满几个月"))
    domain = models.CharField(_("领域"), max_length=12, choices=Domain.choices)
    summary = models.CharField(_("一句话"), max_length=80, blank=True)
    reviewer = models.CharField(_("审核"), max_length=60, help_text=_("写科室或职务，例如：区妇幼保健院儿保科"))
    reviewed_date = models.DateField(_("审核日期"))

    template = "pages/guide.html"
    base_form_class = GuidePageForm
    parent_page_types: ClassVar[list[str]] = ["pages.GuideIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *DistrictPage.content_panels,
        FieldRowPanel([FieldPanel("district"), FieldPanel("summary")]),
        FieldRowPanel([FieldPanel("month_from"), FieldPanel("month_to"), FieldPanel("domain")]),
        FieldRowPanel([FieldPanel("reviewer"), FieldPanel("reviewed_date")]),
        FieldPanel("body"),
    ]

    def list_same_age(self) -> PageQuerySet:
        """A few other published guides whose months overlap with these."""
        others = GuidePage.objects.sibling_of(self, inclusive=False).live()
        overlap = others.filter(month_from__lt=self.month_to, month_to__gt=self.month_from)
        return overlap.order_by("month_from", "month_to", "title")[:SAME_AGE_SHOWN]

    class Meta:
        verbose_name = _("育儿指导")
        verbose_name_plural = _("育儿指导")
        constraints = [
            known_department("guide_department_known"),
            models.CheckConstraint(
                condition=models.Q(month_from__lt=models.F("month_to"), month_to__lte=72),
                name="guide_months_in_order",
                violation_error_message=_("月龄「到」要大于「从」，最多 72 个月"),
            ),
            models.CheckConstraint(
                condition=models.Q(domain__in=GuideDomain.values),
                name="guide_domain_known",
            ),
        ]
