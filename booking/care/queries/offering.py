"""What can be booked where: the institution as visitors know it, and its products."""

from __future__ import annotations

from django.utils.translation import gettext as _

from booking.places.enums import BOOKABLE_MODES
from cms.core.errors import NotFound
from directory.register.models import CareProduct, Institution


def public_institution(public_id: str) -> Institution:
    """The institution as visitors know it; ``NotFound`` where it isn't public."""
    found = Institution.objects.select_related("district").filter(public_id=public_id, is_public=True).first()
    if found is None:
        raise NotFound(_("没有找到这家机构。"))
    return found


def products_of(institution: Institution) -> list[CareProduct]:
    """What can be booked there, cheapest first."""
    found = CareProduct.objects.filter(institution_id=institution.pk, active=True, mode__in=BOOKABLE_MODES)
    return list(found.order_by("fee", "starts"))
