"""How fresh an institution's places are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.utils.translation import gettext as _

from booking.places.sql import marks, moment_out, rows
from cms.core.calendar.times import local, local_date
from directory.register.models import Institution

CONFIRMED = """
SELECT institution_id, places_confirmed_at FROM booking_placesconfirmation WHERE institution_id IN ({institutions})
"""


def stale_after() -> dt.timedelta:
    """After how long nobody vouches for the places any more (a setting, three days)."""
    return dt.timedelta(days=getattr(settings, "PLACES_STALE_AFTER_DAYS", 3))


def confirmed_at(institution: Institution) -> dt.datetime | None:
    """When the institution last said that its places are right."""
    return confirmed_many([institution.pk]).get(institution.pk)


def confirmed_many(institution_ids: Collection[int]) -> dict[int, dt.datetime]:
    """The same for many, in one query."""
    if not institution_ids:
        return {}
    found = rows(CONFIRMED.format(institutions=marks(len(institution_ids))), [*institution_ids])
    return {pk: moment_out(moment) for pk, moment in found if moment}


def is_stale(confirmed: dt.datetime | None, now: dt.datetime) -> bool:
    """True when the places were confirmed too long ago, or never."""
    return confirmed is None or now - confirmed > stale_after()


def stamp_in_words(confirmed: dt.datetime | None, now: dt.datetime, caregivers: int | None = None) -> str:
    """「机构今天 9:58 确认，按当班 3 人计算」, or how long nothing was said."""
    return Stamps(now).words(confirmed, caregivers)


class Stamps:
    """Stamps of one moment; a list looks its words up once."""

    def __init__(self, now: dt.datetime) -> None:
        self.now, self._today = now, local_date(now)
        self._never, self._stale = _("机构还没有确认过空位，不作准"), _("空位 %d 天未更新，不作准")
        self._fresh, self._roster = _("机构%(day)s %(clock)s 确认"), _("，按当班 %d 人计算")
        self._days = {0: _("今天"), 1: _("昨天"), 2: _("前天")}

    def words(self, confirmed: dt.datetime | None, caregivers: int | None = None) -> str:
        """See ``stamp_in_words``."""
        if confirmed is None:
            return self._never
        if is_stale(confirmed, self.now):
            return self._stale % (self.now - confirmed).days
        moment = local(confirmed)
        ago = (self._today - moment.date()).days
        day = self._days[ago] if ago in self._days else _("%d 天前") % ago
        words = self._fresh % {"day": day, "clock": f"{moment.hour}:{moment.minute:02d}"}
        return words + self._roster % caregivers if caregivers else words
