"""Users, families, children and what they allowed."""

from cms.accounts.models.consent import Consent, ConsentText
from cms.accounts.models.family import Child, ChildAccess, Family, FamilyInvite, FamilyMember, PickupPerson
from cms.accounts.models.message import Message
from cms.accounts.models.sign_in import PhoneCode, SessionToken, SetupLink
from cms.accounts.models.user import User

__all__ = [
    "Child",
    "ChildAccess",
    "Consent",
    "ConsentText",
    "Family",
    "FamilyInvite",
    "FamilyMember",
    "Message",
    "PhoneCode",
    "PickupPerson",
    "SessionToken",
    "SetupLink",
    "User",
]
