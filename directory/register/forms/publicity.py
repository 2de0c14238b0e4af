"""Forms of the admin for what is made public: filings and permits, titles, refusals."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.core.web.staff_scope import in_scope
from directory.districts.forms.staff import StaffForm, chooser
from directory.districts.queries.people import districts_of
from directory.register.forms.choosers import AuthorisationChooser, InstitutionChooser
from directory.register.models import Authorisation, Institution, Refusal, Title
from directory.register.queries.people import institutions_of_staff


class PublishedMixin(forms.Form):
    """「现在公开」 while a row is not public yet."""

    publish = forms.BooleanField(
        label=_("现在公开"), required=False, initial=True, help_text=_("不勾选就先存为草稿，家长看不到")
    )

    def drop_publish_if_public(self, published: bool) -> None:
        if published:
            del self.fields["publish"]


def _own_or_none(own: QuerySet[Institution], named: Any) -> Institution | None:
    """The institution that a link names, if it is the person's own."""
    if isinstance(named, Institution):
        return named
    return own.filter(pk=int(named)).first() if re.fullmatch("[0-9]{1,9}", str(named)) else None


class OfInstitutionForm(StaffForm, PublishedMixin):
    """What hangs on an institution; it can't be moved to another one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = institutions_of_staff(self.for_user)
        chooser(self, "institution").queryset = own
        chooser(self, "institution").error_messages["invalid_choice"] = _("请选您所在区的机构。")
        self.initial["institution"] = _own_or_none(own, self.initial.get("institution"))
        if self.instance.pk:
            del self.fields["institution"]
        self.drop_publish_if_public(self.instance.published_at is not None)


class AuthorisationForm(OfInstitutionForm):
    """A filing or permit with its date and source."""

    class Meta(WagtailAdminModelForm.Meta):
        model = Authorisation
        widgets: ClassVar = {"institution": InstitutionChooser}
        fields: ClassVar = [
            "institution",
            "basis",
            "number",
            "office",
            "from_date",
            "until_date",
            "source_title",
            "source_url",
        ]
        help_texts: ClassVar = {
            "source_title": _("家长会看到，例如「涧西区备案托育机构名单（2026年3月）」"),
            "until_date": _("没有期限就留空；到期后自动下架"),
        }


class TitleForm(OfInstitutionForm):
    """A distinction with its date and source."""

    class Meta(WagtailAdminModelForm.Meta):
        model = Title
        widgets: ClassVar = {"institution": InstitutionChooser}
        fields: ClassVar = [
            "institution",
            "kind",
            "name",
            "office",
            "from_date",
            "until_date",
            "source_title",
            "source_url",
        ]
        help_texts: ClassVar = {"name": _("例如「区级示范托育机构」"), "until_date": _("没有期限就留空")}


class RefusalForm(StaffForm, PublishedMixin):
    """A refusal with its public reasons."""

    class Meta(WagtailAdminModelForm.Meta):
        model = Refusal
        widgets: ClassVar = {"institution": InstitutionChooser, "later_authorisation": AuthorisationChooser}
        fields: ClassVar = [
            "district",
            "institution_name",
            "institution",
            "refused_date",
            "office",
            "reasons",
            "rule",
            "source_title",
            "source_url",
            "later_authorisation",
        ]
        help_texts: ClassVar = {
            "institution": _("已在本站登记的机构可以选上，后来通过时会自动关联"),
            "later_authorisation": _("后来通过了就选上那次备案，本条仍然保留"),
            "rule": _("例如「托育机构登记和备案办法（试行）第八条」"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser(self, "district").queryset = districts_of(self.for_user)
        chooser(self, "district").empty_label = None
        chooser(self, "institution").queryset = institutions_of_staff(self.for_user)
        chooser(self, "later_authorisation").queryset = in_scope(Authorisation.objects.all(), self.for_user)
        if not self.instance.pk:
            del self.fields["later_authorisation"]
        self.drop_publish_if_public(self.instance.published_at is not None)
