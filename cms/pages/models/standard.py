"""A plain page: statements, rules, about."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from cms.pages.models.base import TextPage


class StandardPage(TextPage):
    """Text under the home page or under another plain page, with the day it was last gone through."""

    reviewed_date = models.DateField(_("内容核对日期"), null=True, blank=True)

    template = "pages/standard.html"
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage", "pages.StandardPage"]
    subpage_types: ClassVar[list[str]] = ["pages.StandardPage"]
    content_panels: ClassVar[list[Any]] = [
        *TextPage.content_panels,
        FieldPanel("body", help_text=_("方括号里的字（例如【单位全称】）由网站统一填写，改一处，各页一起变")),
        FieldPanel("reviewed_date"),
    ]

    class Meta:
        verbose_name = _("普通页面")
        verbose_name_plural = _("普通页面")
