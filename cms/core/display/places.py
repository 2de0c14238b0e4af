"""How free places are written: how many, why none, and who vouches for the number."""

from __future__ import annotations

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.calendar.times import local, local_date

#: From three places on a number says 「有」, below 「仅」.
FEW = 2
#: Why there is no place, by the words of the API.
WHY_NOT: dict[str, Promise] = {
    "full": gettext_lazy("已满"),
    "closed": gettext_lazy("这天不开放"),
    "outside_hours": gettext_lazy("这段时间不开放"),
    "too_late": gettext_lazy("已过最晚预约时间"),
    "too_early": gettext_lazy("这一天还没有开放预约"),
    "too_short": gettext_lazy("时间太短，不能约"),
    "bad_step": gettext_lazy("这个起止时间不能约"),
    "product": gettext_lazy("现在没有可约的托育方式"),
    "age": gettext_lazy("没有适合宝宝月龄的班"),
}
#: The same beside a day, where there is room for two or three characters.
WHY_NOT_SHORT: dict[str, Promise] = {
    "full": gettext_lazy("已满"),
    "closed": gettext_lazy("休"),
    "too_late": gettext_lazy("已截止"),
    "too_early": gettext_lazy("未开放"),
    "age": gettext_lazy("没有班"),
}


def why_not(problem: str) -> str:
    """「已满」「这段时间不开放」"""
    return str(WHY_NOT[problem])


def why_not_short(problem: str) -> str:
    """「已满」「休」「已截止」, and 「不可约」 for what needs more words."""
    return str(WHY_NOT_SHORT.get(problem, _("不可约")))


def is_few(places: int) -> bool:
    """Whether so few are left that the number says 「仅」."""
    return places <= FEW


class Stamps:
    """When an institution vouched for its places, as of one moment; a list looks its words up once."""

    def __init__(self, now: dt.datetime) -> None:
        self.now, self._today = now, local_date(now)
        self._never, self._stale = _("机构还没有确认过空位，不作准"), _("空位 %d 天未更新，不作准")
        self._fresh, self._roster = _("机构%(day)s %(clock)s 确认"), _("，按当班 %d 人计算")
        self._days = {0: _("今天"), 1: _("昨天"), 2: _("前天")}

    def words(self, confirmed: dt.datetime | None, *, stale: bool, caregivers: int = 0) -> str:
        """「机构今天 9:58 确认，按当班 3 人计算」, or how long nothing was said."""
        if confirmed is None:
            return self._never
        if stale:
            return self._stale % (self.now - confirmed).days
        moment = local(confirmed)
        ago = (self._today - moment.date()).days
        day = self._days[ago] if ago in self._days else _("%d 天前") % ago
        words = self._fresh % {"day": day, "clock": f"{moment.hour}:{moment.minute:02d}"}
        return words + self._roster % caregivers if caregivers else words
