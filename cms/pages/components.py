"""What the pages add to the staff's start page."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder

from cms.core.web.staff_scope import Person
from cms.pages.queries import overdue_publications, unfilled_pages
from directory.register.ports import StaffLine

#: The job has had a few tries by then.
LATE = dt.timedelta(minutes=5)
#: Lines at most; who has more has one cause for all of them.
SHOWN = 5
ORDER, UNFILLED_ORDER = 5, 80


def late_publications(person: Person, now: dt.datetime) -> list[StaffLine]:
    """Planned publications that did not happen, of what the person may edit."""
    urls = AdminURLFinder(person)
    rows = overdue_publications(now - LATE)[:SHOWN]
    found = [(revision.object_str, urls.get_edit_url(revision.content_object)) for revision in rows]
    return [
        StaffLine(ORDER, _("「%(title)s」没有按时发布，请打开看看") % {"title": title}, url)
        for title, url in found
        if url
    ]


def unfilled_texts(person: Person, now: dt.datetime) -> list[StaffLine]:
    """Published pages that still say 【待填】, of what the person may edit."""
    urls = AdminURLFinder(person)
    found = [(page.title, urls.get_edit_url(page)) for page in unfilled_pages()[:SHOWN]]
    return [
        StaffLine(UNFILLED_ORDER, _("「%(title)s」里还有【待填】，家长看得到，请补上") % {"title": title}, url)
        for title, url in found
        if url
    ]
