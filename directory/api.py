"""Institutions and refusals in the JSON API."""

from __future__ import annotations

from typing import Annotated, Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from ninja import Query, Router

from cms.core.calendar.times import local_date
from cms.core.calendar.times import now as clock
from directory.register import ports
from directory.site.api_search import router as search_router
from directory.site.api_shapes.institution import institution_out
from directory.site.api_shapes.refusal import refusal_out
from directory.site.api_shapes.schemas import InstitutionDetailOut, RefusalListOut
from directory.site.queries.detail import public_record
from directory.site.queries.refusals import published_refusals

router = Router(tags=["directory"])
router.add_router("", search_router)

PAGE_SIZE, MOST_ROWS = 20, 200


@router.get("refusals", response=RefusalListOut, summary="Published refusals, newest first")
def list_refusals(
    request: HttpRequest,
    district: str = "",
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=MOST_ROWS)] = PAGE_SIZE,
) -> dict[str, Any]:
    """Who was not accepted and why; a page after the last is empty."""
    pages = Paginator(published_refusals(district_slug=district), page_size)
    rows = pages.page(page).object_list if page <= pages.num_pages else []
    return {"count": pages.count, "page": page, "results": [refusal_out(row) for row in rows]}


@router.get(
    "institutions/{id}", response=InstitutionDetailOut, summary="The public record of an institution", by_alias=True
)
def get_institution(request: HttpRequest, id: str) -> dict[str, Any]:
    """Authorisation, titles, classes, products with fees and booking rules, each with its source and date."""
    now = clock()
    record = public_record(id, today=local_date(now))
    provider = ports.free_places.get()
    rules = provider.rules(institution_id=record.institution.pk, now=now) if provider else None
    return institution_out(record, rules=rules, now=now)
