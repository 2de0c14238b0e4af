"""The ribbon: a day as a row of cells, told by height, colour and words."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cms.core.display.places import FEW

#: Hours that the closing hour's name needs for itself, in the narrowest ribbon.
CLEAR_HOURS = 4


def clock(minutes: int) -> str:
    """``9:30`` for 570 minutes after midnight."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def render_ribbon(
    *,
    label: str,
    remaining: Mapping[int, int],
    opens: int,
    closes: int,
    step: int = 30,
    mine: tuple[int, int] | None = None,
    stale: bool = False,
    scale: bool = True,
    gone: int = 0,
) -> SafeString:
    """HTML of one day.

    ``remaining``: places by start minute of the day (a missing minute is closed); ``opens``, ``closes``: the minutes
    shown; ``mine``: the asked time, half-open; ``stale``: hatched and without numbers, since nobody vouches for them;
    ``gone``: what begins before this minute can't be booked any more, however many places are left.
    """
    states = tuple([_state(remaining.get(minute), is_gone=minute < gone) for minute in range(opens, closes, step)])
    kind = "ribbon ribbon--stale" if stale else "ribbon"
    cells = _cells(get_language() or "", states, opens, step, mine, stale=stale)
    ribbon = format_html('<ol class="{}" aria-label="{}">{}</ol>', kind, label, cells)
    return ribbon + render_scale(opens, closes) if scale else ribbon


@functools.lru_cache(maxsize=2048)
def _cells(
    language: str, states: tuple[str, ...], opens: int, step: int, mine: tuple[int, int] | None, *, stale: bool
) -> SafeString:
    """The cells of a day; many days of a page look alike."""
    words = _words(language, stale=stale)
    cells = []
    for number, state in enumerate(states):
        minute = opens + number * step
        asked = mine is not None and mine[0] <= minute < mine[1]
        names = " ".join(name for name, on in ((state, state != "free"), ("mine", asked)) if on)
        kind = format_html(' class="{}"', names) if names else ""
        cells.append((kind, clock(minute), words[state]))
    return format_html_join("", "<li{}>{} {}</li>", cells)


@functools.lru_cache(maxsize=8)
def _words(language: str, *, stale: bool) -> dict[str, str]:
    """What each state is called in the language now active; nobody vouches for a stale place."""
    if stale:
        unsure = _("未更新")
        return {"free": unsure, "few": unsure, "full": unsure, "shut": _("不开放"), "gone": _("已截止")}
    return {"free": _("有位"), "few": _("位少"), "full": _("已满"), "shut": _("不开放"), "gone": _("已截止")}


def _state(places: int | None, *, is_gone: bool) -> str:
    if places is None:
        return "shut"
    if is_gone:
        return "gone"
    if places <= 0:
        return "full"
    return "few" if places <= FEW else "free"


@functools.lru_cache(maxsize=256)
def render_scale(opens: int, closes: int) -> SafeString:
    """The full hours under their cells: a column an hour, every second one named, the closing hour at the end."""
    first, last = opens // 60, max(-(-closes // 60), opens // 60 + 1)
    names = [hour if hour == first or _is_named(hour - first, last - hour) else "" for hour in range(first, last)]
    names[-1] = _("%s 时") % (last if len(names) > 1 else f"{first}–{last}")
    marks = format_html_join("", "<span>{}</span>", [(name,) for name in names])
    return format_html('<p class="ribbon-scale" aria-hidden="true">{}</p>', marks)


def _is_named(after_opening: int, before_closing: int) -> bool:
    """The name of the closing hour reaches to the left: there is none in the three hours before it."""
    return after_opening % 2 == 0 and before_closing >= CLEAR_HOURS
