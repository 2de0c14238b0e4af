"""Forms of the admin for rules and for the documents they stand in."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from directory.districts.forms.staff import StaffForm, chooser
from directory.districts.models import PolicyDocument, Rule
from directory.districts.queries.people import districts_of
from directory.districts.rule_words import NotReadable, value_of, words_of


class RuleForm(StaffForm):
    """One rule with the sentence it comes from; the value is written in words and checked by the kind.

    ``confirmed`` is the digest of what the person has been shown: other values are shown before they are saved.
    """

    value_words = forms.CharField(
        label=_("数值"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("按种类填写：数字写 4.5，托育方式写「全日托、计时托」，体验券写「有」或「没有」；只有说明就留空"),
    )
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order: ClassVar = ["level", "area", "district", "kind", "label", "text", "value_words"]

    class Meta(WagtailAdminModelForm.Meta):
        model = Rule
        fields: ClassVar = [
            "level",
            "area",
            "district",
            "kind",
            "label",
            "text",
            "due_year",
            "state",
            "valid_from",
            "valid_until",
            "document",
            "quote",
        ]
        help_texts: ClassVar = {
            "text": _("家长看到的一句话"),
            "quote": _("文件原文，一字不改"),
            "state": _("征求意见稿只展示、不执行；待核对的只有工作人员看得到"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = districts_of(self.for_user)
        chooser(self, "document").queryset = PolicyDocument.objects.filter(
            Q(district__isnull=True) | Q(district__in=own)
        ).order_by("district_id", "pk")
        self.fields["value_words"].initial = words_of(self.instance.kind, self.instance.value)
        if self.instance.pk:
            for name in ("level", "area", "district", "kind"):
                del self.fields[name]
        elif getattr(self.for_user, "is_superuser", False):
            chooser(self, "district").queryset = own
        else:
            del self.fields["level"], self.fields["area"]
            chooser(self, "district").queryset = own
            chooser(self, "district").empty_label = None
            self.fields["district"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        kind = self.instance.kind if self.instance.pk else cleaned.get("kind")
        if kind:
            try:
                cleaned["value"] = value_of(kind, cleaned.get("value_words", ""))
            except NotReadable as fault:
                self.add_error("value_words", str(fault))
        return cleaned

    def add_refusal(self, refusal: Any) -> None:
        """The value is entered as words."""
        if "value" in refusal.fields:
            refusal.fields["value_words"] = refusal.fields.pop("value")
        super().add_refusal(refusal)

    @property
    def digest(self) -> str:
        """Names what was entered, so that only what was shown can be confirmed."""
        shown = sorted((name, str(value)) for name, value in self.values().items())
        return hashlib.sha256(repr(shown).encode()).hexdigest()

    @property
    def is_confirmed(self) -> bool:
        return self.cleaned_data.get("confirmed") == self.digest


class PolicyDocumentForm(StaffForm):
    """How a document is cited."""

    class Meta(WagtailAdminModelForm.Meta):
        model = PolicyDocument
        fields: ClassVar = ["district", "title", "number", "url", "slug"]
        help_texts: ClassVar = {"slug": _("英文小写和连字符，例如 jianxi-prices")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["district"], self.fields["slug"]
            return
        chooser(self, "district").queryset = districts_of(self.for_user)
        if not getattr(self.for_user, "is_superuser", False):
            chooser(self, "district").empty_label = None
            self.fields["district"].required = True
