"""Profiles as the admin lists them."""

from __future__ import annotations

from django.db.models import QuerySet

from directory.register.models import Institution, InstitutionProfile


def profiles() -> QuerySet[InstitutionProfile]:
    """All profiles with their institution and latest revision."""
    return InstitutionProfile.objects.select_related("institution", "latest_revision")


def profile_of(institution: Institution) -> InstitutionProfile | None:
    """The institution's profile, if it has one."""
    return InstitutionProfile.objects.filter(institution=institution).first()
