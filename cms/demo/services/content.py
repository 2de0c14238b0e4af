"""Sample pages: notices and guides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils.html import format_html
from wagtail.models import Site

from cms.core.calendar.times import local_date
from cms.pages.models import (
    GuideIndexPage,
    GuidePage,
    NoticeIndexPage,
    NoticeInstitution,
    NoticePage,
    SiteSettings,
)
from directory.districts.enums import Department
from directory.districts.models import District
from directory.register.models import Authorisation, Institution, Refusal, Title

OFFICE = "示例·区卫生健康委员会"
GUIDES = (
    ("添加辅食，从一勺铁强化米粉开始", 6, 12, "feeding", "满 6 个月开始，先稀后稠，一次只加一种新食物，看 3 天。"),
    ("会走以后，家里哪些地方要收拾", 12, 24, "movement", "插座、桌角、热水、窗户，蹲下来用宝宝的高度看一遍。"),
    ("说话晚，先看听和玩", 18, 36, "language", "多说、多等、多轮流，少让屏幕代替人说话。"),
    ("送托前两周，怎么做准备", 6, 36, "emotion", "作息先靠近园里的时间，带一件熟悉的东西，告别时说清几点来接。"),
)
NOTICES = (
    (
        "filing",
        "新增备案托育机构 2 家",
        "示例·武汉路新开托育园、示例·南昌路彩虹照护中心已备案，详情见托育机构名单。",
        ("示例·武汉路新开托育园", "示例·南昌路彩虹照护中心"),
    ),
    ("refusal", "1 家未予备案，理由已公开", "理由和依据见「未通过备案的机构」。", ()),
    (
        "demonstration",
        "示范托育机构名单",
        "示例·小满托育园等 4 家为区级示范托育机构。",
        ("示例·小满托育园",),
    ),
)


#: A notice is written so long after the act.
NOTICE_AFTER = dt.timedelta(days=3)
#: What the footer says, plainly a sample.
FRAME = {
    "site_name": "{short}托育",
    "complaint_line": "12345",
    "sponsor": "示例·{name}卫生健康委员会",
}
#: Of the footer what the privacy texts say too: setting → field of ``OWNER_WORDS``.
OWNED = {"hotline": "phone", "hotline_hours": "hours", "operator": "operator"}


def make_pages(*, district: District, now: dt.datetime) -> int:
    """Name the site and add the pages that are not there yet; returns how many pages were made."""
    name_site(district=district)
    return _notices(district=district, now=now) + _guides(now=now)


def name_site(*, district: District) -> list[str]:
    """Fill in what of the default site's settings nobody has changed yet; returns the names of what was filled."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        return []
    found = SiteSettings.for_site(site)
    words = {
        name: text.format(name=district.name, short=district.name.removesuffix("区")) for name, text in FRAME.items()
    }
    words |= {name: settings.OWNER_WORDS.get(field, "") for name, field in OWNED.items()}
    untouched = [
        name
        for name, text in words.items()
        if text and getattr(found, name) == SiteSettings._meta.get_field(name).get_default()
    ]
    for name in untouched:
        setattr(found, name, words[name])
    if untouched:
        found.save()
    return untouched


def _add(parent: Any, page: Any) -> int:
    if parent.get_children().filter(slug=page.slug).exists():
        return 0
    parent.add_child(instance=page)
    page.save_revision().publish()
    return 1


def _paragraph(text: str) -> dict[str, Any]:
    """A block of rich text, whose value is HTML as an editor would have written it."""
    return {"type": "paragraph", "value": format_html("<p>{}</p>", text)}


def _notice_date(kind: str, named: Sequence[str], *, district: District, today: dt.date) -> dt.date:
    """A few days after what the notice announces, so that no page tells it as news of another time."""
    if kind == "refusal":
        days = Refusal.objects.filter(district=district, refused_date__lte=today - NOTICE_AFTER)
        last = days.aggregate(last=Max("refused_date"))["last"]
    else:
        rows = Authorisation.objects.all() if kind == "filing" else Title.objects.all()
        last = rows.filter(institution__name__in=named).aggregate(last=Max("from_date"))["last"]
    return last + NOTICE_AFTER if last else today


def _notices(*, district: District, now: dt.datetime) -> int:
    index = NoticeIndexPage.objects.first()
    if index is None:
        return 0
    return sum(
        _add(
            index,
            NoticePage(
                title=title,
                slug=f"demo-{kind}",
                kind=kind,
                district=district,
                notice_date=_notice_date(kind, named, district=district, today=local_date(now)),
                office=OFFICE,
                department=Department.HEALTH_COMMISSION,
                body=[_paragraph(f"{text}（演示）")],
                named=[NoticeInstitution(institution=found) for found in Institution.objects.filter(name__in=named)],
            ),
        )
        for kind, title, text, named in NOTICES
    )


def _guides(*, now: dt.datetime) -> int:
    index = GuideIndexPage.objects.first()
    if index is None:
        return 0
    return sum(
        _add(
            index,
            GuidePage(
                title=title,
                slug=f"demo-{domain}",
                month_from=first,
                month_to=last,
                domain=domain,
                summary=summary,
                reviewer="示例·区妇幼保健院儿童保健科",
                reviewed_date=local_date(now) - dt.timedelta(days=60),
                body=[
                    _paragraph(summary),
                    _paragraph("有疑问可以在家长课堂上问，也可以问社区的儿保医生。（演示）"),
                ],
            ),
        )
        for title, first, last, domain, summary in GUIDES
    )
