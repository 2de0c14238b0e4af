"""What the site's own views read of the page tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import Page, Revision, Site

from cms.pages.models import PolicyPage, SiteSettings
from directory.districts.ports import PolicyCard


@dataclass
class Branch:
    """A page under the home page with the pages under it."""

    page: Page
    children: list[Page] = field(default_factory=list)


def list_site_tree(request: HttpRequest) -> list[Branch]:
    """The published pages two levels deep, in one query."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    root = site.root_page
    pages = Page.objects.descendant_of(root).live().filter(depth__lte=root.depth + 2).order_by("path")
    branches: list[Branch] = []
    for page in pages:
        if page.depth == root.depth + 1:
            branches.append(Branch(page))
        elif branches and page.path.startswith(branches[-1].page.path):
            branches[-1].children.append(page)
    return branches


def overdue_publications(now: dt.datetime) -> QuerySet[Revision]:
    """Revisions whose planned time has come and that are not published yet, the longest overdue first."""
    return Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at", "pk")


def site_district(request: HttpRequest) -> str:
    """The slug of the site's own district, "" if none is set; the directory asks here."""
    site = Site.find_for_request(request)
    if site is None:
        return ""
    own = SiteSettings.objects.filter(site=site).values_list("district__slug", flat=True).first()
    return own or ""


def policy_cards(keys: Collection[int]) -> dict[int, PolicyCard]:
    """What the published pages of documents say, by key of the document; the districts ask here."""
    pages = PolicyPage.objects.live().filter(document_id__in=keys)
    return {page.document_id: _card(page) for page in pages}


def _card(page: PolicyPage) -> PolicyCard:
    state = page.state
    return PolicyCard(
        url=page.url or "",
        title=page.title,
        state=str(state.label),
        is_draft=state == PolicyPage.State.DRAFT,
        issuer=page.issuer,
        number=page.document_number,
        issued_date=page.issued_date,
        expires_date=page.expires_date,
    )
