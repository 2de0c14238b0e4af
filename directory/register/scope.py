"""How the register's models reach their district, for the staff admin (``cms.core.web.staff_scope``)."""

from __future__ import annotations

from cms.core.web.staff_scope import register_scope
from directory.register.models import (
    Authorisation,
    Institution,
    InstitutionMember,
    InstitutionProfile,
    Refusal,
    StaffInvite,
    Title,
)


def register_all() -> None:
    """Called once the models are loaded."""
    for model in (Institution, Refusal):
        register_scope(model, "district")
    for hanging in (InstitutionProfile, Authorisation, Title, InstitutionMember, StaffInvite):
        register_scope(hanging, "institution__district")
