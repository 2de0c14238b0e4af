"""The institution's own introduction: it writes drafts, the district's staff publish them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from wagtail.models import Revision

from directory.register.models import Institution, InstitutionProfile


@transaction.atomic
def save_profile_draft(*, institution: Institution, introduction: str, actor: AbstractBaseUser) -> Revision:
    """Keep a draft of the introduction as a revision; what parents see does not change until staff publish it."""
    profile = InstitutionProfile.objects.filter(institution=institution).first()
    if profile is None:
        profile = InstitutionProfile.objects.create(institution=institution)
    draft = profile.get_latest_revision_as_object() if profile.latest_revision_id else profile
    draft.introduction = introduction
    return draft.save_revision(user=actor, clean=False)
