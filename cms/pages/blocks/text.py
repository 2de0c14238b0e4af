"""Blocks of running text."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

TEXT_FEATURES = ["bold", "ol", "ul", "link", "document-link"]


class HeadingBlock(blocks.CharBlock):
    """A heading inside the page."""

    class Meta:
        label = _("小标题")
        icon = "title"
        template = "blocks/heading.html"
        description = _("分段的标题，一行以内")
        preview_value = "怎么准备第一次入托"


class ParagraphBlock(blocks.RichTextBlock):
    """Running text."""

    class Meta:
        label = _("正文")
        icon = "pilcrow"
        template = "blocks/paragraph.html"
        description = _("一段或几段文字，可加粗、列表、链接")
        preview_value = "<p>先带宝宝去看看园，认认老师。<b>头一周</b>可以只去半天。</p>"


class QuoteBlock(blocks.StructBlock):
    """Words of a document with the place they stand in."""

    text = blocks.TextBlock(label=_("原文"))
    source = blocks.CharBlock(label=_("出处"), required=False, help_text=_("文件名和文号"))

    class Meta:
        label = _("引用原文")
        icon = "openquote"
        template = "blocks/quote.html"
        description = _("一字不改地引用文件，写明出处")
        preview_value = {"text": "家庭为主、托育补充，政策引导、普惠优先。", "source": "涧西区实施方案"}


class NoticeBlock(blocks.StructBlock):
    """A sentence that must not be missed."""

    kind = blocks.ChoiceBlock(
        label=_("语气"), choices=[("", _("提示")), ("warn", _("请留意")), ("bad", _("危险"))], required=False
    )
    text = blocks.TextBlock(label=_("内容"))

    class Meta:
        label = _("提示框")
        icon = "warning"
        template = "blocks/notice.html"
        description = _("一两句要紧的话，每页最多用一两处")
        preview_value = {"kind": "warn", "text": "发热 37.3℃ 以上请先在家休息。"}
