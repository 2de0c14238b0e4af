"""The act 重置登录 of the admin: its words, its form's state, and the link that it ends with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.accounts.signin.services.setup_links import SETUP_LINK_DAYS
from directory.districts.viewsets.acts import Secret

RESET_WORDS = _(
    "请先确认是本人要求的。所有设备上的登录都退出。用密码登录的，原来的密码马上不能用，由下一页的链接重新设置；"
    "用手机号登录的，清除设过的第二步验证，手机号换了要停用后重新邀请。"
)


def account_state(row: Any) -> dict[str, Any]:
    """What the form asks for, and the state it is asked in; the row has a ``user``."""
    return {"epoch": row.user.session_epoch, "by_phone": row.user.signs_in_by_phone}


def fresh_start(token: str) -> Secret | str:
    """The link to set a password again; words where the account has none and signs in by phone."""
    if not token:
        return gettext("所有登录都已退出，请本人用手机号重新登录。")
    words = gettext("请只发给本人：只能用一次，%(days)d 天内有效。离开本页后不再显示，需要时再重置一次。")
    link = settings.SITE_URL.rstrip("/") + reverse("accounts:setup-link", args=[token])
    return Secret(gettext("重新设置的链接"), words % {"days": SETUP_LINK_DAYS}, link)
