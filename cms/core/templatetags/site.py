"""Template words of the whole site: `{% load site %}`. The writing rules live in ``cms.core.display.wording``."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import template
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from cms.core.display import places, wording
from cms.core.display.icons import render_icon
from cms.core.display.qr import draw_qr
from cms.core.runtime import owner_words as owners
from cms.core.security.codes import spell_reference
from cms.core.web.page_cache import allowed_params

register = template.Library()
ASCII_SPACE = re.compile(r"[ \t\r\n\f]+")  # the full-width space is part of the text

#: Days, spans and clock times as ``wording`` writes them.
TIMES = re.compile(r"((?:\d{4}年)?\d{1,2}月\d{1,2}日(?: 周[一二三四五六日])?|\d{1,2}:\d{2}(?:–\d{1,2}:\d{2})?)")
register.filter("weekday", wording.weekday)
register.filter("days", wording.days)
register.filter("km", wording.kilometres)
register.filter("is_few", places.is_few)
register.filter("spelled", spell_reference)


@register.simple_tag
def icon(name: str, extra_class: str = "") -> SafeString:
    """`{% icon "search" %}`: an icon of ``static/img/icons.svg``."""
    return render_icon(name, extra_class)


@register.simple_tag
def qr(text: str) -> SafeString:
    """`{% qr link %}`: the QR code of a text; its words stand beside it."""
    return draw_qr(text)


@register.filter
def is_own_path(path: str) -> bool:
    """Whether an address holds what belongs to one family: with another account nothing is there."""
    return path.startswith(("/me/", "/booking/"))


@register.filter
def owner_words(html: str) -> SafeString:
    """The HTML of a text with the owner's words, escaped, in place of the names in brackets."""
    words = {name: escape(value) for name, value in settings.OWNER_WORDS.items()}
    return mark_safe(owners.fill(html, words))  # noqa: S308  # the HTML of our own templates


class CaptureNode(template.Node):
    """A part of the page under a name, on one line, so that it can stand in several places."""

    def __init__(self, nodelist: template.NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: template.Context) -> SafeString:
        """Nothing here; the text is in the context."""
        context[self.name] = mark_safe(one_line(self.nodelist.render(context)))  # noqa: S308  # rendered, so escaped
        return SafeString("")


@register.tag
def capture(parser: template.base.Parser, token: template.base.Token) -> CaptureNode:
    """`{% capture name %}…{% endcapture %}`; blocks may stand inside."""
    try:
        _tag, name = token.split_contents()
    except ValueError:
        raise template.TemplateSyntaxError("capture takes one name") from None
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, name)


@register.filter(is_safe=True)
def one_line(value: str) -> str:
    """A template's text for an attribute or a title: broken lines are one again, with no blanks at the ends."""
    return ASCII_SPACE.sub(" ", value).strip(" ")


@register.filter
def in_fours(text: str) -> str:
    """「1234 5678」: what is copied by hand, in groups of four."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


@register.filter
def yuan(fen: int | None) -> str:
    """Fen → 「54 元」; nothing for nothing."""
    return "" if fen is None else wording.yuan(fen)


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """「11月26日 周四」"""
    return "" if not value else wording.day(value)


@register.filter
def full_date(value: dt.date | dt.datetime | None) -> str:
    """「2026年11月26日」"""
    return "" if not value else wording.full_date(value)


@register.filter
def year_month(value: dt.date | dt.datetime | None) -> str:
    """「2027年6月」"""
    return "" if not value else wording.month(value)


@register.filter
def month_words(value: dt.date | dt.datetime) -> str:
    """「11月」, for the date block."""
    return f"{wording.local_day(value).month}月"


@register.filter
def whole_times(text: str) -> SafeString:
    """A text in which 「11月30日 周一」 and 「14:00–17:00」 never break in two."""
    return mark_safe(TIMES.sub(r'<span class="nowrap">\1</span>', conditional_escape(text)))  # noqa: S308  # escaped


@register.filter
def day_number(value: dt.date | dt.datetime) -> int:
    """26, of the day on the wall clock."""
    return wording.local_day(value).day


@register.filter
def clock(value: dt.datetime | dt.time | None) -> str:
    """「14:00」"""
    return "" if value is None else wording.clock(value)


@register.filter
def until(start: dt.datetime | dt.time, end: dt.datetime | dt.time) -> str:
    """`{{ booking.starts_at|until:booking.ends_at }}` → 「14:00–17:00」"""
    return wording.period(start, end)


@register.filter
def near_day(value: dt.date | dt.datetime | None) -> str:
    """「今天」「明天」 or the day"""
    return "" if not value else wording.near_day(value, timezone.localdate())


@register.filter
def as_of(value: dt.datetime | None) -> str:
    """「截至今天 10:32」"""
    return "" if not value else wording.as_of(value, timezone.localdate())


@register.filter
def months(value: int | None) -> str:
    """「17 个月」"""
    return "" if value is None else wording.months(value)


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """The page's own query string with some parameters changed; an empty value takes one away.

    `<a href="?{% query_with page=2 %}">`
    """
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    allowed = allowed_params(request) if request is not None else None
    if allowed is not None:
        # Others get the same page from the cache: it must not carry what this visitor's link happened to hold.
        for name in query.keys() - allowed:
            query.pop(name)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return str(query.urlencode())
