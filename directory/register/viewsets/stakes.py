"""What acts on an institution cost families, in the words of the admin: counts and days, never a child."""

from __future__ import annotations

from django.utils.translation import gettext as _

from directory.districts.viewsets.acts import Stake
from directory.register.queries.impact import Impact


def stake_of(impact: Impact, *, words: str = "") -> Stake:
    """The lines of an act that ends what the impact counts; ``words`` before them say on what it depends."""
    lines = [words] if words else []
    lines.append(_counted(impact) if impact.bookings else _("没有要取消的预约。"))
    if impact.left:
        lines.append(
            _("另外有 %d 家报名了在这里办的课堂。课堂不会自动取消，请到「课堂」里改地点或取消。") % impact.left
        )
    return Stake(mark=impact.mark, lines=lines, days=impact.days)


def _counted(impact: Impact) -> str:
    """「会取消 5 个预约，通知 3 个家庭（4 个宝宝）。」"""
    return _("会取消 %(bookings)d 个预约，通知 %(families)d 个家庭（%(children)d 个宝宝）。") % {
        "bookings": impact.bookings,
        "families": impact.families,
        "children": impact.children,
    }


def told(impact: Impact) -> str:
    """What is said once it is done."""
    if not impact.bookings:
        return _("没有要通知的家庭。")
    return _("正在通知 %(families)d 个家庭（%(bookings)d 个预约）。") % {
        "families": impact.families,
        "bookings": impact.bookings,
    }
