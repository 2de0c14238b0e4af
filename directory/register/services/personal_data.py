"""The register's part of a person's data: where they work or worked, and under which name.

Nothing is left to erase: memberships go with the account, and a used invitation names nobody.
"""

from __future__ import annotations

from typing import Any

from cms.core.calendar.times import iso
from cms.core.runtime.kernel_ports import PersonalDataScope
from directory.register.models import InstitutionMember


def export_part(scope: PersonalDataScope) -> list[dict[str, Any]]:
    """The user's memberships, the latest first: `{institution, role, name, since, until}`."""
    rows = InstitutionMember.objects.filter(user=scope.user).select_related("institution")
    return [
        {
            "institution": row.institution.name,
            "role": row.role,
            "name": row.name,
            "since": iso(row.created_at),
            "until": iso(row.ended_at) if row.ended_at else None,
        }
        for row in rows.order_by("-created_at", "-pk")
    ]
