"""Pages for tests, under the tree that setup_site makes."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from cms.pages.models import (
    GuideIndexPage,
    GuidePage,
    HomePage,
    NoticeIndexPage,
    NoticePage,
    PolicyIndexPage,
    PolicyPage,
)
from cms.pages.services.setup import setup_pages
from directory.districts.models import District
from tests.factories.directory import PolicyDocumentFactory

_numbers = count(1)


def make_site(*, district: District | None = None) -> HomePage:
    """The site of an empty installation, on the test client's host."""
    return setup_pages(site_name="涧西托育", site_url="http://testserver", district=district)


def make_policy(**fields: Any) -> PolicyPage:
    """A published policy marked for proactive disclosure."""
    own = {"district": fields["document"].district} if fields.get("document") else {}
    values = {"title": f"第{next(_numbers)}号方案", "issuer": "区人民政府", "disclosure": "proactive"} | own | fields
    page: PolicyPage = PolicyIndexPage.objects.get().add_child(instance=PolicyPage(**values))
    return page


def make_draft_plan(district: District) -> PolicyPage:
    """A published page that says that the district's plan is a consultation draft."""
    if not PolicyIndexPage.objects.exists():
        make_site()
    return make_policy(document=PolicyDocumentFactory(district=district), district=district, stage="draft")


def make_notice(**fields: Any) -> NoticePage:
    """A published notice of the second of November."""
    values = {
        "title": f"第{next(_numbers)}号公示",
        "office": "区卫生健康委员会",
        "notice_date": dt.date(2026, 11, 2),
    } | fields
    page: NoticePage = NoticeIndexPage.objects.get().add_child(instance=NoticePage(**values))
    return page


def make_guide(**fields: Any) -> GuidePage:
    """A published guide on feeding for the second half-year."""
    values = {
        "title": f"第{next(_numbers)}篇",
        "month_from": 6,
        "month_to": 12,
        "domain": "feeding",
        "reviewer": "区妇幼保健院儿保科",
        "reviewed_date": dt.date(2026, 10, 1),
    } | fields
    page: GuidePage = GuideIndexPage.objects.get().add_child(instance=GuidePage(**values))
    return page
