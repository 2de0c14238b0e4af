"""One-time links by which a manager or a caregiver comes in.

District staff invite the first manager, a manager invites caregivers. The link carries 256 random bits and is stored as
a hash; it works once and for seven days. Accounts and second factors are ``cms.accounts``' own.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.contrib.auth import get_user_model
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
from directory.register.queries.memberships import live_memberships
from directory.register.services.members import require_manager

INVITE_DAYS = 7
Role = InstitutionMember.Role


class InviteGone(NotFound):
    """The link was used, has run out, or never existed; all three look the same from outside."""

    code = "invite_gone"
    message = _("这个邀请链接已经用过或过期了，请让邀请您的人再发一个。")


class AlreadyMember(Refused):
    """The person works there already."""

    code = "already_member"
    message = _("您已经是这家机构的工作人员。")


@transaction.atomic
def invite_manager(*, institution: Institution, actor: User, now: dt.datetime) -> tuple[StaffInvite, str]:
    """District staff invite a manager. Returns the invite and its token, which can't be had again.

    Whether ``actor`` may act for the institution's district is checked by the caller's query.
    """
    return _invite(institution=institution, role=Role.MANAGER, actor=actor, now=now)


@transaction.atomic
def invite_caregiver(*, institution: Institution, actor: User, now: dt.datetime) -> tuple[StaffInvite, str]:
    """A manager invites a caregiver. Raises ``ManagerOnly`` for anybody else."""
    institution = lock_row(institution)
    require_manager(institution, actor)
    return _invite(institution=institution, role=Role.CAREGIVER, actor=actor, now=now)


def read_invite(*, token: str, now: dt.datetime) -> StaffInvite:
    """The open invite of a token. Raises ``InviteGone``."""
    invite = (
        StaffInvite.objects.select_related("institution")
        .filter(token_hash=hash_token(token), used_at__isnull=True, expires_at__gt=now)
        .first()
    )
    if invite is None or invite.institution.state == Institution.State.ENDED:
        raise InviteGone
    return invite


def joined_by(*, token: str, user: User) -> bool:
    """Whether the user works there now by this link: who presses twice comes to the same place twice."""
    return (
        live_memberships(user)
        .filter(institution__invites__token_hash=hash_token(token), institution__invites__used_by=user)
        .exists()
    )


@transaction.atomic
def accept_invite(*, token: str, user: User, now: dt.datetime) -> InstitutionMember:
    """Make the signed-in user a member by the link. Raises ``InviteGone``, ``AlreadyMember``."""
    invite = _lock_invite(token=token, now=now)
    if InstitutionMember.objects.filter(institution=invite.institution, user=user, ended_at__isnull=True).exists():
        raise AlreadyMember
    invite.used_at, invite.used_by = now, user
    invite.save(update_fields=["used_at", "used_by"])
    member = InstitutionMember.objects.create(
        institution=invite.institution, user=user, role=invite.role, created_at=now
    )
    record(instance=invite.institution, action="directory.member", actor=user, role=invite.role)
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


def _invite(*, institution: Institution, role: str, actor: User, now: dt.datetime) -> tuple[StaffInvite, str]:
    token = new_secret_token()
    invite = StaffInvite.objects.create(
        institution=institution,
        role=role,
        token_hash=hash_token(token),
        created_by=actor,
        created_at=now,
        expires_at=now + dt.timedelta(days=INVITE_DAYS),
    )
    record(instance=institution, action="directory.invite", actor=actor, role=role)
    return invite, token


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
