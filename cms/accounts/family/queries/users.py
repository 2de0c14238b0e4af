"""Find an account."""

from __future__ import annotations

from cms.accounts.models import User
from cms.accounts.phone import mask_phone, phone_index
from cms.accounts.usernames import normalise_username


def user_with_phone(phone: str) -> User | None:
    """The account of a normalised number, active or not."""
    return User.objects.filter(phone_hash=phone_index(phone)).first()


def user_with_name(username: str) -> User | None:
    """The account of a user name in any spelling, active or not."""
    return User.objects.filter(username=normalise_username(username)).first()


def name_for_family(user: User | None) -> str:
    """What an adult is called within the family: the chosen name, else the masked number."""
    if user is None:
        return ""
    return user.display_name or mask_phone(user.phone) or user.username


def active_user(pk: int) -> User | None:
    """The active account of a primary key, or None."""
    return User.objects.filter(pk=pk, is_active=True).first()
