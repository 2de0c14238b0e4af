"""Find an account."""

from __future__ import annotations

from cms.accounts.models import User
from cms.accounts.phone import mask_phone, phone_index


def user_with_phone(phone: str) -> User | None:
    """The account of a normalised number, active or not."""
    return User.objects.filter(phone_hash=phone_index(phone)).first()


def name_for_family(user: User | None) -> str:
    """How adults of one family tell each other apart: the name they chose, else the masked number."""
    if user is None:
        return ""
    return user.display_name or mask_phone(user.phone) or user.username


def active_user(pk: int) -> User | None:
    """The account of a key kept in a session, unless it was closed meanwhile."""
    return User.objects.filter(pk=pk, is_active=True).first()
