"""What somebody read the record of a child for."""

from __future__ import annotations

from django.utils.translation import gettext as _


def purpose_words(purpose: str) -> str:
    """What for, as the family reads it."""
    words = {
        "today": _("看当天名单"),
        "week": _("看一周名单"),
        "day": _("看当天预约"),
        "card": _("看宝宝的照护资料"),
        "print": _("打印当天名单"),
        "phone": _("看家长电话"),
        "closing": _("停托前看受影响的预约"),
        "settings": _("改设置前看受影响的预约"),
        "class": _("看课堂签到名单"),
        "export": _("导出名单"),
    }
    return words.get(purpose, _("办理业务"))
