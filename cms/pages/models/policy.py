"""Policies: what is in force, since when, until when, and what may be shown."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PageChooserPanel
from wagtail.query import PageQuerySet

from cms.core.errors import Refused
from cms.core.web.fields import WebAddressField
from cms.pages import listing
from cms.pages.editing import NOT_PUBLISHABLE, OTHERS_DOCUMENT, PolicyPageForm
from cms.pages.enums import PolicyDisclosure, PolicyStage, PolicyState
from cms.pages.models.base import DistrictPage, SitePage, known_department

#: Years. Longer ones are slips of the hand, and the calendar ends with the year 9999.
LONGEST_VALIDITY = 100


class PolicyNotPublic(Refused, PermissionDenied):
    """Documents marked 依申请公开 or 不予公开 are never published, whatever the way.

    The editor's form says so first; where a bulk action comes past it, Wagtail shows a refusal.
    """

    code = "not_public"
    message = _("「依申请公开」和「不予公开」的文件不能发布")


class PolicyOfOthers(Refused, PermissionDenied):
    """The rules of a district don't follow what another district's page says of their document."""

    code = "document_of_others"
    message = OTHERS_DOCUMENT


class PolicyIndexPage(SitePage):
    """/policies/"""

    template = "pages/policy_index.html"
    cache_params: ClassVar[tuple[str, ...]] = ("page",)
    max_count_per_parent = 1
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["pages.PolicyPage"]

    class Meta:
        verbose_name = _("政策文件目录")
        verbose_name_plural = _("政策文件目录")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One page of the documents, those of the visitor's district first."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        own = listing.own_district(request)
        context["policies"] = listing.get_page_of(self.list_policies(own), request.GET.get("page"))
        return context

    def list_policies(self, own_district: int | None = None) -> PageQuerySet:
        """Published documents: the district's own, then the others; newest first, those without a date last."""
        is_own = models.Case(models.When(district_id=own_district or 0, then=True), default=False)
        published = PolicyPage.objects.child_of(self).live().select_related("district")
        newest = models.F("issued_date").desc(nulls_last=True)
        return published.annotate(is_own=is_own).order_by("-is_own", newest, "title", "pk")


