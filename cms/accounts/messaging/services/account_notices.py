"""What somebody is told of their own account."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from cms.accounts.messaging.services.messages import notify_users
from cms.accounts.models import User


def tell_of_reset(*, user: User, place: str, epoch: int, now: dt.datetime) -> None:
    """Somebody reset the user's password or second factor: a message, and a text where there is a number.

    ``epoch`` is the user's ``session_epoch`` before: each reset is told once.
    """
    notify_users(
        users=[user],
        kind="account_reset",
        title=_("您的登录已重置"),
        body=_("%(place)s 替您重置了登录，所有设备都已退出。不是您要求的，请马上联系他们。") % {"place": place},
        link="/me/privacy/",
        key=f"account_reset:{user.pk}:{epoch}",
        now=now,
        sms="account_reset",
        sms_params={"place": place},
    )
