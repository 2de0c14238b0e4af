"""The offices of a district: who works there, and the Wagtail groups that follow from it."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.accounts.family.queries.users import user_with_name
from cms.accounts.models import User
from cms.accounts.usernames import normalise_username
from cms.core.errors import InvalidInput
from cms.core.security.codes import new_secret_token
from directory.districts.models import District, DistrictStaff
from directory.districts.services.checking import save_checked
from directory.districts.services.history import record

FIRST_PASSWORD_LENGTH = 16


def group_name(district: District, department: str) -> str:
    """The name of the Wagtail group of an office: 「涧西区 妇幼保健」."""
    return f"{district.name} {DistrictStaff.Department(department).label}"


@transaction.atomic
def appoint_staff(
    *,
    district: District,
    department: str,
    username: str,
    now: dt.datetime,
    actor: AbstractBaseUser | None = None,
) -> tuple[DistrictStaff, str]:
    """Give a user a post; an unknown username gets an account with a first password.

    Returns the post and that password ("" for an existing account), which can't be had again. The person sets up a
    second factor at the first sign-in. Names are compared without case, as where accounts are made. Raises
    ``InvalidInput`` (empty or unfit name, a name that may mean two accounts, already in that office).
    """
    user, password = _account(username)
    post = DistrictStaff(district=district, user=user, department=department, created_at=now)
    save_checked(post)
    user.groups.add(_group(district, department))
    record(instance=post, action="directory.appoint", actor=actor, department=department)
    return post, password


@transaction.atomic
def end_post(*, post: DistrictStaff, actor: AbstractBaseUser | None = None) -> None:
    """Take a post and its group away; the account stays and may have other posts."""
    record(instance=post, action="directory.member_end", actor=actor, department=post.department)
    post.user.groups.remove(_group(post.district, post.department))
    post.delete()


def _group(district: District, department: str) -> Group:
    group, _created = Group.objects.get_or_create(name=group_name(district, department))
    return group


def _account(username: str) -> tuple[User, str]:
    """The user of a name, and the first password if the account is new."""
    user = user_with_name(username)
    if user is not None:
        return user, ""
    password = new_secret_token()[:FIRST_PASSWORD_LENGTH]
    try:
        return _new_user(username, password), password
    except InvalidInput:
        user = user_with_name(username)
        if user is None:
            raise
        return user, ""  # somebody else made the account just now


def _new_user(username: str, password: str) -> User:
    user = get_user_model()(username=normalise_username(username))
    user.set_password(password)
    try:
        save_checked(user)
    except InvalidInput as problem:
        words = str(_("请填用户名：字母、数字和 @ . + - _，不能有空格。"))
        raise InvalidInput(words, fields={"username": words}) from problem
    return user
