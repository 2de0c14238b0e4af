"""How an adult leaves a family, or is removed from it, and who hears of it."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.family.queries.families import PickupLeft, may_remove, member_of, pickup_without
from cms.accounts.family.services.families import as_guardian, as_member, drop_shell, ensure_family
from cms.accounts.messaging.services.messages import notify_users
from cms.accounts.models import FamilyInvite, FamilyMember, PickupPerson, User
from cms.core.errors import NotAllowed, Refused
from cms.core.runtime.django_internals import forget_relation

#: Where the family's messages lead.
FAMILY_PAGE, PICKUP_PAGE = "/me/family/", "/me/pickup/"


class LastGuardian(Refused):
    """A family with children keeps a guardian."""

    code = "last_guardian"
    message = gettext_lazy("您是唯一的监护人。请先邀请另一位监护人，或删除宝宝的资料")


class LastFetcherLeaves(Refused):
    """With this adult the last one goes who may fetch the children from stays that are booked."""

    code = "last_pickup"
    message = gettext_lazy("这位是最后一位可接走的人，后面还有预约，请再确认一次")


class StaysGuardian(NotAllowed):
    """A guardian who was here first, or has been for a week, only leaves by their own decision."""

    message = gettext_lazy("这位监护人不能由您移出，只能由本人退出")


def leave_family(*, user: User, last_ok: bool = False, now: dt.datetime) -> FamilyMember:
    """Leave; the user goes on with a new, empty family. The last guardian can't leave children behind.

    A family in which nobody is left goes too. Raises ``LastGuardian``, and ``LastFetcherLeaves`` unless ``last_ok``
    says that the user knows.
    """
    with as_member(user=user, now=now) as member:
        guardians = FamilyMember.objects.filter(family_id=member.family_id, role=FamilyMember.Role.GUARDIAN)
        if not guardians.exclude(pk=member.pk).exists() and member.family.children.exists():
            raise LastGuardian
        pickup = _pickup_without(member, last_ok=last_ok, now=now)
        end_membership(member, pickup, title=_("有一位家人退出了家庭"), now=now)
        drop_shell(member.family_id)
        forget_relation(user, "family_member")
        return ensure_family(user=user, now=now)


def remove_member(*, user: User, member_id: int, last_ok: bool = False, now: dt.datetime) -> None:
    """A guardian removes a carer, or a guardian who has just come (docs/adr/0105).

    Raises ``MemberNotFound``, ``StaysGuardian``, and ``LastFetcherLeaves`` unless ``last_ok`` says that the guardian
    knows.
    """
    with as_guardian(user=user, now=now) as own:
        member = member_of(own.family_id, member_id)
        if not may_remove(own, member, now=now):
            raise StaysGuardian
        gone = member.user
        pickup = _pickup_without(member, last_ok=last_ok, now=now)
        notify_users(
            users=[gone],
            kind="family_removed",
            title=_("您已被移出家庭"),
            body=_(
                "监护人把您移出了家庭，您看不到那家的宝宝和预约，也不在那家可接走的人里了。要再加入，请家人重新给您邀请码。"
            ),
            link=FAMILY_PAGE,
            key=f"family-removed:{member.pk}",
            now=now,
        )
        end_membership(member, pickup, title=_("有一位家人被移出了家庭"), now=now)
        ensure_family(user=gone, now=now)


def end_membership(member: FamilyMember, pickup: PickupLeft, *, title: str, now: dt.datetime) -> None:
    """End an adult's place, in the caller's transaction and under the family's lock.

    They don't fetch the children any more, codes that they gave out are of no use, and those who stay hear of it.
    """
    FamilyInvite.objects.filter(created_by_id=member.user_id, used_at__isnull=True, expires_at__gt=now).update(
        used_at=now
    )
    PickupPerson.objects.filter(pk__in=[person.pk for person in pickup.going]).delete()
    others = FamilyMember.objects.filter(family_id=member.family_id).exclude(pk=member.pk).select_related("user")
    notify_users(
        users=[other.user for other in others],
        kind="family_left",
        title=title,
        body=_what_it_means(pickup),
        link=PICKUP_PAGE if pickup.bookings else FAMILY_PAGE,
        key=f"family-left:{member.pk}",
        now=now,
    )
    user = member.user
    member.delete()
    forget_relation(user, "family_member")


def _pickup_without(member: FamilyMember, *, last_ok: bool, now: dt.datetime) -> PickupLeft:
    pickup = pickup_without(member, now=now)
    if pickup.bookings and not last_ok:
        raise LastFetcherLeaves
    return pickup


def _what_it_means(pickup: PickupLeft) -> str:
    words = [_("这位家人看不到宝宝和预约了，也不能再替你们取消。如果还要请回来，请监护人重新生成邀请码。")]
    if pickup.going:
        words.append(_("这位也不在「可接走的人」里了；还要让这位接宝宝，请监护人重新登记。"))
    if pickup.bookings:
        left = _("后面还有 %(count)s 次预约，现在没有登记可接走的人，请先登记一位。")
        words.append(left % {"count": pickup.bookings})
    return "".join(words)
