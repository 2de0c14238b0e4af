"""What the index pages need to read a question and to show one page of the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.districts.queries.districts import visitor_district
from directory.districts.queries.rules import rules_of_document
from directory.site.components.district_page import DocumentWords, document_words

PAGE_SIZE = 20
# Shown as chips: (an age inside the band, its words). The bands are those of the class kinds and the year before.
GUIDE_BANDS = ((3, _("0–6 个月")), (9, _("6–12 个月")), (18, _("1–2 岁")), (30, _("2–3 岁")))


@dataclass(frozen=True)
class GuideQuestion:
    """What the visitor asked the guides; unknown words ask for nothing."""

    age_months: int | None
    domain: str


def today() -> dt.date:
    """The day on the site's wall clock."""
    return timezone.localdate()


def rules_in_words(document_id: int | None) -> DocumentWords | None:
    """What the rules of a policy's document say; None for a policy that no rule cites."""
    rules = rules_of_document(document_id) if document_id is not None else []
    return document_words(rules, today()) if rules else None


def own_district(request: HttpRequest) -> int | None:
    """The district that the visitor has chosen, else the site's own."""
    found = visitor_district(request)
    return found.pk if found is not None else None


def get_page_of(items: Any, number: str | None) -> Page[Any]:
    """The asked page, or the nearest that exists."""
    return Paginator(items, PAGE_SIZE).get_page(number)


def read_guide_question(asked: Mapping[str, str], domains: Sequence[str]) -> GuideQuestion:
    """Age in months below six years and one of the known domains."""
    age = asked.get("age", "")
    domain = asked.get("domain", "")
    months = int(age) if age.isascii() and age.isdigit() and len(age) <= 2 else None
    return GuideQuestion(age_months=months, domain=domain if domain in domains else "")
