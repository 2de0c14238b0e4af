"""The exported bookings of a family in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from booking.places.models import Booking
from cms.core.display.wording import whole_moment, yuan
from cms.core.runtime.kernel_ports import DataLine, DataSection
from cms.core.security.codes import spell_reference


def describe(rows: list[dict[str, Any]]) -> list[DataSection]:
    """One section: where and when, for whom, how it stands."""
    return [DataSection(_("预约"), tuple(_line(row) for row in rows))]


def _line(row: dict[str, Any]) -> DataLine:
    return DataLine(
        row["institution"] or str(Booking.Kind(row["kind"]).label),
        (
            (
                _("时间"),
                _("%(start)s 到 %(end)s")
                % {"start": whole_moment(row["starts_at"]), "end": whole_moment(row["ends_at"])},
            ),
            (_("宝宝"), row["child"]),
            (_("预约号"), spell_reference(row["reference"])),
            (_("类型"), str(Booking.Kind(row["kind"]).label)),
            (_("状态"), str(Booking.Status(row["status"]).label)),
            (_("费用"), yuan(row["amount_fen"]) if row["amount_fen"] else ""),
        ),
    )
