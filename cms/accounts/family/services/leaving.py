"""How an adult leaves a family, or is removed from it, and who hears of it."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from cms.accounts.family.queries.families import carer_in
from cms.accounts.family.services.families import as_guardian, as_member, drop_shell, ensure_family
from cms.accounts.messaging.services.messages import notify_users
from cms.accounts.models import FamilyInvite, FamilyMember, User
from cms.core.errors import Refused
from cms.core.runtime.django_internals import forget_relation

#: Where the family's messages lead.
FAMILY_PAGE = "/me/family/"


class LastGuardian(Refused):
    """A family with children keeps a guardian."""

    code = "last_guardian"
    message = _("您是唯一的监护人。请先邀请另一位监护人，或删除宝宝的资料")


def leave_family(*, user: User, now: dt.datetime) -> FamilyMember:
    """Leave; the user goes on with a new, empty family. The last guardian can't leave children behind.

    Codes that the user gave out are of no use any more; a family in which nobody is left goes too.
    """
    with as_member(user=user, now=now) as member:
        guardians = FamilyMember.objects.filter(family_id=member.family_id, role=FamilyMember.Role.GUARDIAN)
        if not guardians.exclude(pk=member.pk).exists() and member.family.children.exists():
            raise LastGuardian
        FamilyInvite.objects.filter(created_by=user, used_at__isnull=True, expires_at__gt=now).update(used_at=now)
        tell_of_leaving(member, now=now)
        member.delete()
        drop_shell(member.family_id)
        forget_relation(user, "family_member")
        return ensure_family(user=user, now=now)


def remove_member(*, user: User, member_id: int, now: dt.datetime) -> None:
    """A guardian removes a carer; another guardian can only leave by their own decision."""
    with as_guardian(user=user, now=now) as own:
        member = carer_in(own.family_id, member_id)
        gone = member.user
        notify_users(
            users=[gone],
            kind="family_removed",
            title=str(_("您已被移出家庭")),
            body=str(_("监护人把您移出了家庭，您看不到那家的宝宝和预约了。要再加入，请家人重新给您邀请码。")),
            link=FAMILY_PAGE,
            key=f"family-removed:{member.pk}",
            now=now,
        )
        member.delete()
        forget_relation(gone, "family_member")
        ensure_family(user=gone, now=now)


def tell_of_leaving(member: FamilyMember, *, now: dt.datetime) -> None:
    """Let those who stay know that somebody goes; called before the membership ends."""
    others = FamilyMember.objects.filter(family_id=member.family_id).exclude(pk=member.pk).select_related("user")
    notify_users(
        users=[other.user for other in others],
        kind="family_left",
        title=str(_("有一位家人退出了家庭")),
        body=str(_("这位家人看不到宝宝和预约了，也不能再替你们取消。如果还要请回来，请监护人重新生成邀请码。")),
        link=FAMILY_PAGE,
        key=f"family-left:{member.pk}",
        now=now,
    )
