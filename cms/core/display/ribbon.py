"""The ribbon: a day as a row of cells, told by height, colour and words. One prepared string, not a loop of tags."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

FEW = 2


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
) -> SafeString:
    """HTML of one day.

    ``remaining``: places by start minute of the day (a missing minute is closed); ``opens``, ``closes``: the minutes
    shown; ``mine``: the asked time, half-open; ``stale``: hatched and without numbers, since nobody vouches for them.
    """
    words = _words(get_language() or "", stale=stale)
    cells = [
        _cell(minute, state := _state(remaining.get(minute)), words[state], bool(mine and mine[0] <= minute < mine[1]))
        for minute in range(opens, closes, step)
    ]
    kind = "ribbon ribbon--stale" if stale else "ribbon"
    body = f'<ol class="{kind}" aria-label="{conditional_escape(label)}">{"".join(cells)}</ol>'
    return mark_safe(body + (render_scale(opens, closes) if scale else ""))  # noqa: S308 - built from escaped parts


@functools.lru_cache(maxsize=8)
def _words(language: str, *, stale: bool) -> dict[str, str]:
    """What each state is called in the language now active; nobody vouches for a stale place."""
    if stale:
        unsure = _("未更新")
        return {"free": unsure, "few": unsure, "full": unsure, "shut": _("不开放")}
    return {"free": _("有位"), "few": _("位少"), "full": _("已满"), "shut": _("不开放")}


@functools.lru_cache(maxsize=4096)
def _cell(minute: int, state: str, word: str, is_mine: bool) -> str:
    """One cell; a page holds hundreds, of which few differ."""
    names = [name for name, on in ((state, state != "free"), ("mine", is_mine)) if on]
    attribute = f' class="{" ".join(names)}"' if names else ""
    return f"<li{attribute}>{clock(minute)} {word}</li>"


def _state(places: int | None) -> str:
    if places is None:
        return "shut"
    if places <= 0:
        return "full"
    return "few" if places <= FEW else "free"


@functools.lru_cache(maxsize=256)
def render_scale(opens: int, closes: int) -> str:
    """Every second full hour under the cells; the last carries the unit."""
    hours = list(range(-(-opens // 60), closes // 60 + 1, 2))
    last = len(hours) - 1
    marks = "".join(f"<span>{hour}{' 时' if i == last else ''}</span>" for i, hour in enumerate(hours))
    return f'<p class="ribbon-scale" aria-hidden="true">{marks}</p>'
