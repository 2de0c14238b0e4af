"""How the consent text is drawn."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def consent_summary(text: str) -> str:
    """The section on top that says it in a few lines; "" for a text without one."""
    first, _blank, rest = text.partition("\n\n")
    return first if rest and first.startswith("## ") else ""


@register.filter
def consent_rest(text: str) -> str:
    """Everything below the summary."""
    return text.removeprefix(consent_summary(text)).lstrip("\n")


@register.filter
def consent_text(text: str) -> SafeString:
    """The plain text of a consent as headings (`## `), lists (`- `) and paragraphs; everything is escaped."""
    parts: list[SafeString] = []
    items: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("- "):
            items.append(line[2:])
            continue
        if items:
            parts.append(format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((item,) for item in items))))
            items = []
        if line.startswith("## "):
            parts.append(format_html("<h2>{}</h2>", line[3:]))
        elif line.strip():
            parts.append(format_html("<p>{}</p>", line))
    return format_html_join("", "{}", ((part,) for part in parts))
