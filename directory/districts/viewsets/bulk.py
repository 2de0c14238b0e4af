"""Acts on several rows of a list: each by the service of one row, and what became of each is said."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction

from cms.core.errors import Refused

#: So many rows that were refused are named; a page of the list has no more.
NAMED = 50


class BulkAct(BulkAction):
    """One act; the guard before Wagtail's bulk addresses has refused rows of other districts.

    ``done_words`` has a place for ``%(count)d``.
    """

    template_name = "districts/admin/bulk.html"
    permission = ""
    explanation: str | Promise = ""
    done_words: str | Promise = ""

    @abstractmethod
    def act(self, row: Any, *, data: dict[str, Any], now: dt.datetime) -> bool:
        """Call the service; False where nothing had to be done. Raises ``Refused``."""

    def row_words(self, row: Any) -> str:
        """How the row is named to people."""
        return str(row)

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Sequence[Any]) -> list[Any]:
        """In the order of their keys: two people who act at once wait for each other and don't block each other."""
        rows = list(model._default_manager.filter(pk__in=object_ids).order_by("pk"))
        if not rows:
            raise Http404
        return rows

    def check_perm(self, obj: Any) -> bool:
        return bool(self.request.user.has_perm(self.permission))

    def object_context(self, obj: Any) -> dict[str, Any]:
        return {"item": obj, "words": self.row_words(obj)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"bulk": self}

    def get_execution_context(self) -> dict[str, Any]:
        return {"bulk": self}

    @classmethod
    def execute_action(cls, objects: Sequence[Any], **kwargs: Any) -> tuple[int, int]:
        bulk: BulkAct = kwargs["bulk"]
        return bulk.run(objects), 0

    def run(self, rows: Sequence[Any]) -> int:
        """Act on each row and say what became of it; returns how many were changed."""
        done, same, refused = 0, 0, []
        now, data = timezone.now(), self.cleaned_form.cleaned_data
        for row in rows:
            try:
                changed = self.act(row, data=data, now=now)
            except Refused as refusal:
                refused.append(f"{self.row_words(row)}：{refusal.message}")
            else:
                done, same = done + changed, same + (not changed)
        self._say(done, same, refused)
        return done

    def _say(self, done: int, same: int, refused: list[str]) -> None:
        if done:
            messages.success(self.request, self.done_words % {"count": done})
        if same:
            messages.info(self.request, _("%(count)d 条本来就是这样，没有改动。") % {"count": same})
        if refused:
            words = _("%(count)d 条没有办成。") % {"count": len(refused)}
            messages.warning(self.request, words + "；".join(refused[:NAMED]))
