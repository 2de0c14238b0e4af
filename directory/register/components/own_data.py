"""What the register exports of a person who works or worked at an institution, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from cms.core.display.wording import whole_moment
from cms.core.runtime.kernel_ports import DataLine, DataSection
from directory.register.enums import MemberRole


def describe(rows: list[dict[str, Any]]) -> list[DataSection]:
    """Each place of work as a line; no section for who never worked at one."""
    return [DataSection(_("工作过的机构"), tuple(_line(row) for row in rows))] if rows else []


def _line(row: dict[str, Any]) -> DataLine:
    facts = (
        (_("身份"), str(MemberRole(row["role"]).label)),
        (_("姓名"), row["name"]),
        (_("加入"), whole_moment(row["since"])),
        (_("离开"), whole_moment(row["until"]) if row["until"] else ""),
    )
    return DataLine(row["institution"], facts)
