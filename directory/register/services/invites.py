"""One-time links by which a manager or a caregiver comes in.

District staff invite managers, a manager invites caregivers. The link carries 256 random bits; it works once and for
seven days, and can be taken back. It is found by its hash; while it is open its ciphertext is stored too, so that
whoever may invite can copy it again. Accounts and second factors are ``cms.accounts``' own.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.accounts.family.queries.users import user_with_name
from cms.accounts.models import User
from cms.accounts.usernames import normalise_username
from cms.core.errors import InvalidInput, NotAllowed, NotFound, Refused
from cms.core.saving import check_and_save
from cms.core.security.codes import new_secret_token
from directory.districts.services.checking import lock_row
from directory.districts.services.history import record
from directory.register.models import Institution, InstitutionMember, StaffInvite
from directory.register.queries.memberships import live_memberships, open_invites
from directory.register.services.members import read_member_name, record_member, require_manager

INVITE_DAYS = 7
#: How long an invitation that nobody used stays in the list after its end.
KEEP_DAYS = 30
Role = InstitutionMember.Role


class InviteGone(NotFound):
    """The link was used, has run out, or never existed; all three look the same from outside."""

    code = "invite_gone"
    message = _("这个邀请链接已经用过或过期了，请让邀请您的人再发一个。")


class InviteTakenBack(InviteGone):
    """Who invited has taken the link back."""

    code = "invite_taken_back"
    message = _("这个邀请已经收回了。如果您还要加入，请联系邀请您的人。")


class InviteUsed(Refused):
    """Somebody came in by the link before it was taken back."""

    code = "invite_used"
    message = _("刚刚有人用这个邀请进来了，收不回。如果不是本人，请在名单里停用。")


class AlreadyInvited(InvalidInput):
    """An open invitation names the same person: a second tap, or somebody of the same name."""

    code = "already_invited"
    message = _("已有给这个名字的邀请，还没用，请用那个链接。是另一个人，就把名字写得不一样。")


class AlreadyMember(Refused):
    """The person works there already."""

    code = "already_member"
    message = _("您已经是这家机构的工作人员。")


@transaction.atomic
def invite_manager(
    *, institution: Institution, actor: User, now: dt.datetime, name: str = ""
) -> tuple[StaffInvite, str]:
    """District staff invite a manager, by name if it is known. Returns the invite and its token.

    Whether ``actor`` may act for the institution's district is checked by the caller's query. Raises ``InviteGone``
    (the institution has ended), ``AlreadyInvited``, ``InvalidInput`` (name).
    """
    institution = lock_row(institution)
    return _invite(institution=institution, role=Role.MANAGER, name=name, actor=actor, now=now)


@transaction.atomic
def invite_caregiver(
    *, institution: Institution, actor: User, now: dt.datetime, name: str = ""
) -> tuple[StaffInvite, str]:
    """A manager invites a caregiver. Raises ``ManagerOnly`` for anybody else, else as ``invite_manager``."""
    institution = lock_row(institution)
    require_manager(institution, actor)
    return _invite(institution=institution, role=Role.CAREGIVER, name=name, actor=actor, now=now)


@transaction.atomic
def take_back(*, invite: StaffInvite, actor: User, now: dt.datetime) -> StaffInvite:
    """A manager takes a caregiver's link back; again, nothing more happens.

    Raises ``ManagerOnly``, ``NotAllowed`` (a manager's link is the district's) and ``InviteUsed``.
    """
    require_manager(lock_row(invite.institution), actor)
    if invite.role != Role.CAREGIVER:
        raise NotAllowed(_("负责人由区里邀请，请区里收回。"))
    return _take_back(invite, actor=actor, now=now)


@transaction.atomic
def take_back_by_district(*, invite: StaffInvite, actor: AbstractBaseUser, now: dt.datetime) -> StaffInvite:
    """District staff take a link back; whether they may is checked by the caller's query. Raises ``InviteUsed``."""
    lock_row(invite.institution)
    return _take_back(invite, actor=actor, now=now)


def forget_old_invites(*, now: dt.datetime) -> int:
    """Remove invitations that nobody used, 30 days after their end; returns how many."""
    old = StaffInvite.objects.filter(used_at__isnull=True, expires_at__lte=now - dt.timedelta(days=KEEP_DAYS))
    removed, _by_model = old.delete()
    return removed


def read_invite(*, token: str, now: dt.datetime) -> StaffInvite:
    """The open invite of a token. Raises ``InviteGone``, ``InviteTakenBack``."""
    rows = StaffInvite.objects.select_related("institution")
    invite = rows.filter(token_hash=hash_token(token), used_at__isnull=True).first()
    if invite is None or invite.institution.state == Institution.State.ENDED:
        raise InviteGone
    if invite.taken_back_at is not None:
        raise InviteTakenBack
    if invite.expires_at <= now:
        raise InviteGone
    return invite


