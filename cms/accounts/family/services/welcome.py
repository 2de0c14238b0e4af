"""What a family hears when an adult joins it: who did not send the code learns of it in time."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cms.accounts.family.services.leaving import FAMILY_PAGE
from cms.accounts.messaging.services.messages import notify_users
from cms.accounts.models import FamilyMember

CARER_CAME = _("这位是照护人，可以看宝宝的资料、预约和取消。不认识的话，监护人可以在「家人」里移出。")
GUARDIAN_CAME = _(
    "这位是监护人，和您一样可以登记、删除宝宝，替宝宝同意。请错了人，比这位早来的监护人 7 天内可以在「家人」里移出。"
)
FETCHES_TOO = _("这位也登记在「可接走的人」里。")


def tell_of_joining(member: FamilyMember, *, fetches: bool, problem: str, now: dt.datetime) -> None:
    """Let those who were there before know who came, what that adult may do, and how a mistake is mended."""
    others = FamilyMember.objects.filter(family_id=member.family_id).exclude(pk=member.pk).select_related("user")
    words = [
        str(GUARDIAN_CAME if member.is_guardian else CARER_CAME),
        str(FETCHES_TOO) if fetches else "",
        f"{problem}，{_('请监护人到「可接走的人」里看一下。')}" if problem else "",
    ]
    notify_users(
        users=[other.user for other in others],
        kind="family_joined",
        title=str(_("有一位家人加入了家庭")),
        body="".join(words),
        link=FAMILY_PAGE,
        key=f"family-joined:{member.pk}",
        now=now,
    )
