"""A district's figures and rules, with the sentences they come from."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.core.calendar.times import local_date, now
from cms.core.errors import NotFound
from cms.core.web.page_cache import cacheable
from directory.districts.components.figures import due_words
from directory.districts.queries.districts import plan_is_draft
from directory.districts.queries.figures import district_figures


@require_safe
@cacheable()
def district_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What the district's plan says; a consultation draft is marked as one on the page and at each figure."""
    today = local_date(now())
    try:
        found = district_figures(slug, day=today)
    except NotFound as absent:
        raise Http404 from absent
    context = {
        "district": found.district,
        "plan": found.plan,
        "is_draft": plan_is_draft(slug),
        "figures": [{"rule": rule, "due": due_words(rule, today)} for rule in found.book.rules],
        "townships": found.townships,
    }
    return render(request, "districts/district_detail.html", context)
