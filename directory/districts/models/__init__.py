"""Districts with their townships and offices, and the rules that hold there."""

from directory.districts.models.districts import District, DistrictStaff, Township, whole_position
from directory.districts.models.offices import Office
from directory.districts.models.rules import PolicyDocument, Rule

__all__ = ["District", "DistrictStaff", "Office", "PolicyDocument", "Rule", "Township", "whole_position"]
