"""Published refusals."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.core.web.page_cache import cacheable
from directory.districts.queries.districts import list_districts
from directory.site.queries.refusals import published_refusals

PER_PAGE = 20


@require_safe
@cacheable(params=("district", "page"))
def refusal_list(request: HttpRequest) -> HttpResponse:
    """Who was not accepted and why, newest first; a page number out of range shows the nearest page."""
    districts = list_districts()
    chosen = districts.get(request.GET.get("district", ""))
    rows = published_refusals(district_slug=chosen.slug if chosen else "")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    chips = [{"href": "?", "text": _("全部"), "current": chosen is None}]
    chips += [
        {"href": f"?district={district.slug}", "text": district.name, "current": district == chosen}
        for district in districts.values()
    ]
    drafts = {district.slug for district in districts.values() if district.is_draft}
    context = {"page": page, "chips": chips, "district": chosen, "drafts": drafts}
    return render(request, "site/refusal_list.html", context)
