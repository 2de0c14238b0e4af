"""How often something may be done: fixed windows, counted in Redis in service mode and in the database otherwise."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cms.core.errors import TooMany
from cms.core.models import RateCounter

KEY_BYTES = 16
# One statement on both databases: two processes counting at once never lose a hit.
COUNT_SQL = (
    "INSERT INTO core_ratecounter (key, window_starts_at, count) VALUES (%s, %s, 1) "
    "ON CONFLICT (key, window_starts_at) DO UPDATE SET count = core_ratecounter.count + 1 RETURNING count"
)
# Beyond the window, so that a counter is never renewed by a clock that is a little late.
SPARE_SECONDS = 60
KEEP_COUNTERS = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in any window of `window`; `name` keeps the counters of two limits apart."""

    name: str
    times: int
    window: dt.timedelta


#: What is counted for whom (a number, address or id; only its keyed hash is stored).
Hit = tuple[Limit, str]


class LimitReached(TooMany):
    """A limit was used up; the next window begins in `seconds`."""

    message = _("次数太多，请过一会儿再试。")

    def __init__(self, limit: Limit, seconds: int) -> None:
        super().__init__()
        self.limit = limit
        self.seconds = seconds


def count_hit(limit: Limit, *, who: str, now: dt.datetime) -> None:
    """Count one attempt of `who`. Raises `LimitReached` from the attempt after the last allowed one on."""
    start, window = _window(limit, now)
    hits = _count(_key(limit, who), start, window)
    if hits > limit.times:
        raise LimitReached(limit, seconds=start + window - int(now.timestamp()))


def count_hits(hits: Iterable[Hit], *, now: dt.datetime) -> None:
    """Count one attempt against each limit, in their order. Raises `LimitReached` at the first that is used up.

    Call it before the thing that is limited is done, so that attempts made at once are all counted; where only
    failures shall count, `take_back_hits` undoes it.
    """
    for limit, who in hits:
        count_hit(limit, who=who, now=now)


def take_back_hits(hits: Iterable[Hit], *, now: dt.datetime) -> None:
    """Undo `count_hits` of the same moment."""
    for limit, who in hits:
        start, _window_seconds = _window(limit, now)
        _take_back(_key(limit, who), start)


def prune_counters(*, now: dt.datetime) -> int:
    """Remove counters of windows older than two days; returns how many."""
    removed, _by_model = RateCounter.objects.filter(window_starts_at__lt=now - KEEP_COUNTERS).delete()
    return removed


def _window(limit: Limit, now: dt.datetime) -> tuple[int, int]:
    """Start and length, in seconds, of the window that `now` falls into."""
    length = int(limit.window.total_seconds())
    return int(now.timestamp()) // length * length, length


def _key(limit: Limit, who: str) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{limit.name}\0{who}".encode(), hashlib.sha256)
    return f"limit:{limit.name}:{digest.hexdigest()[: KEY_BYTES * 2]}"


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)


def _count(key: str, start: int, window: int) -> int:
    if settings.SHARED_STATE == "cache":
        stamped = f"{key}:{start}"
        cache.add(stamped, 0, timeout=window + SPARE_SECONDS)
        return int(cache.incr(stamped))
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(_moment(start))
        cursor.execute(COUNT_SQL, [key, moment])
        return int(cursor.fetchone()[0])


def _take_back(key: str, start: int) -> None:
    if settings.SHARED_STATE == "cache":
        with contextlib.suppress(ValueError):  # the cache forgot the counter: there is nothing to take back
            cache.decr(f"{key}:{start}")
        return
    RateCounter.objects.filter(key=key, window_starts_at=_moment(start)).update(count=F("count") - 1)
