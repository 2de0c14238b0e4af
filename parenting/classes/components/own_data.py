"""The exported sign-ups of a family in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from booking.places.models import Booking
from cms.core.display.wording import whole_moment
from cms.core.runtime.kernel_ports import DataLine, DataSection
from cms.core.security.codes import spell_reference


def describe(rows: list[dict[str, Any]]) -> list[DataSection]:
    """One section: which class, when, for whom, whether it stands."""
    return [DataSection(_("课堂报名"), tuple(_line(row) for row in rows))]


def _line(row: dict[str, Any]) -> DataLine:
    facts = (
        (
            _("时间"),
            _("%(start)s 到 %(end)s") % {"start": whole_moment(row["starts_at"]), "end": whole_moment(row["ends_at"])},
        ),
        (_("宝宝"), row["child"]),
        (_("预约号"), spell_reference(row["reference"])),
        (_("状态"), _status(row["status"])),
    )
    return DataLine(row["title"], facts)


def _status(status: str) -> str:
    return _("已报名") if status == Booking.Status.CONFIRMED else str(Booking.Status(status).label)
