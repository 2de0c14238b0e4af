"""Choosing an official list and saying what it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cms.core.web.staff_scope import Person
from directory.districts.forms.staff import RefusalMixin
from directory.districts.models import District
from directory.districts.queries.people import districts_of
from directory.lists.models import ListUpload

# Said here as well as in directory.lists.importing, which loads the spreadsheet reader.
MOST_MEGABYTES = 20


class ListUploadForm(RefusalMixin, forms.Form):
    """The file, its district (one of the person's own) and the map its coordinates come from."""

    file = forms.FileField(
        label=_("名单文件"),
        help_text=_("Excel（.xlsx）或 CSV，最大 20 MB。要有“机构名称”和“机构住所”两列，其他列可有可无"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("请选一个文件"), "empty": _("文件是空的，请选有内容的名单。")},
    )
    district = forms.ModelChoiceField(label=_("所属区"), queryset=District.objects.none(), empty_label=None)
    coordinates = forms.ChoiceField(
        label=_("经纬度来自"),
        choices=ListUpload.Coordinates.choices,
        initial=ListUpload.Coordinates.WGS84,
        help_text=_("名单里没有经纬度就不用管。从高德或百度地图上量的，请选对应的一项"),
    )

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        districts = districts_of(user)
        self.fields["district"].queryset = districts  # type: ignore[attr-defined]  # a ModelChoiceField
        if districts.count() == 1:
            self.fields["district"].initial = districts.get()

    def clean_file(self) -> UploadedFile:
        """Refuse a file beyond the bound before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_MEGABYTES * 1024 * 1024:
            message = _("文件超过 %(most)d MB，请删去图片，或分成几个文件上传。") % {"most": MOST_MEGABYTES}
            raise forms.ValidationError(message)
        return file


class ConfirmImportForm(forms.Form):
    """What was shown, and whether the good rows are to be written though others are faulty."""

    digest = forms.CharField(max_length=64)
    partial = forms.BooleanField(required=False)
