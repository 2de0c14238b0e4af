"""Own image and document models from the first migration, so that fields can be added later."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class CustomImage(AbstractImage):
    """A picture with its credit and, where a child can be recognised, the guardian's recorded consent."""

    credit = models.CharField(_("来源"), max_length=120, blank=True)
    guardian_consent = models.BooleanField(
        _("画面中的儿童已取得监护人书面同意"), default=False, help_text=_("画面中没有可辨认的儿童时不用勾选")
    )

    admin_form_fields = (*Image.admin_form_fields, "credit", "guardian_consent")

    class Meta(AbstractImage.Meta):
        verbose_name = _("图片")
        verbose_name_plural = _("图片")


class CustomRendition(AbstractRendition):
    """A rendered size of a picture."""

    image = models.ForeignKey(CustomImage, related_name="renditions", on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_once_per_spec")
        ]


class CustomDocument(AbstractDocument):
    """A file offered for download, with its source."""

    source = models.CharField(_("来源"), max_length=200, blank=True)

    admin_form_fields = (*Document.admin_form_fields, "source")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
