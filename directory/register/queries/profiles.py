"""Profiles as the admin lists them, and what became of the drafts that institutions handed in."""

from __future__ import annotations

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from directory.register.models import Institution, InstitutionProfile, IntroductionReturn


def profiles() -> QuerySet[InstitutionProfile]:
    """All profiles with their institution and latest revision."""
    return InstitutionProfile.objects.select_related("institution", "latest_revision")


def with_draft_state(rows: QuerySet[InstitutionProfile]) -> QuerySet[InstitutionProfile]:
    """Adds ``waits`` (a draft waits for the district) and ``is_returned`` (it was sent back); at most one is true."""
    sent_back = IntroductionReturn.objects.filter(profile=OuterRef("pk"), revision=OuterRef("latest_revision"))
    is_draft = Q(has_unpublished_changes=True, latest_revision__isnull=False)
    return rows.annotate(
        waits=Case(When(is_draft & ~Exists(sent_back), then=True), default=False),
        is_returned=Case(When(is_draft & Exists(sent_back), then=True), default=False),
    )


def profile_of(institution: Institution) -> InstitutionProfile | None:
    """The institution's profile, if it has one."""
    return InstitutionProfile.objects.filter(institution=institution).first()


def handed_in() -> QuerySet[InstitutionProfile]:
    """Profiles with a draft that waits for the district: not published, and not sent back as it is."""
    return with_draft_state(InstitutionProfile.objects.all()).filter(waits=True)


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
