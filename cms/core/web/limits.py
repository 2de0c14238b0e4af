"""How often something may be done: fixed windows, counted in Redis in service mode and in the database otherwise."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext_lazy as _

from cms.core.errors import TooMany
from cms.core.models import RateCounter

KEY_BYTES = 16
# One statement on both databases: two processes counting at once never lose a hit.
COUNT_SQL = (
    "INSERT INTO core_ratecounter (key, window_starts_at, count) VALUES (%s, %s, 1) "
    "ON CONFLICT (key, window_starts_at) DO UPDATE SET count = core_ratecounter.count + 1 RETURNING count"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in any window of `window`; `name` tells one limit from another."""

    name: str
    times: int
    window: dt.timedelta


class LimitReached(TooMany):
    """A limit was used up; `seconds` tells when the next window begins."""

    message = _("次数太多，请过一会儿再试。")

    def __init__(self, limit: Limit, seconds: int) -> None:
        super().__init__()
        self.limit = limit
        self.seconds = seconds


def count_hit(limit: Limit, *, who: str, now: dt.datetime) -> None:
    """Count one attempt of `who` (a number, address or id; only its keyed hash is kept).

    Raises `LimitReached` from the attempt after the last allowed one on.
    """
    window = int(limit.window.total_seconds())
    start = int(now.timestamp()) // window * window
    hits = _count(_key(limit, who), start, window)
    if hits > limit.times:
        raise LimitReached(limit, seconds=start + window - int(now.timestamp()))


def hits_so_far(limit: Limit, *, who: str, now: dt.datetime) -> int:
    """How many attempts the present window has seen, without counting one."""
    window = int(limit.window.total_seconds())
    start = int(now.timestamp()) // window * window
    key = _key(limit, who)
    if settings.SHARED_STATE == "cache":
        return int(cache.get(f"{key}:{start}") or 0)
    row = RateCounter.objects.filter(key=key, window_starts_at=_moment(start)).values_list("count", flat=True)
    return row.first() or 0


def prune_counters(*, now: dt.datetime) -> int:
    """Remove counters of windows older than two days; returns how many."""
    removed, _by_model = RateCounter.objects.filter(window_starts_at__lt=now - dt.timedelta(days=2)).delete()
    return removed


def _key(limit: Limit, who: str) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{limit.name}\0{who}".encode(), hashlib.sha256)
    return f"limit:{limit.name}:{digest.hexdigest()[: KEY_BYTES * 2]}"


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)


def _count(key: str, start: int, window: int) -> int:
    if settings.SHARED_STATE == "cache":
        stamped = f"{key}:{start}"
        cache.add(stamped, 0, timeout=window + 60)
        return int(cache.incr(stamped))
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(_moment(start))
        cursor.execute(COUNT_SQL, [key, moment])
        return int(cursor.fetchone()[0])
