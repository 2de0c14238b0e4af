"""Districts, institutions, what authorises them, what they offer, and who works there."""

from directory.models.district import District, DistrictFact, Township
from directory.models.institution import Institution, InstitutionProfile, ProfilePhoto
from directory.models.offering import CareProduct, ClassGroup, ClosingDay, OpeningRule
from directory.models.people import DistrictStaff, InstitutionMember, StaffInvite
from directory.models.publicity import Authorisation, Refusal, Title
from directory.models.search import SearchEntry, SearchPosting
from directory.models.uploads import ListUpload

__all__ = [
    "Authorisation",
    "CareProduct",
    "ClassGroup",
    "ClosingDay",
    "District",
    "DistrictFact",
    "DistrictStaff",
    "Institution",
    "InstitutionMember",
    "InstitutionProfile",
    "ListUpload",
    "OpeningRule",
    "ProfilePhoto",
    "Refusal",
    "SearchEntry",
    "SearchPosting",
    "StaffInvite",
    "Title",
    "Township",
]
