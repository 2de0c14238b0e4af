"""Posts in the offices of the districts and as an editor of the site, and how their accounts begin."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.accounts.family.queries.users import user_with_name
from cms.accounts.models import User
from cms.accounts.ports import posts_of
from cms.accounts.signin.services.resets import OpensMore, begin_again
from cms.accounts.signin.services.setup_links import issue_setup_link
from cms.accounts.usernames import normalise_username
from cms.core.errors import InvalidInput, Refused
from directory.districts.models import District, DistrictStaff
from directory.districts.models.districts import office_name
from directory.districts.queries.offices import other_appointers
from directory.districts.queries.people import districts_of
from directory.districts.services.checking import lock_row, save_checked
from directory.districts.services.history import record
from directory.districts.services.offices import ensure_office


class WorksElsewhere(InvalidInput):
    """An account works for one district, or for the site.

    Groups give their permissions everywhere: who may change rules in one district would change them in the other too.
    """

    code = "works_elsewhere"
    message = _("这个账号已经在别处任职。请给这位同事另起一个用户名。")


class AccountClosed(InvalidInput):
    """The account was closed; nobody signs in with it any more."""

    code = "account_closed"
    message = _("这个账号已经停用。请另起一个用户名。")


class WorksAtInstitution(InvalidInput):
    """Who runs or works in an institution does not supervise it for the district with the same account."""

    code = "works_at_institution"
    message = _("这个账号在机构工作。请先结束机构的工作，或给这位同事另起一个用户名。")


class OwnPost(Refused):
    """Nobody shuts themselves out."""

    code = "own_post"
    message = _("不能结束自己的工作，请让另一位能管工作人员的同事来办。")


class LastAppointer(Refused):
    """Without somebody who may appoint people, nobody of the district could be let in again."""

    code = "last_appointer"
    message = _("本区只剩这一位能管工作人员。请先添加接替的人，再结束这份工作。")


@transaction.atomic
def appoint_staff(
    *,
    district: District | None,
    department: str,
    username: str,
    now: dt.datetime,
    actor: AbstractBaseUser | None = None,
) -> tuple[DistrictStaff, str]:
    """Give a user a post, of no district for an editor of the site; an unknown username gets an account.

    Returns the post and the token of the link by which a new account begins ("" for an existing one). Names are
    compared without case, as where accounts are made. Raises ``InvalidInput`` (empty or unfit name, already in that
    office), ``WorksElsewhere``, ``WorksAtInstitution`` and ``AccountClosed``.
    """
    user, is_new = _account(username)
    _check_place(user, district)
    post = DistrictStaff(district=district, user=user, department=department, created_at=now)
    save_checked(post)
    if district is not None:
        ensure_office(district=district, department=department, now=now)
    user.groups.add(_group(district, department))
    record(instance=post, action="directory.appoint", actor=actor, department=department)
    return post, issue_setup_link(user=user, now=now) if is_new else ""


@transaction.atomic
def start_post(*, district: District | None, department: str, username: str, now: dt.datetime) -> str:
    """The post if it is not there yet, and a fresh link for the account whether or not it is; returns the token.

    For the operator (`manage.py add_staff`). Raises as ``appoint_staff`` does.
    """
    user, _is_new = _account(username)
    _check_place(user, district)
    # Asked under the lock: of two who start the same post at once the second finds it.
    if not DistrictStaff.objects.filter(district=district, department=department, user=user).exists():
        appoint_staff(district=district, department=department, username=username, now=now)
    return issue_setup_link(user=user, now=now)


@transaction.atomic
def end_post(*, post: DistrictStaff, actor: AbstractBaseUser | None = None) -> None:
    """Take a post and its group away; the account stays and may have other posts.

    Raises ``OwnPost`` and ``LastAppointer``; the second of two who end the same post finds nothing left to do.
    """
    if actor is not None and post.user_id == actor.pk:
        raise OwnPost
    if post.district is not None:
        # Under the lock: of two who end each other the second is the last.
        lock_row(post.district)
        if other_appointers(post) == 0:
            raise LastAppointer
    if not DistrictStaff.objects.filter(pk=post.pk).exists():
        return
    record(instance=post, action="directory.member_end", actor=actor, department=post.department)
    post.user.groups.remove(_group(post.district, post.department))
    post.delete()


@transaction.atomic
def reset_staff(*, post: DistrictStaff, seen: int, keeps_factor: bool, actor: User, now: dt.datetime) -> str:
    """Let somebody of an office begin again; see ``begin_again`` for what ends and what is returned.

    Whether ``actor`` may appoint people for the post's district is checked by the caller. Whoever resets could use the
    account: it must open nothing beyond that. Raises ``OwnReset``, ``OpensMore``, ``ResetMeanwhile``.
    """
    post = DistrictStaff.objects.select_related("district", "user").get(pk=post.pk)
    if post.user_id != actor.pk and _opens_more(post.user, actor):
        raise OpensMore
    token = begin_again(
        user=post.user, seen=seen, keeps_factor=keeps_factor, place=post.office_name, actor=actor, now=now
    )
    action = "directory.reset_password" if token and keeps_factor else "directory.reset_all"
    record(instance=post, action=action, actor=actor, department=post.department)
    return token


def _opens_more(user: User, actor: User) -> bool:
    if actor.is_superuser:
        return False
    posts = posts_of(user)
    beyond = DistrictStaff.objects.filter(user=user).exclude(district__in=districts_of(actor))
    return user.is_superuser or posts.manager or posts.caregiver or beyond.exists()


def _group(district: District | None, department: str) -> Group:
    group, _created = Group.objects.get_or_create(name=office_name(district, department))
    return group


def _check_place(user: User, district: District | None) -> None:
    """Under the lock of the user's row: two districts that appoint at once are one after the other."""
    if not lock_row(user).is_active:
        raise AccountClosed(fields={"username": str(AccountClosed.message)})
    places = set(DistrictStaff.objects.filter(user=user).values_list("district_id", flat=True))
    if places - {district.pk if district else None}:
        raise WorksElsewhere(fields={"username": str(WorksElsewhere.message)})
    posts = posts_of(user)
    if posts.manager or posts.caregiver:
        raise WorksAtInstitution(fields={"username": str(WorksAtInstitution.message)})


def _account(username: str) -> tuple[User, bool]:
    """The user of a name, and whether the account is new."""
    user = user_with_name(username)
    if user is not None:
        return user, False
    try:
        return _new_user(username), True
    except InvalidInput:
        user = user_with_name(username)
        if user is None:
            raise
        return user, False  # somebody else made the account just now


def _new_user(username: str) -> User:
    user = get_user_model()(username=normalise_username(username))
    user.set_unusable_password()
    try:
        save_checked(user)
    except InvalidInput as problem:
        words = str(_("请填用户名：字母、数字和 @ . + - _，不能有空格。"))
        raise InvalidInput(words, fields={"username": words}) from problem
    return user