class PolicyPage(DistrictPage):
    """A policy document with its number, dates and validity; what is unknown computes nothing."""

    Stage = PolicyStage
    Disclosure = PolicyDisclosure
    State = PolicyState

    document = models.OneToOneField(
        "districts.PolicyDocument",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("规定里怎么引用"),
        help_text=_("选了以后，「规定与指标」里的出处会链到这一页"),
    )
    summary = models.TextField(
        _("几句话说清"), blank=True, default="", db_default="", help_text=_("家长先看到这一段：三五句，不用公文的话")
    )
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    issuer = models.CharField(_("发文机关"), max_length=80, blank=True, help_text=_("文件上没有写就留空"))
    stage = models.CharField(_("文件性质"), max_length=10, choices=Stage.choices, default=Stage.ISSUED)
    disclosure = models.CharField(_("公开属性"), max_length=12, choices=Disclosure.choices, default=Disclosure.NONE)
    issued_date = models.DateField(
        _("印发日期"), null=True, blank=True, help_text=_("不知道就留空，页面会写「日期待核」")
    )
    effective_date = models.DateField(_("施行日期"), null=True, blank=True, help_text=_("留空就是印发之日起施行"))
    validity_years = models.PositiveSmallIntegerField(
        _("有效期（年）"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(LONGEST_VALIDITY)],
        help_text=_("文件没写有效期就留空"),
    )
    adoption = models.CharField(_("审议通过"), max_length=120, blank=True, help_text=_("例如：区政府第 11 次常务会议"))
    source_title = models.CharField(_("来源"), max_length=120, blank=True)
    source_url = WebAddressField(_("来源网址"), blank=True)
    superseded_by = models.ForeignKey(
        "pages.PolicyPage",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("被哪份文件替代"),
    )

    template = "pages/policy.html"
    base_form_class = PolicyPageForm
    parent_page_types: ClassVar[list[str]] = ["pages.PolicyIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    # A document has one page; its copy cites none until an editor says which.
    exclude_fields_in_copy: ClassVar[list[str]] = ["document"]
    content_panels: ClassVar[list[Any]] = [
        *DistrictPage.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("document_number"), FieldPanel("issuer")]),
                FieldRowPanel([FieldPanel("stage"), FieldPanel("disclosure")]),
                FieldRowPanel([FieldPanel("issued_date"), FieldPanel("effective_date"), FieldPanel("validity_years")]),
                FieldPanel("adoption"),
                FieldRowPanel([FieldPanel("source_title"), FieldPanel("source_url")]),
                FieldRowPanel([FieldPanel("district"), PageChooserPanel("superseded_by", "pages.PolicyPage")]),
                FieldPanel("document"),
            ],
            heading=_("文件信息"),
        ),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("政策文件")
        verbose_name_plural = _("政策文件")
        constraints = [
            known_department("policy_department_known"),
            models.CheckConstraint(
                condition=models.Q(effective_date__isnull=True)
                | models.Q(issued_date__isnull=True)
                | models.Q(effective_date__gte=models.F("issued_date")),
                name="policy_effective_after_issue",
                violation_error_message=_("施行日期不能早于印发日期"),
            ),
            models.CheckConstraint(
                condition=models.Q(validity_years__isnull=True) | models.Q(validity_years__gte=1),
                name="policy_validity_at_least_a_year",
                violation_error_message=_("有效期至少 1 年，文件没写就留空"),
            ),
            models.CheckConstraint(
                condition=models.Q(validity_years__isnull=True) | models.Q(validity_years__lte=LONGEST_VALIDITY),
                name="policy_validity_at_most_a_century",
                violation_error_message=_("有效期最长 100 年"),
            ),
        ]

    @property
    def starts_date(self) -> dt.date | None:
        """The first day in force, where known."""
        return self.effective_date or self.issued_date

    @property
    def expires_date(self) -> dt.date | None:
        """The first day no longer in force; None without a validity, a known start, or a calendar that has it."""
        if self.validity_years is None or self.starts_date is None:
            return None
        start = self.starts_date
        year = start.year + self.validity_years
        if year > dt.MAXYEAR:  # a preview shows what is not checked yet
            return None
        last_of_february = (start.month, start.day) == (2, 29)
        return dt.date(year, 3, 1) if last_of_february else start.replace(year=year)

    def state_on(self, day: dt.date) -> PolicyState:
        """What the document is worth on a day. A document without a date but with a validity is 日期待核."""
        if self.stage == self.Stage.DRAFT:
            return PolicyState.DRAFT
        if self.superseded_by_id is not None:
            return PolicyState.SUPERSEDED
        if self.starts_date is None:
            return PolicyState.UNKNOWN
        if day < self.starts_date:
            return PolicyState.NOT_YET
        expires = self.expires_date
        return PolicyState.EXPIRED if expires is not None and day >= expires else PolicyState.IN_FORCE

    @property
    def state(self) -> PolicyState:
        """As of today."""
        return self.state_on(listing.today())

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The state once, not once a line; the headings of the text as its contents; the rules that cite it."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["state"] = self.state
        context["rules"] = listing.rules_in_words(self.document_id)
        context["contents"] = [
            {"number": number, "title": block.value}
            for number, block in enumerate(self.body, start=1)
            if block.block_type == "heading"
        ]
        return context

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """Every way to publish ends here: the editor, the scheduled job, code."""
        draft = revision.as_object()
        if draft.disclosure in NOT_PUBLISHABLE:
            raise PolicyNotPublic
        if draft.document is not None and draft.document.district_id != draft.district_id:
            raise PolicyOfOthers
        return super().publish(revision, *args, **kwargs)
