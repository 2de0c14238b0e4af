"""Institutions, what authorises them, what they offer, and who works there."""

from directory.register.models.institution import Institution, InstitutionProfile, ProfilePhoto
from directory.register.models.introductions import IntroductionReturn
from directory.register.models.offering import CareProduct, ClassGroup, ClosingDay, OpeningRule, ProductFee
from directory.register.models.people import InstitutionMember, StaffInvite
from directory.register.models.publicity import Authorisation, Refusal, Title

__all__ = [
    "Authorisation",
    "CareProduct",
    "ClassGroup",
    "ClosingDay",
    "Institution",
    "InstitutionMember",
    "InstitutionProfile",
    "IntroductionReturn",
    "OpeningRule",
    "ProductFee",
    "ProfilePhoto",
    "Refusal",
    "StaffInvite",
    "Title",
]
