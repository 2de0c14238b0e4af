"""The list of institutions in the admin: what it is narrowed by, its columns, its file."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.ui.tables import Column

from cms.core.web.staff_admin import ScopedFilterSet
from directory.districts.viewsets.listing import ExportColumn
from directory.register.models import Authorisation, Institution
from directory.register.ports import institution_work
from directory.register.services.modes import mode_words


def _work_choices() -> list[tuple[str, str]]:
    found = sorted(institution_work.all().items(), key=lambda item: item[1].order)
    return [(key, str(work.label)) for key, work in found]


class InstitutionFilterSet(ScopedFilterSet):
    """What staff look for; 要办的事 is what the start page counts."""

    work = django_filters.ChoiceFilter(label=gettext_lazy("要办的事"), choices=_work_choices, method="narrow_work")
    filed_until = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("备案有效期至"), method="narrow_filed", widget=DateRangePickerWidget
    )

    class Meta:
        model = Institution
        fields = (
            "work",
            "state",
            "filed_until",
            "nature",
            "is_public",
            "is_demonstration",
            "township",
            "district",
        )

    def narrow_work(self, rows: Any, name: str, key: str) -> Any:
        """The institutions that the start page counted for this reason."""
        return institution_work.all()[key].narrow(rows, timezone.now())

    def narrow_filed(self, rows: Any, name: str, days: Any) -> Any:
        """Those whose filing that has not ended runs out in these days; without a last day it runs out in none."""
        filings = Authorisation.objects.filter(ended_date__isnull=True, until_date__isnull=False)
        if days.start is not None:
            filings = filings.filter(until_date__gte=days.start.date())
        if days.stop is not None:
            filings = filings.filter(until_date__lte=days.stop.date())
        return rows.filter(pk__in=filings.values("institution"))


def _title_words(row: Institution) -> str:
    return _("示范") if row.is_demonstration else ""


LIST_COLUMNS = (
    "name",
    Column("district", label=gettext_lazy("区")),
    Column("township", label=gettext_lazy("街道或镇")),
    Column("get_state_display", label=gettext_lazy("状态"), sort_key="state"),
    Column(_title_words, label=gettext_lazy("称号")),
    Column("places", label=gettext_lazy("托位"), sort_key="places"),
)


def with_filings(rows: QuerySet[Institution]) -> QuerySet[Institution]:
    """The rows with their filing that has not ended, as ``open_filings``."""
    filings = Authorisation.objects.filter(ended_date__isnull=True)
    return rows.select_related("district", "township").prefetch_related(
        Prefetch("authorisations", queryset=filings, to_attr="open_filings")
    )


def _filing(row: Any, name: str) -> Any:
    return getattr(row.open_filings[0], name) if row.open_filings else None


#: What the list says of institutions, and their filing; nobody's name or telephone.
EXPORTED = (
    ExportColumn(gettext_lazy("机构名称"), lambda row: row.name),
    ExportColumn(gettext_lazy("区"), lambda row: row.district.name),
    ExportColumn(gettext_lazy("街道或镇"), lambda row: row.township.name if row.township else ""),
    ExportColumn(gettext_lazy("地址"), lambda row: row.address),
    ExportColumn(gettext_lazy("状态"), lambda row: str(row.get_state_display())),
    ExportColumn(gettext_lazy("示范"), lambda row: row.is_demonstration),
    ExportColumn(gettext_lazy("机构性质"), lambda row: str(row.get_nature_display())),
    ExportColumn(gettext_lazy("统一社会信用代码"), lambda row: row.credit_code),
    ExportColumn(gettext_lazy("托位数"), lambda row: row.places),
    ExportColumn(gettext_lazy("普惠托位数"), lambda row: row.inclusive_places),
    ExportColumn(gettext_lazy("服务形式"), lambda row: mode_words(row.filed_modes)),
    ExportColumn(gettext_lazy("备案编号"), lambda row: _filing(row, "number")),
    ExportColumn(gettext_lazy("办理部门"), lambda row: _filing(row, "office")),
    ExportColumn(gettext_lazy("通过日期"), lambda row: _filing(row, "from_date")),
    ExportColumn(gettext_lazy("有效期至"), lambda row: _filing(row, "until_date")),
    ExportColumn(gettext_lazy("整改期限"), lambda row: row.rectification_until_date),
)
