"""The institution's own introduction: it hands in drafts, the district's staff publish them or send them back.

Publishing is Wagtail's (an editor, a date that has come), so nothing here knows of it: a draft that was published
is no draft any more, and what was said of it is over.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from cms.accounts.messaging.services.messages import notify_users
from cms.accounts.models import User
from cms.core.errors import InvalidInput, Refused
from cms.core.text import one_line
from directory.districts.services.checking import lock_row
from directory.districts.services.history import record
from directory.register.models import Institution, InstitutionMember, InstitutionProfile, IntroductionReturn
from directory.register.services.standing import ReasonMissing

RETURNED = "introduction_returned"


class NothingHandedIn(Refused):
    """There is no draft that waits for the district: published, sent back or withdrawn meanwhile."""

    code = "nothing_handed_in"
    message = _("没有等着处理的介绍：可能已经发布、退回，或者机构撤回了。")


class HandedInAgain(Refused):
    """The institution has handed in another draft than the one that was read."""

    code = "handed_in_again"
    message = _("机构刚刚又交了一稿，请先看过新的这一稿。")


class PublicationPlanned(Refused):
    """Staff have already set the time at which the draft is published."""

    code = "publication_planned"
    message = _("这一稿已经定好发布时间，请先取消定时发布。")


class DraftOfDistrict(Refused):
    """The district's staff wrote on the draft too; the institution can't take that away."""

    code = "draft_of_district"
    message = _("区里改过这份草稿，不能撤回，请联系区妇幼保健。")


@transaction.atomic
def save_profile_draft(*, institution: Institution, introduction: str, actor: AbstractBaseUser) -> Revision:
    """Hand in an introduction as a draft; what parents see does not change until staff publish it."""
    institution = lock_row(institution)
    profile = InstitutionProfile.objects.filter(institution=institution).first()
    if profile is None:
        profile = InstitutionProfile.objects.create(institution=institution)
    draft = profile.get_latest_revision_as_object() if profile.latest_revision_id else profile
    draft.introduction = introduction
    revision = draft.save_revision(user=actor, clean=False)
    record(instance=profile, action="directory.hand_in", actor=actor)
    return revision


@transaction.atomic
def return_introduction(
    *, institution: Institution, revision_id: int, reason: str, now: dt.datetime, actor: User | None = None
) -> IntroductionReturn:
    """Send the draft that was read (``revision_id``) back with words; the institution's managers get a message.

    The draft stays as it is, so that the institution goes on from it. Raises ``ReasonMissing``, ``InvalidInput`` (too
    long), ``NothingHandedIn``, ``HandedInAgain``, ``PublicationPlanned``.
    """
    institution = lock_row(institution)
    words = reason.strip()
    _check_reason(words)
    profile = _waiting_profile(institution)
    if profile.latest_revision_id != revision_id:
        raise HandedInAgain
    made = IntroductionReturn.objects.create(
        profile=profile, revision_id=revision_id, reason=words, created_at=now, created_by=actor
    )
    record(instance=profile, action="directory.send_back", actor=actor, reason=words)
    managers = institution.members.filter(role=InstitutionMember.Role.MANAGER, ended_at__isnull=True)
    notify_users(
        users=[member.user for member in managers.select_related("user").order_by("pk")],
        kind=RETURNED,
        title=str(_("区里请您改一改机构介绍")),
        body=words,
        link=reverse("workbench:settings-profile"),
        key=f"{RETURNED}:{revision_id}",
        now=now,
    )
    return made


@transaction.atomic
def withdraw_introduction(*, institution: Institution, actor: AbstractBaseUser) -> None:
    """Take a draft back that is not published: parents go on seeing what they saw. The draft stays in the history.

    Raises ``NothingHandedIn`` where there is none, ``PublicationPlanned``, ``DraftOfDistrict`` where staff wrote on it.
    """
    institution = lock_row(institution)
    profile = _lock_profile(institution)
    if profile is None or not profile.has_unpublished_changes or profile.latest_revision is None:
        raise NothingHandedIn
    drafts = profile.revisions.filter(pk__gt=profile.live_revision_id or 0)
    if drafts.filter(approved_go_live_at__isnull=False).exists():
        raise PublicationPlanned
    if drafts.exclude(user__in=institution.members.values("user")).exists():
        raise DraftOfDistrict
    profile.latest_revision, profile.has_unpublished_changes = profile.live_revision, False
    profile.save(update_fields=["latest_revision", "has_unpublished_changes"])
    record(instance=profile, action="directory.withdraw", actor=actor)


def _check_reason(words: str) -> None:
    if not one_line(words):
        raise ReasonMissing(fields={"reason": str(ReasonMissing.message)})
    most = IntroductionReturn._meta.get_field("reason").max_length or 0
    if len(words) > most:
        too_long = _("最多 %(most)d 个字，现在有 %(typed)d 个。") % {"most": most, "typed": len(words)}
        raise InvalidInput(too_long, fields={"reason": too_long})


def _waiting_profile(institution: Institution) -> InstitutionProfile:
    """The profile with a draft that waits, locked: publishing waits for us or has been seen."""
    profile = _lock_profile(institution)
    if profile is None or not profile.has_unpublished_changes or profile.latest_revision is None:
        raise NothingHandedIn
    if profile.returns.filter(revision=profile.latest_revision_id).exists():
        raise NothingHandedIn
    if profile.latest_revision.approved_go_live_at is not None:
        raise PublicationPlanned
    return profile


def _lock_profile(institution: Institution) -> InstitutionProfile | None:
    return InstitutionProfile.objects.select_for_update(no_key=True).filter(institution=institution).first()
