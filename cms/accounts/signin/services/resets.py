"""An account begins again because its owner lost the password or the second factor.

Whoever gets the link could use it themselves: who may ask for whom is the caller's business, and so is the history.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.accounts.messaging.services.account_notices import tell_of_reset
from cms.accounts.models import User
from cms.accounts.signin.services.second_factor import reset_factors
from cms.accounts.signin.services.setup_links import lock_user, reset_account
from cms.core.errors import NotAllowed, Refused


class OwnReset(Refused):
    """Whoever is signed in changes their own password and factor; a reset would sign them out with nothing."""

    code = "own_reset"
    message = _("这是您自己。请到「账号安全」里改密码、换验证器。")


class OpensMore(NotAllowed):
    """The account opens more than the one who asks may open."""

    code = "opens_more"
    message = _("这个账号还在别处工作，您不能重置。请联系区里或网站管理员。")


class ResetMeanwhile(Refused):
    """The account was reset, or its password changed, since the page was opened."""

    code = "reset_meanwhile"
    message = _("这个账号刚刚重置过或改过密码。还需要的话，请再确认一次。")


@transaction.atomic
def begin_again(
    *, user: User, seen: int, keeps_factor: bool, place: str, actor: AbstractBaseUser, now: dt.datetime
) -> str:
    """End all sessions and what was lost. Returns the token of the link, "" for who signs in by phone.

    With a password: it is of no use any more, the link sets a new one; the second factor goes too unless
    ``keeps_factor``. By phone: the second factor goes. ``seen`` is the user's ``session_epoch`` when the question was
    shown; ``place`` is who did it, in words for the user, who is told. Raises ``OwnReset``, ``ResetMeanwhile``.
    """
    if user.pk == actor.pk:
        raise OwnReset
    user = lock_user(user)
    if user.session_epoch != seen:
        raise ResetMeanwhile
    token = ""
    if user.signs_in_by_phone:
        reset_factors(user=user)
    else:
        token = reset_account(user=user, now=now, replaces_factor=not keeps_factor)
    tell_of_reset(user=user, place=place, epoch=seen, now=now)
    return token
