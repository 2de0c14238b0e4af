"""The home page: one question, then the services."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from cms.core.calendar.times import now
from cms.pages import home
from cms.pages.models.base import SitePage, seen_from
from cms.pages.models.guide import GuidePage
from cms.pages.models.notice import NoticePage
from directory.site.views.visitors import keep_private


class HomePage(SitePage):
    """谁能照看我的宝宝？ Its numbers come from directory and parenting; editors write none of them."""

    template = "pages/home.html"
    cache_params: ClassVar[tuple[str, ...]] = ("district",)
    max_count_per_parent = 1
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = [
        "pages.StandardPage",
        "pages.PolicyIndexPage",
        "pages.NoticeIndexPage",
        "pages.GuideIndexPage",
    ]

    class Meta:
        verbose_name = _("首页")
        verbose_name_plural = _("首页")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A page that names a visitor's children is theirs alone."""
        answer = super().serve(request, *args, **kwargs)
        if isinstance(answer, TemplateResponse) and answer.context_data:
            keep_private(answer, answer.context_data["ask"]["children"])
        return answer

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The question's choices and what is on now."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(home.home_context(request, now=now()))
        own = context["district"].pk if context["district"] else None
        notices = seen_from(NoticePage.objects.descendant_of(self).live(), own)
        guides = seen_from(GuidePage.objects.descendant_of(self).live(), own)
        context["notices"] = notices.order_by("-notice_date", "-pk")[:3]
        context["guides"] = guides.order_by("-reviewed_date", "-pk")[:3]
        return context
