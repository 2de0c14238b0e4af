"""What holds in a district, told to parents first."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.core.calendar.times import local_date, now
from cms.core.errors import NotFound
from cms.core.web.page_cache import cacheable
from directory.districts.queries.figures import district_figures
from directory.districts.queries.offices import public_offices
from directory.districts.queries.policies import policy_cards
from directory.register.queries.counts import public_counts
from directory.site.components.district_page import office_lines, page_words


@require_safe
@cacheable()
def district_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Three figures, what parents get, the rest folded; each document once."""
    today = local_date(now())
    try:
        found = district_figures(slug, day=today)
    except NotFound as absent:
        raise Http404 from absent
    cards = policy_cards({rule.document_id for rule in found.book.rules})
    words = page_words(found, cards, filed=public_counts(found.district).filed)
    context = {
        "district": found.district,
        "townships": found.townships,
        "page": words,
        "offices": office_lines(public_offices(found.district)),
    }
    return render(request, "site/district_detail.html", context)
