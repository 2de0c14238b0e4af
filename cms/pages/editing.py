"""Admin forms of the pages: slugs by themselves, whose district a page is, and what may not be published."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail.admin.forms import WagtailAdminPageForm

from cms.core.runtime.checks import reserved_slugs
from cms.core.web.staff_scope import in_scope
from cms.pages.enums import PolicyDisclosure
from cms.pages.rights import edits_site, leads_district
from cms.pages.slugs import pinyin_slug
from directory.districts.models import Office, PolicyDocument
from directory.districts.queries.offices import offices_of, writing_office
from directory.districts.queries.people import districts_of
from directory.register.models import Institution


class SitePageForm(WagtailAdminPageForm):
    """Editors may leave the slug empty; a slug that a routed address hides is refused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """The given slug, else pinyin of the title with a number where a sister page has it already."""
        given = str(self.cleaned_data.get("slug") or "")
        if not given:
            return self._free_slug(pinyin_slug(str(self.cleaned_data.get("title") or "")) or "page")
        if given in reserved_slugs() and self.parent_page is not None and self.parent_page.is_site_root():
            raise forms.ValidationError(_("「%(slug)s」已被网站的其他功能占用，请换一个") % {"slug": given})
        return given

    def _free_slug(self, base: str) -> str:
        siblings = self.parent_page.get_children().exclude(pk=self.instance.pk) if self.parent_page else None
        taken = set(siblings.values_list("slug", flat=True)) if siblings is not None else set()
        if self.parent_page is not None and self.parent_page.is_site_root():
            taken |= reserved_slugs()
        candidates = [base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))]
        return next(slug for slug in candidates if slug not in taken)


class DistrictPageForm(SitePageForm):
    """A page is given only to a district that its editor works for, or to none by those who edit the site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "district" not in self.fields or self.for_user is None:
            return
        field: Any = self.fields["district"]
        field.queryset = own = districts_of(self.for_user)
        field.required = not edits_site(self.for_user)
        if field.required and self.instance.district_id is None and len(own) == 1:
            self.initial["district"] = own[0].pk

    def clean_district(self) -> Any:
        """Asked of drafts too: a page of no district would be the site's."""
        district = self.cleaned_data.get("district")
        if district is None and self.for_user is not None and not edits_site(self.for_user):
            raise forms.ValidationError(_("请选区"))
        return district

    def save(self, commit: bool = True) -> Any:
        """A new page is of the office that its maker writes for."""
        if self.instance.pk is None and self.for_user is not None:
            office = writing_office(self.for_user, self.cleaned_data.get("district"))
            self.instance.department = office.department if office else ""
        return super().save(commit)


#: What a document may say of itself that keeps it from being published.
NOT_PUBLISHABLE = (PolicyDisclosure.ON_REQUEST, PolicyDisclosure.NONE)


OTHERS_DOCUMENT = _lazy("这份依据的文件不是这个区的，请选本区的，或先把「区」改对")


def _documents_of(user: Any) -> QuerySet[PolicyDocument]:
    """The documents of the person's districts; those of no district for whoever edits the site."""
    own = Q(district__in=districts_of(user))
    if edits_site(user):
        own |= Q(district=None)
    return PolicyDocument.objects.filter(own)


class PolicyPageForm(DistrictPageForm):
    """What a document keeps from the public is not published (seed: 「此件主动公开」)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "document" in self.fields and self.for_user is not None:
            field: Any = self.fields["document"]
            field.queryset = _documents_of(self.for_user)

    def clean(self) -> dict[str, Any]:
        """Saving a draft is free; publishing asks for the disclosure attribute and the dates in order."""
        cleaned: dict[str, Any] = super().clean()
        document, district = cleaned.get("document"), cleaned.get("district", self.instance.district)
        if document is not None and document.district != district:
            self.add_error("document", OTHERS_DOCUMENT)
        if not self.is_deferred_validation and cleaned.get("disclosure") in NOT_PUBLISHABLE:
            self.add_error("disclosure", _("「依申请公开」和「不予公开」的文件不能发布，请存为草稿"))
        issued, effective = cleaned.get("issued_date"), cleaned.get("effective_date")
        if issued and effective and effective < issued:
            self.add_error("effective_date", _("施行日期不能早于印发日期"))
        return cleaned


class NoticePageForm(DistrictPageForm):
    """A notice names institutions of its editor's districts, drafts too: the page lists those that are public."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is not None and self.instance.pk is None and not self.instance.office:
            office = writing_office(self.for_user, districts_of(self.for_user).first())
            self.initial["office"] = office.public_name if office else ""
        if self.for_user is None or "named" not in self.formsets:
            return
        own = in_scope(Institution.objects.all(), self.for_user).values("pk")
        for row in self.formsets["named"].forms:
            field: Any = row.fields["institution"]
            field.queryset = Institution.objects.filter(Q(pk__in=own) | Q(pk=row.instance.institution_id))
            field.error_messages["invalid_choice"] = _("请选本区的机构")

    def clean_office(self) -> str:
        """Nobody signs for another office of the district but who appoints its staff."""
        office, user = str(self.cleaned_data.get("office") or ""), self.for_user
        if user is None or user.is_superuser or leads_district(user) or office == self.instance.office:
            return office
        others = Office.objects.filter(district__in=districts_of(user)).exclude(pk__in=offices_of(user))
        if office in {name for other in others for name in (other.public_name, str(other.get_department_display()))}:
            raise forms.ValidationError(_("不能用别的部门的名义发布，请写您所在的部门"))
        return office

    def clean(self) -> dict[str, Any]:
        """A draft may be empty; what is published has something to read."""
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation and "body" in self.fields and not cleaned.get("body"):
            self.add_error("body", _("还没有内容，写好再发布"))
        return cleaned


class GuidePageForm(DistrictPageForm):
    """Months in order."""

    def clean(self) -> dict[str, Any]:
        """The band must hold at least one month."""
        cleaned: dict[str, Any] = super().clean()
        start, end = cleaned.get("month_from"), cleaned.get("month_to")
        if start is not None and end is not None and end <= start:
            self.add_error("month_to", _("「到」要大于「从」"))
        return cleaned
