"""The directory's part of the admin's start page: what waits today, and what parents see of each district."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from cms.core.calendar.times import local_date
from cms.core.web.staff_scope import in_scope
from directory.districts.models import District
from directory.districts.queries.districts import plan_is_draft
from directory.districts.queries.people import districts_of
from directory.districts.queries.undelivered import undelivered
from directory.register.ports import StaffLine, staff_lines
from directory.register.queries.counts import public_counts
from directory.register.queries.work import missing_year, waiting_institutions

Line = dict[str, str]
#: After the lines of the institutions.
UNDELIVERED_ORDER, CALENDAR_ORDER = 85, 90


class DirectoryPanel(Component):
    """今天要办的事, then the numbers of each district; every number leads to the rows it counts."""

    order = 50

    def render_html(self, parent_context: Any = None) -> SafeString:
        request = parent_context["request"]
        context = {
            "waiting": _waiting_lines(request.user, now=timezone.now()),
            "districts": [_district_line(district) for district in districts_of(request.user)],
        }
        return render_to_string("directory/admin/panel.html", context)


def _district_line(district: District) -> Line:
    counts = public_counts(district)
    words = _("%(district)s：公开 %(filed)s 家，示范 %(show)s 家，有普惠托位 %(inclusive)s 家") % {
        "district": district.name,
        "filed": counts.filed,
        "show": counts.demonstration,
        "inclusive": counts.inclusive,
    }
    if plan_is_draft(district.slug):
        words += _("（方案为征求意见稿）")
    return {"words": words, "url": f"{reverse('institutions:index')}?district={district.pk}&is_public=true"}


def _undelivered_lines(person: Any) -> list[StaffLine]:
    count = in_scope(undelivered(), person).count()
    words = _("%(count)s 条消息没有送出") % {"count": count}
    return [StaffLine(UNDELIVERED_ORDER, words, reverse("undelivered:index"))] if count else []


def _waiting_lines(person: Any, *, now: Any) -> list[Line]:
    """What the person may do something about: an office that only reads has nothing to do."""
    institutions = reverse("institutions:index")
    works = waiting_institutions(person, now=now) if person.has_perm("directory.change_institution") else []
    lines = [
        {"words": work.words % {"count": work.count}, "url": f"{institutions}?work={work.key}"}
        for work in works
        if work.count
    ]
    others = [line for ask in staff_lines.all().values() for line in ask(person, now)]
    others += _undelivered_lines(person)
    if person.has_perm("core.add_calendarday") and (year := missing_year(local_date(now))):
        words = _("%(year)s 年放假安排还没有录入，期限只按周末计算") % {"year": year}
        others.append(StaffLine(CALENDAR_ORDER, words, reverse("calendar-days:index")))
    others.sort(key=lambda line: line.order)
    return lines + [{"words": line.words, "url": line.url} for line in others]
