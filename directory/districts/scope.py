"""How the districts' models reach their district, for the staff admin (``cms.core.web.staff_scope``)."""

from __future__ import annotations

from cms.core.models import CalendarDay, OutboxMessage
from cms.core.runtime.kernel_ports import staff_districts
from cms.core.web.staff_scope import register_by_code, register_scope, register_shared
from directory.districts.models import District, DistrictStaff, Office, PolicyDocument, Rule, Township
from directory.districts.queries.people import districts_of


def register_all() -> None:
    """Called once the models are loaded."""
    staff_districts.register(districts_of)
    register_scope(District, "pk")
    for model in (DistrictStaff, Office, PolicyDocument, Rule, Township):
        register_scope(model, "district")
    register_by_code(OutboxMessage, "district_code")
    # Holidays and make-up days are the country's.
    register_shared(CalendarDay)
