"""How fresh an institution's places are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from booking.models import PlacesConfirmation
from cms.core.times import local, local_date
from directory.models import Institution


def stale_after() -> dt.timedelta:
    """After how long nobody vouches for the places any more (a setting, three days)."""
    return dt.timedelta(days=getattr(settings, "PLACES_STALE_AFTER_DAYS", 3))


def confirmed_at(institution: Institution) -> dt.datetime | None:
    """When the institution last said that its places are right."""
    return confirmed_many([institution.pk]).get(institution.pk)


def confirmed_many(institution_ids: Iterable[int]) -> dict[int, dt.datetime]:
    """The same for many, in one query."""
    found = PlacesConfirmation.objects.filter(institution_id__in=list(institution_ids))
    return dict(found.values_list("institution_id", "places_confirmed_at"))


def confirmed_since(now: dt.datetime) -> set[int]:
    """Institutions whose places are not stale, in one query."""
    found = PlacesConfirmation.objects.filter(places_confirmed_at__gte=now - stale_after())
    return set(found.values_list("institution_id", flat=True))


def is_stale(confirmed: dt.datetime | None, now: dt.datetime) -> bool:
    """True when the places were confirmed too long ago, or never."""
    return confirmed is None or now - confirmed > stale_after()


def stamp_in_words(confirmed: dt.datetime | None, now: dt.datetime, caregivers: int | None = None) -> str:
    """「机构今天 9:58 确认，按当班 3 人计算」, or how long nothing was said."""
    if confirmed is None:
        return _("机构还没有确认过空位，不作准")
    if is_stale(confirmed, now):
        return _("空位 %d 天未更新，不作准") % (now - confirmed).days
    moment = local(confirmed)
    days = (local_date(now) - moment.date()).days
    day = {0: _("今天"), 1: _("昨天"), 2: _("前天")}.get(days, _("%d 天前") % days)
    words = _("机构%(day)s %(clock)s 确认") % {"day": day, "clock": moment.strftime("%-H:%M")}
    if caregivers:
        words += _("，按当班 %d 人计算") % caregivers
    return words
