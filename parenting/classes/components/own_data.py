"""The exported sign-ups of a family in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from cms.core.display.wording import whole_moment
from cms.core.runtime.kernel_ports import DataLine, DataSection


def describe(rows: list[dict[str, Any]]) -> list[DataSection]:
    """One section: which class, when, for whom, whether it stands."""
    return [DataSection(_("课堂报名"), tuple(_line(row) for row in rows))]


def _line(row: dict[str, Any]) -> DataLine:
    facts = (
        (_("时间"), whole_moment(row["starts_at"])),
        (_("宝宝"), row["child"]),
        (_("状态"), _("已报名") if row["active"] else _("已取消")),
    )
    return DataLine(row["title"], facts)
