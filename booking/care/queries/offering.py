"""What can be booked where: the institution as visitors know it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cms.core.errors import NotFound
from directory.register.models import Institution


def public_institution(public_id: str) -> Institution:
    """The institution as visitors know it; ``NotFound`` where it isn't public."""
    found = Institution.objects.select_related("district").filter(public_id=public_id, is_public=True).first()
    if found is None:
        raise NotFound(_("没有找到这家机构。"))
    return found
