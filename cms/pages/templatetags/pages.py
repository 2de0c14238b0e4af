"""What the site adds to the editors' texts: links to the lists that they name, and the day of the consent text."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cms.accounts.family.queries.consents import NoConsentText, current_text
from cms.core.display.wording import full_date

register = template.Library()
#: A link as it stands, or any other tag: neither is looked into.
_MARKUP = re.compile(r"(<a\b.*?</a>|<[^>]*>)", re.DOTALL)
#: What editors call the two lists, the longer name first.
_LISTS = {
    "未通过备案的机构": "directory:refusal-list",
    "未通过公开": "directory:refusal-list",
    "托育机构名单": "directory:institution-list",
    "机构名单": "directory:institution-list",
}
#: How the texts name the day; not in the brackets of what the owner fills in.
CONSENT_DATE = "〔同意书发布日期〕"
_NAMES = re.compile("|".join(_LISTS))


@register.filter
def link_lists(html: str, page: Any) -> SafeString:
    """The HTML of a text, the names of our lists as links: to those of the page's district where it has one."""
    district = getattr(page, "district", None)
    link = partial(_link, query=f"?district={district.slug}" if district else "")
    parts = _MARKUP.split(html)
    parts[::2] = [_NAMES.sub(link, text) for text in parts[::2]]
    return mark_safe("".join(parts))  # noqa: S308  # what came in, with links of our own


def _link(found: re.Match[str], *, query: str) -> str:
    return format_html('<a href="{}{}">{}</a>', reverse(_LISTS[found[0]]), query, found[0])


@register.filter
def consent_date(html: str) -> str:
    """The HTML of a text with the day on which the rules that guardians agree to were published."""
    if CONSENT_DATE not in html:
        return html
    try:
        day = full_date(current_text().published_at)
    except NoConsentText:
        day = _("公布之日")
    return html.replace(CONSENT_DATE, day)
