"""Public notices (公示、通知)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable
from wagtail.query import PageQuerySet

from cms.pages import listing
from cms.pages.editing import NoticePageForm
from cms.pages.enums import NoticeKind
from cms.pages.models.base import DistrictPage, SitePage, known_department
from directory.register.forms.choosers import OfferedInstitutionChooser
from directory.register.models import Institution


class NoticeIndexPage(SitePage):
    """/notices/"""

    template = "pages/notice_index.html"
    cache_params: ClassVar[tuple[str, ...]] = ("page",)
    max_count_per_parent = 1
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["pages.NoticePage"]

    class Meta:
        verbose_name = _("公示与通知目录")
        verbose_name_plural = _("公示与通知目录")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One page of the notices, those of the visitor's district first."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["notices"] = listing.get_page_of(
            self.list_notices(listing.own_district(request)), request.GET.get("page")
        )
        return context

    def list_notices(self, own_district: int | None = None) -> PageQuerySet:
        """Published notices: of the district and of the site, then of the others; newest first."""
        is_others = models.Case(
            models.When(models.Q(district=None) | models.Q(district_id=own_district), then=False), default=True
        )
        published = NoticePage.objects.child_of(self).live().select_related("district")
        return published.annotate(is_others=is_others).order_by("is_others", "-notice_date", "-pk")


class NoticePage(DistrictPage):
    """One notice with its day, office and, where it asks for objections, the last day for them."""

    Kind = NoticeKind

    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices, default=Kind.ANNOUNCEMENT)
    notice_date = models.DateField(_("日期"), default=listing.today)
    office = models.CharField(_("发布部门"), max_length=80)
    objections_until = models.DateField(_("异议截止"), null=True, blank=True)

    template = "pages/notice.html"
    base_form_class = NoticePageForm
    parent_page_types: ClassVar[list[str]] = ["pages.NoticeIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *DistrictPage.content_panels,
        FieldRowPanel([FieldPanel("kind"), FieldPanel("notice_date"), FieldPanel("objections_until")]),
        FieldRowPanel([FieldPanel("district"), FieldPanel("office")]),
        FieldPanel("body"),
        InlinePanel(
            "named",
            panels=[FieldPanel("institution", widget=OfferedInstitutionChooser)],
            heading=_("相关的托育机构"),
            label=_("机构"),
            help_text=_("页面上列出已公开的，点进去是机构页面"),
        ),
    ]

    class Meta:
        verbose_name = _("公示与通知")
        verbose_name_plural = _("公示与通知")
        constraints = [
            known_department("notice_department_known"),
            models.CheckConstraint(
                condition=models.Q(objections_until__isnull=True)
                | models.Q(objections_until__gte=models.F("notice_date")),
                name="notice_objections_after_notice",
                violation_error_message=_("异议截止不能早于公示日期"),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=NoticeKind.values),
                name="notice_kind_known",
            ),
        ]

    def named_institutions(self) -> list[Institution]:
        """The public ones of the institutions that the notice names, in the editor's order."""
        order = [row.institution_id for row in self.named.all()]
        found = Institution.objects.filter(pk__in=order, is_public=True).in_bulk()
        return [found[pk] for pk in order if pk in found]

    @property
    def tag_kind(self) -> str:
        """The look of the tag."""
        return {"filing": "filed", "demonstration": "show", "refusal": "warn"}.get(self.kind, "")


class NoticeInstitution(Orderable):
    """An institution that a notice names."""

    page = ParentalKey(NoticePage, on_delete=models.CASCADE, related_name="named")
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="+", verbose_name=_("托育机构"))

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["page", "institution"],
                name="notice_institution_once",
                violation_error_message=_("这家机构已经列过了"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} in {self.page_id}"
