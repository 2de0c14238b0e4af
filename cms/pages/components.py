"""What the pages add to the staff's start page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Revision

from cms.core.web.staff_scope import Person, in_scope, is_registered
from cms.pages.queries import overdue_publications, refused_publications, unfilled_pages
from directory.register.ports import StaffLine

#: The job has had a few tries by then.
LATE = dt.timedelta(minutes=5)
#: Lines at most, of what the person may edit; who has more has one cause for all of them.
SHOWN = 5
ORDER, UNFILLED_ORDER = 5, 80


def late_publications(person: Person, now: dt.datetime) -> list[StaffLine]:
    """Planned publications that did not happen or were refused, of what the person may edit."""
    rows = chain.from_iterable(
        _editable(revisions, person) for revisions in (overdue_publications(now - LATE), refused_publications())
    )
    return [
        StaffLine(ORDER, _("「%(title)s」没有按时发布，请打开看看") % {"title": title}, url)
        for title, url in islice(rows, SHOWN)
    ]


def unfilled_texts(person: Person, now: dt.datetime) -> list[StaffLine]:
    """Published pages that still say 【待填】, of what the person may edit."""
    urls = AdminURLFinder(person)
    found = ((page.title, url) for page in unfilled_pages() if (url := urls.get_edit_url(page)))
    return [
        StaffLine(UNFILLED_ORDER, _("「%(title)s」里还有【待填】，家长看得到，请补上") % {"title": title}, url)
        for title, url in islice(found, SHOWN)
    ]


def _editable(revisions: QuerySet[Revision], person: Person) -> Iterator[tuple[str, str]]:
    """The titles of what the person may edit with the addresses; of rows of districts their own alone."""
    found = list(revisions.prefetch_related("content_object"))
    own = _own([revision.content_object for revision in found], person)
    urls = AdminURLFinder(person)
    for revision in found:
        row = revision.content_object
        if row in own and (url := urls.get_edit_url(row)):
            yield revision.object_str, url


def _own(rows: list[Any], person: Person) -> set[Any]:
    """Those that are not kept from the person; pages are asked by their own rights."""
    own: set[Any] = set()
    for model in {type(row) for row in rows if row is not None}:
        same = [row for row in rows if type(row) is model]
        if is_registered(model):
            keys = model._default_manager.filter(pk__in=[row.pk for row in same])
            mine = set(in_scope(keys, person).values_list("pk", flat=True))
            same = [row for row in same if row.pk in mine]
        own.update(same)
    return own
