"""The history of a row in the admin: who did what, with old and new values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.history import HistoryView
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from directory.districts.components.history import EntryWords, entry_words
from directory.districts.queries.people import offices_of_users


class EntryColumn(Column):
    """An entry in words; the view has put them beside the row."""

    cell_template_name = "districts/admin/history_cell.html"

    def get_value(self, instance: Any) -> EntryWords:
        words: EntryWords = instance.words
        return words


class ChangesHistoryView(HistoryView):
    """Every entry of the row, the newest first, each with what it changed."""

    any_permission_required = ["add", "change", "delete", "view"]
    paginate_by = 20

    @cached_property
    def columns(self) -> list[Column]:
        return [EntryColumn("words", label=gettext_lazy("经过"))]

    def get_base_queryset(self) -> QuerySet[ModelLogEntry]:
        """All of them: Wagtail would show only the last of several acts of one kind in one request."""
        return self.entries().select_related("user").order_by("-timestamp", "-pk")

    def entries(self) -> QuerySet[ModelLogEntry]:
        """The entries this page is about."""
        found: QuerySet[ModelLogEntry] = registry.get_logs_for_instance(self.object)
        return found

    def get_table(self, object_list: Sequence[ModelLogEntry]) -> Any:
        people = self.people({entry.user_id for entry in object_list if entry.user_id})
        for entry in object_list:
            entry.words = self.words(entry, self.who(entry, people))
        return super().get_table(object_list)

    def words(self, entry: ModelLogEntry, who: str) -> EntryWords:
        """What the page says of one entry."""
        return entry_words(entry, who=who)

    def people(self, users: set[int]) -> dict[int, str]:
        """What those who acted are called here: their office or their place in the institution; fixed queries."""
        return offices_of_users(users)

    def who(self, entry: ModelLogEntry, people: dict[int, str]) -> str:
        if entry.user_id is None:
            return _("系统")
        if entry.user is None:
            return _("已删除的账号")
        return people.get(entry.user_id, entry.user.get_username())
