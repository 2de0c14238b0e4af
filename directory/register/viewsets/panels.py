"""The directory's part of the admin's start page."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from directory.districts.models import District
from directory.districts.queries.people import districts_of
from directory.register.queries.counts import Waiting, public_counts, waiting_for

Line = dict[str, str]


class DirectoryPanel(Component):
    """Per district what parents see, and what waits."""

    order = 50

    def render_html(self, parent_context: Any = None) -> SafeString:
        request = parent_context["request"]
        lines = [_district_line(district) for district in districts_of(request.user)]
        lines += _waiting_lines(waiting_for(request.user, today=timezone.localdate()))
        return render_to_string("directory/admin/panel.html", {"title": _("托育机构"), "lines": lines})


def _district_line(district: District) -> Line:
    counts = public_counts(district)
    words = _("%(district)s：公开 %(filed)s 家，示范 %(show)s 家，有普惠托位 %(inclusive)s 家") % {
        "district": district.name,
        "filed": counts.filed,
        "show": counts.demonstration,
        "inclusive": counts.inclusive,
    }
    if district.is_draft:
        words += _("（方案为征求意见稿）")
    return {"words": words, "url": f"{reverse('institutions:index')}?district={district.pk}"}


def _waiting_lines(waiting: Waiting) -> list[Line]:
    institutions, authorisations = reverse("institutions:index"), reverse("authorisations:index")
    found = (
        (waiting.drafts, _("%(count)s 家还没有公开"), f"{institutions}?state=draft"),
        (waiting.overdue_rectification, _("%(count)s 家整改已过期限"), f"{institutions}?state=under_rectification"),
        (waiting.rectification, _("%(count)s 家正在限期整改"), f"{institutions}?state=under_rectification"),
        (waiting.not_ended, _("%(count)s 条备案已过有效期，还没有结束，请打开处理"), authorisations),
        (waiting.expiring, _("%(count)s 条备案 60 天内到期"), authorisations),
        (waiting.without_manager, _("%(count)s 家公开机构还没有负责人账号"), institutions),
    )
    lines = [{"words": words % {"count": count}, "url": url} for count, words, url in found if count]
    if waiting.missing_year:
        words = _("%(year)s 年放假安排还没有录入，期限只按周末计算") % {"year": waiting.missing_year}
        lines.append({"words": words, "url": reverse("calendar-days:index")})
    return lines
