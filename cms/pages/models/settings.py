"""Settings of a site: its name, and the footer items that a public body must show."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from cms.core.runtime import versions
from cms.core.web.fields import WebAddressField
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.districts.services.offices import PHONE_WORDS
from directory.districts.telephones import is_public_line

#: The province in one character, eight digits and more in newer filings, the site's number in its owner's filing.
ICP_NUMBER = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]ICP备\d{8,10}号(-\d{1,4})?")


@register_setting(icon="site")
class SiteSettings(BaseSiteSetting):
    """Every item is left out of the page while it is empty: a 事业单位 and a company show different ones."""

    site_name = models.CharField(_("网站名称"), max_length=30, default="托育服务")
    description = models.CharField(
        _("一句话介绍"), max_length=120, default="找备案托育机构，看谁有空位，在线预约，家长课堂报名。"
    )
    district = models.ForeignKey(
        "directory.District",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("默认的区"),
    )
    hotline = models.CharField(_("服务电话"), max_length=30, blank=True)
    hotline_hours = models.CharField(_("服务时间"), max_length=40, blank=True)
    complaint_line = models.CharField(_("投诉举报电话"), max_length=20, blank=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    sponsor = models.CharField(_("主办单位"), max_length=80, blank=True)
    operator = models.CharField(_("承办单位"), max_length=80, blank=True)
    technical_support = models.CharField(_("技术支持"), max_length=80, blank=True)
    site_code = models.CharField(_("网站标识码"), max_length=30, blank=True)
    icp_number = models.CharField(_("ICP备案号"), max_length=40, blank=True)
    police_number = models.CharField(_("公安备案号"), max_length=60, blank=True)
    error_report_url = WebAddressField(_("政府网站找错的网址"), blank=True)

    panels: ClassVar[list[Any]] = [
        FieldPanel("site_name"),
        FieldPanel("description"),
        FieldPanel("district", help_text=_("还没选区的访客先看这个区；改了，首页和列表会立刻换成新的区")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("hotline"), FieldPanel("hotline_hours")]),
                FieldRowPanel(
                    [
                        FieldPanel("complaint_line", help_text=_("家长投诉打这个电话；没有专线就填 12345")),
                        FieldPanel("address"),
                    ]
                ),
            ],
            heading=_("联系我们"),
        ),
        MultiFieldPanel(
            [FieldPanel("sponsor"), FieldPanel("operator"), FieldPanel("technical_support")], heading=_("单位")
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("site_code"), FieldPanel("icp_number"), FieldPanel("police_number")]),
                FieldPanel("error_report_url"),
            ],
            heading=_("备案信息（没有就留空，页面上不会出现）"),
        ),
    ]

    class Meta:
        verbose_name = _("网站设置")
        verbose_name_plural = _("网站设置")

    def clean(self) -> None:
        """Telephones can be dialled and are nobody's own; the number of the ICP filing has its official form."""
        super().clean()
        wrong = {
            name: PHONE_WORDS
            for name in ("hotline", "complaint_line")
            if getattr(self, name) and not is_public_line(getattr(self, name))
        }
        if self.icp_number and not ICP_NUMBER.fullmatch(self.icp_number):
            wrong["icp_number"] = _("请照备案证书填，例如：豫ICP备12345678号-1")
        if wrong:
            raise ValidationError(wrong)

    @property
    def hotline_digits(self) -> str:
        """For `tel:` links."""
        return "".join(letter for letter in self.hotline if letter.isdigit() or letter == "+")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Kept pages carry the footer, so they go stale with it."""
        super().save(*args, **kwargs)
        versions.bump(PUBLIC_PAGES)
