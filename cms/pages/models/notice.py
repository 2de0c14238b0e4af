"""Public notices (公示、通知)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.query import PageQuerySet

from cms.pages import listing
from cms.pages.enums import NoticeKind
from cms.pages.models.base import SitePage, TextPage


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
        """One page of the notices, newest first."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["notices"] = listing.get_page_of(self.list_notices(), request.GET.get("page"))
        return context

    def list_notices(self) -> PageQuerySet:
        """Published notices, newest first."""
        return NoticePage.objects.child_of(self).live().order_by("-notice_date", "-pk")


class NoticePage(TextPage):
    """One notice with its day, office and, where it asks for objections, the last day for them."""

    Kind = NoticeKind

    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices, default=Kind.ANNOUNCEMENT)
    notice_date = models.DateField(_("日期"), default=listing.today)
    office = models.CharField(_("发布部门"), max_length=80)
    objections_until = models.DateField(_("异议截止"), null=True, blank=True)

    template = "pages/notice.html"
    parent_page_types: ClassVar[list[str]] = ["pages.NoticeIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *TextPage.content_panels,
        FieldRowPanel([FieldPanel("kind"), FieldPanel("notice_date"), FieldPanel("objections_until")]),
        FieldPanel("office"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("公示与通知")
        verbose_name_plural = _("公示与通知")
        constraints = [
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

    @property
    def tag_kind(self) -> str:
        """The look of the tag."""
        return {"filing": "filed", "demonstration": "show", "refusal": "warn"}.get(self.kind, "")
