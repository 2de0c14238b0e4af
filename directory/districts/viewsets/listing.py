"""Lists of the directory's admin: the person's rows, labelled cells for narrow screens, files, acts on several rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import quote
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, ButtonsColumnMixin, Column
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button

from cms.core.calendar.times import local_date
from cms.core.runtime.replica import from_replica
from cms.core.web.staff_admin import ScopedFilterSet
from cms.core.web.staff_scope import in_scope
from cms.core.web.tables import Value, table_response
from directory.districts.viewsets.acts import Act, possible_acts


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of the file: its heading, and what a row holds there. Nothing personal."""

    label: str | Promise
    value: Callable[[Any], Value]


#: Says what the cell is where the heads of the columns don't fit beside each other.
LABELLED_CELL = "districts/admin/labelled_cell.html"


class ActsColumn(ButtonsColumnMixin, Column):
    """The first column of a list whose rows have no page of their own: what may be done with a row stands in it."""

    cell_template_name = "wagtailadmin/tables/title_cell.html"

    view: Any = None

    def of(self, view: Any) -> ActsColumn:
        """The column in the list of one request: what is offered depends on who looks."""
        column = copy(self)
        column.view = view
        return column

    def get_buttons(self, instance: Any, parent_context: Any) -> list[Any]:
        buttons: list[Any] = self.view.get_list_buttons(instance)
        return buttons


class ScopedIndexView(generic.IndexView):
    """A list of the person's districts."""

    base_filterset_class = ScopedFilterSet
    table_classname = "listing directory-listing"
    related: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    act_url_names: dict[str, str] = {}
    exported: Sequence[ExportColumn] = ()
    export_rows: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    #: Who may act on several rows at once; "" where there is no such act.
    bulk_permission = ""

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        for act, url in possible_acts(self, instance, in_list=True):
            buttons.append(Button(act.label, url=url, icon_name="arrow-right", priority=90 if act.is_final else 50))
        return buttons

    def get_base_queryset(self) -> Any:
        queryset = in_scope(super().get_base_queryset(), self.request.user)
        return queryset.select_related(*self.related) if self.related else queryset

    @cached_property
    def has_bulk_acts(self) -> bool:
        return bool(self.bulk_permission) and self.request.user.has_perm(self.bulk_permission)

    @cached_property
    def columns(self) -> list[Any]:
        columns = [column.of(self) if isinstance(column, ActsColumn) else column for column in super().columns]
        for column in columns:
            if type(column) is Column:
                column.cell_template_name = LABELLED_CELL
        return [BulkActionsCheckboxColumn("bulk_actions", obj_type="row"), *columns] if self.has_bulk_acts else columns

    def _get_title_column(self, *args: Any, **kwargs: Any) -> Any:
        return super()._get_title_column(*args, **kwargs, get_title_id=lambda row: f"row_{quote(row.pk)}_title")

    def as_spreadsheet(self, queryset: QuerySet[Any], spreadsheet_format: str) -> HttpResponse:
        """The rows that the filters leave, all pages of them; 404 where the list has no file."""
        if not self.exported:
            raise Http404
        rows = from_replica(queryset)
        if self.export_rows is not None:
            rows = self.export_rows(rows)
        day = local_date(timezone.now()).strftime("%Y%m%d")
        return table_response(
            kind=spreadsheet_format,
            title=f"{self.model._meta.verbose_name_plural}{day}",
            headings=[str(column.label) for column in self.exported],
            rows=([column.value(row) for column in self.exported] for row in rows),
        )
