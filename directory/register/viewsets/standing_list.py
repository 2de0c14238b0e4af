"""The lists of filings, titles and refusals in the admin: what they are narrowed by, how rows stand, their files."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget

from cms.core.calendar.times import local_date
from cms.core.web.staff_admin import ScopedFilterSet
from directory.districts.viewsets.listing import ExportColumn
from directory.register.models import Authorisation, Refusal, Title

DRAFT, PUBLISHED, RUN_OUT, ENDED = "draft", "published", "run_out", "ended"
STANDINGS = (
    (PUBLISHED, gettext_lazy("已公开")),
    (DRAFT, gettext_lazy("草稿")),
    (RUN_OUT, gettext_lazy("过了有效期")),
    (ENDED, gettext_lazy("已结束")),
)


def published_words(row: Authorisation | Title | Refusal) -> str:
    """Whether the public sees the row."""
    return _("已公开") if row.published_at else _("草稿")


def standing_words(row: Authorisation | Title) -> str:
    """「已结束 2026-03-01」, 「过了有效期」, 「已公开」 or 「草稿」: as ``narrow_standing`` sorts them."""
    if row.ended_date:
        return _("已结束 %(day)s") % {"day": row.ended_date.isoformat()}
    return _("过了有效期") if row.has_run_out(local_date(timezone.now())) else published_words(row)


class StandingFilterSet(ScopedFilterSet):
    """Mixed into the filters of rows that begin, are published, run out and end."""

    standing = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=STANDINGS, method="narrow_standing")
    until = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("有效期至"), field_name="until_date", widget=DateRangePickerWidget
    )

    def narrow_standing(self, rows: Any, name: str, key: str) -> Any:
        """Each row stands in one way only."""
        if key == ENDED:
            return rows.filter(ended_date__isnull=False)
        run_out = Q(until_date__lt=local_date(timezone.now()))
        rows = rows.filter(ended_date__isnull=True)
        if key == RUN_OUT:
            return rows.filter(run_out)
        return rows.filter(~run_out | Q(until_date__isnull=True), published_at__isnull=key == DRAFT)


class AuthorisationFilterSet(StandingFilterSet):
    """Filings and permits."""

    class Meta:
        model = Authorisation
        fields = ("standing", "until", "basis", "institution__township", "institution__district")


class TitleFilterSet(StandingFilterSet):
    """Titles."""

    class Meta:
        model = Title
        fields = ("standing", "until", "institution__township", "institution__district")


class RefusalFilterSet(ScopedFilterSet):
    """Refusals."""

    standing = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=STANDINGS[:2], method="narrow_published")
    refused = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("作出日期"), field_name="refused_date", widget=DateRangePickerWidget
    )

    class Meta:
        model = Refusal
        fields = ("standing", "refused", "district")

    def narrow_published(self, rows: Any, name: str, key: str) -> Any:
        """What the public sees, or does not see yet."""
        return rows.filter(published_at__isnull=key == DRAFT)


_INSTITUTION = (
    ExportColumn(gettext_lazy("托育机构"), lambda row: row.institution.name),
    ExportColumn(gettext_lazy("区"), lambda row: row.institution.district.name),
)
_DATES = (
    ExportColumn(gettext_lazy("有效期至"), lambda row: row.until_date),
    ExportColumn(gettext_lazy("状态"), standing_words),
    ExportColumn(gettext_lazy("结束日期"), lambda row: row.ended_date),
    ExportColumn(gettext_lazy("结束原因"), lambda row: row.ended_reason),
    ExportColumn(gettext_lazy("公开来源"), lambda row: row.source_title),
)
AUTHORISATIONS = (
    *_INSTITUTION,
    ExportColumn(gettext_lazy("依据"), lambda row: str(row.get_basis_display())),
    ExportColumn(gettext_lazy("编号"), lambda row: row.number),
    ExportColumn(gettext_lazy("办理部门"), lambda row: row.office),
    ExportColumn(gettext_lazy("通过日期"), lambda row: row.from_date),
    *_DATES,
)
TITLES = (
    *_INSTITUTION,
    ExportColumn(gettext_lazy("全称"), lambda row: row.name),
    ExportColumn(gettext_lazy("认定部门"), lambda row: row.office),
    ExportColumn(gettext_lazy("认定日期"), lambda row: row.from_date),
    *_DATES,
)
#: Reasons are public; until then they are the office's own.
REFUSALS = (
    ExportColumn(gettext_lazy("机构名称"), lambda row: row.institution_name),
    ExportColumn(gettext_lazy("区"), lambda row: row.district.name),
    ExportColumn(gettext_lazy("作出日期"), lambda row: row.refused_date),
    ExportColumn(gettext_lazy("办理部门"), lambda row: row.office),
    ExportColumn(gettext_lazy("依据条款"), lambda row: row.rule),
    ExportColumn(gettext_lazy("状态"), published_words),
    ExportColumn(gettext_lazy("公开来源"), lambda row: row.source_title),
)
