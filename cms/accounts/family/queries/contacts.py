"""A family's telephone numbers in clear: the caller checks who may see them, and writes the read log."""

from __future__ import annotations

from dataclasses import dataclass

from cms.accounts.models import FamilyMember


@dataclass(frozen=True, slots=True)
class Contact:
    """One adult of the family: what the child calls them, and the number in clear."""

    relation: str
    number: str


def contacts_of(family_id: int, *, first: int | None) -> list[Contact]:
    """The adults with a number, the user ``first`` before the others, else as they joined; one query."""
    members = FamilyMember.objects.filter(family_id=family_id).select_related("user").order_by("joined_at", "pk")
    ordered = sorted(members, key=lambda member: member.user_id != first)
    return [Contact(member.relation, member.user.phone) for member in ordered if member.user.phone]
