"""What the site's own views read of the page tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, F, JSONField, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from wagtail.fields import StreamField
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision, Site, get_page_models

from cms.core.runtime import owner_words
from cms.core.web.staff_scope import Person
from cms.pages.models import PolicyPage, SiteSettings
from cms.pages.models.base import DistrictPage
from directory.districts.ports import PolicyCard
from directory.districts.queries.people import districts_of

#: How a text says that something in it is still to be filled in.
UNFILLED = f"【{owner_words.UNFILLED}"
#: In the history: a planned publication that a rule refused, with the ``reason`` in words.
PUBLICATION_REFUSED = "pages.publication_refused"
#: Columns that may hold words for the public.
TEXTS = (CharField, TextField, StreamField, JSONField)


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


def foreign_pages(user: Person) -> QuerySet[Page]:
    """The pages of districts that the person doesn't work for; none for a superuser."""
    if getattr(user, "is_superuser", False):
        return Page.objects.none()
    own = districts_of(user).values("pk")
    foreign = Q(pk__in=[])
    for model in DistrictPage.__subclasses__():
        foreign |= Q(pk__in=model.objects.filter(district__isnull=False).exclude(district__in=own).values("pk"))
    return Page.objects.filter(foreign)


def overdue_publications(now: dt.datetime) -> QuerySet[Revision]:
    """Revisions whose planned time has come and that are not published yet, the longest overdue first."""
    return Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at", "pk")


def refused_publications() -> QuerySet[Revision]:
    """Revisions whose planned publication a rule refused, until there is a newer one of their row; the oldest first."""
    noted = Q(pk__in=[])
    for entries in (PageLogEntry, ModelLogEntry):
        noted |= Q(pk__in=entries.objects.filter(action=PUBLICATION_REFUSED).values("revision"))
    of_the_row = {"base_content_type": OuterRef("base_content_type"), "object_id": OuterRef("object_id")}
    newer = Revision.objects.filter(pk__gt=OuterRef("pk"), **of_the_row)
    return Revision.objects.filter(noted, ~Exists(newer), approved_go_live_at=None).order_by("pk")


def unfilled_pages() -> list[Page]:
    """Published pages whose own text still has 【待填…】, in the order of the tree; one query for each type of page.

    Of a page that a district or the site edits it is the text that counts, not what ``OWNER_WORDS`` lacks.
    """
    found = [page for model in get_page_models() for page in _unfilled(model)]
    return sorted(found, key=lambda page: page.path)


def _unfilled(model: type[Page]) -> Iterable[Page]:
    """Texts stand as characters, in JSON also escaped."""
    names = [field.name for field in model._meta.concrete_fields if isinstance(field, TEXTS)]
    texts = {f"text_of_{name}": Cast(name, TextField()) for name in names}
    wanted = Q()
    for text in texts:
        wanted |= Q(**{f"{text}__contains": UNFILLED}) | Q(**{f"{text}__contains": ascii(UNFILLED)[1:-1]})
    of_this_type = model.objects.live().filter(content_type=ContentType.objects.get_for_model(model))
    return of_this_type.annotate(**texts).filter(wanted)


def site_district(request: HttpRequest) -> str:
    """The slug of the site's own district, "" if none is set; the directory asks here."""
    site = Site.find_for_request(request)
    if site is None:
        return ""
    own = SiteSettings.objects.filter(site=site).values_list("district__slug", flat=True).first()
    return own or ""


def policy_cards(keys: Collection[int]) -> dict[int, PolicyCard]:
    """What the published pages of documents say, by key of the document; the districts ask here.

    A page that another district gave itself says nothing of the document.
    """
    same_district = Q(district=F("document__district")) | Q(district=None, document__district=None)
    pages = PolicyPage.objects.live().filter(same_district, document_id__in=keys)
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
