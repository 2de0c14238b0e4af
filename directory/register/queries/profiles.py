"""Profiles as the admin lists them, and what became of the drafts that institutions handed in."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet

from directory.register.models import Institution, InstitutionProfile, IntroductionReturn


def profiles() -> QuerySet[InstitutionProfile]:
    """All profiles with their institution and latest revision."""
    return InstitutionProfile.objects.select_related("institution", "latest_revision")


def profile_of(institution: Institution) -> InstitutionProfile | None:
    """The institution's profile, if it has one."""
    return InstitutionProfile.objects.filter(institution=institution).first()


def handed_in() -> QuerySet[InstitutionProfile]:
    """Profiles with a draft that waits for the district: not published, and not sent back as it is."""
    sent_back = IntroductionReturn.objects.filter(profile=OuterRef("pk"), revision=OuterRef("latest_revision"))
    drafts = InstitutionProfile.objects.filter(has_unpublished_changes=True, latest_revision__isnull=False)
    return drafts.filter(~Exists(sent_back))


def waiting_draft(institution: Institution) -> InstitutionProfile | None:
    """The institution's profile where its draft waits for the district; one query, the draft's revision with it."""
    return handed_in().filter(institution=institution).select_related("latest_revision").first()


def returned_to(institution_id: int) -> IntroductionReturn | None:
    """What the district said of the institution's draft, as long as that is the latest and not published; one query."""
    standing = IntroductionReturn.objects.filter(
        profile__institution=institution_id,
        profile__has_unpublished_changes=True,
        revision=F("profile__latest_revision"),
    )
    return standing.first()
