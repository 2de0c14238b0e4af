"""Blocks with pictures and files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock


class PictureBlock(blocks.StructBlock):
    """A picture with words for those who can't see it."""

    image = ImageChooserBlock(label=_("图片"))
    alternative = blocks.CharBlock(
        label=_("图片说了什么"), required=False, help_text=_("给看不见图的人听；纯装饰的图留空")
    )
    caption = blocks.CharBlock(label=_("图注"), required=False)

    class Meta:
        label = _("图片")
        icon = "image"
        template = "blocks/picture.html"
        description = _("一张图和图注；能认出宝宝的照片要有监护人同意")
        preview_template = "blocks/picture_preview.html"
        preview_value = {"image": None, "alternative": "", "caption": "户外活动场地"}


class FilesBlock(blocks.StructBlock):
    """Files to download."""

    title = blocks.CharBlock(label=_("标题"), default=_("附件下载"))
    files = blocks.ListBlock(DocumentChooserBlock(label=_("文件")), label=_("文件"), min_num=1)

    class Meta:
        label = _("附件")
        icon = "doc-full"
        template = "blocks/files.html"
        description = _("一个或几个可下载的文件")
        preview_template = "blocks/files_preview.html"
        preview_value = {"title": "附件下载", "files": []}
