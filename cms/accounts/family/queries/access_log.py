"""Who looked at the records of a family's children."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.accounts.models import ChildAccess, Family


def accesses_of(family: Family) -> QuerySet[ChildAccess]:
    """The read log of the family's children, newest first, with child and actor."""
    return ChildAccess.objects.filter(child__family=family).select_related("child", "actor").order_by("-at", "-pk")


def purpose_words(purpose: str) -> str:
    """What for, as the family reads it."""
    words = {
        "today": _("看当天名单"),
        "week": _("看一周名单"),
        "day": _("看当天预约"),
        "print": _("打印当天名单"),
        "phone": _("看家长电话"),
        "closing": _("停托前看受影响的预约"),
        "settings": _("改设置前看受影响的预约"),
        "class": _("看课堂签到名单"),
        "export": _("导出名单"),
    }
    return words.get(purpose, _("办理业务"))