def read_token(*, invite: StaffInvite, now: dt.datetime) -> str:
    """What the link of an open invitation carries, to copy it again. Raises ``InviteGone``, ``InviteTakenBack``."""
    token = StaffInvite.objects.get(pk=invite.pk).token
    read_invite(token=token, now=now)
    return token


def joined_by(*, token: str, user: User) -> bool:
    """Whether the user works there now by this link: who presses twice comes to the same place twice."""
    return (
        live_memberships(user)
        .filter(institution__invites__token_hash=hash_token(token), institution__invites__used_by=user)
        .exists()
    )


@transaction.atomic
def accept_invite(*, token: str, user: User, now: dt.datetime) -> InstitutionMember:
    """Make the signed-in user a member by the link, under the name it was made for.

    Raises ``InviteGone``, ``InviteTakenBack``, ``AlreadyMember``.
    """
    invite = _lock_invite(token=token, now=now)
    if InstitutionMember.objects.filter(institution=invite.institution, user=user, ended_at__isnull=True).exists():
        raise AlreadyMember
    name = invite.name
    invite.used_at, invite.used_by, invite.name, invite.token = now, user, "", ""
    invite.save(update_fields=["used_at", "used_by", "name", "token"])
    member = InstitutionMember.objects.create(
        institution=invite.institution, user=user, role=invite.role, name=name, created_at=now
    )
    record_member("directory.member", member, user)
    return member


@transaction.atomic
def create_manager(*, token: str, username: str, password: str, now: dt.datetime) -> InstitutionMember:
    """A new account with a password, made by a manager's link; the second factor is set up next.

    Raises ``InviteGone``, ``NotAllowed`` (a caregiver's link), ``InvalidInput`` (name taken, weak password).
    """
    invite = _lock_invite(token=token, now=now)
    if invite.role != Role.MANAGER:
        raise NotAllowed
    user = get_user_model()(username=normalise_username(username))
    user.set_password(password)
    check_and_save(user, lambda row: _check_account(row, password))
    return accept_invite(token=token, user=user, now=now)


def hash_token(token: str) -> str:
    """The stored form of a token: SHA-256 is enough, since it has 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def _invite(
    *, institution: Institution, role: str, name: str, actor: User, now: dt.datetime
) -> tuple[StaffInvite, str]:
    """Under the institution's lock, so that a second tap finds the first one's invitation."""
    if institution.state == Institution.State.ENDED:
        raise InviteGone(_("这家机构已终止，不能再邀请。"))
    called = read_member_name(name)
    if called and any(row.name == called for row in open_invites(institution, now=now).filter(role=role)):
        raise AlreadyInvited(fields={"name": str(AlreadyInvited.message)})
    token = new_secret_token()
    invite = StaffInvite.objects.create(
        institution=institution,
        role=role,
        name=called,
        token_hash=hash_token(token),
        token=token,
        created_by=actor,
        created_at=now,
        expires_at=now + dt.timedelta(days=INVITE_DAYS),
    )
    record(instance=institution, action="directory.invite", actor=actor, role=role)
    return invite, token


def _take_back(invite: StaffInvite, *, actor: AbstractBaseUser, now: dt.datetime) -> StaffInvite:
    invite = StaffInvite.objects.select_related("institution").get(pk=invite.pk)
    if invite.used_at is not None:
        raise InviteUsed
    if invite.taken_back_at is None:
        invite.taken_back_at, invite.name, invite.token = now, "", ""
        invite.save(update_fields=["taken_back_at", "name", "token"])
        record(instance=invite.institution, action="directory.invite_back", actor=actor, role=invite.role)
    return invite


def _lock_invite(*, token: str, now: dt.datetime) -> StaffInvite:
    """The open invite as it is while nobody else joins, leaves or ends the institution. Raises ``InviteGone``."""
    lock_row(read_invite(token=token, now=now).institution)
    return read_invite(token=token, now=now)


def _check_account(user: User, password: str) -> None:
    fields: dict[str, str] = {}
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        fields = {name: " ".join(words) for name, words in error.message_dict.items()}
    if user_with_name(user.username) is not None:
        fields["username"] = str(_("这个用户名已有人用，请换一个。"))
    try:
        validate_password(password, user)
    except ValidationError as error:
        fields["password"] = " ".join(error.messages)
    if fields:
        raise InvalidInput(next(iter(fields.values())), fields=fields)
