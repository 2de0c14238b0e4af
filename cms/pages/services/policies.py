"""The policy pages of the districts' plans, as far as their texts say: what a text does not say stays empty."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cms.pages.enums import PolicyDisclosure, PolicyStage
from cms.pages.models import PolicyIndexPage, PolicyPage
from directory.districts.models import PolicyDocument
from directory.districts.queries.rules import has_drafts

#: District → what its text says of itself, and what parents read first.
PLANS: dict[str, dict[str, Any]] = {
    "jianxi": {
        "adoption": "区政府同意",
        "validity_years": 5,
        "summary": (
            "涧西区怎样发展 3 岁以下托育：到 2025 年每千人口 5.3 个托位；托育方式有全日托、半日托、计时托、临时托；"
            "录像至少保存 90 天，并向家长开放监控场景；探索发行体验券。"
        ),
    },
    "hongqi": {
        "issuer": "新乡市红旗区人民政府办公室",
        "issued_date": dt.date(2022, 11, 15),
        "adoption": "区政府第 11 次常务会议",
        "summary": (
            "红旗区怎样发展 3 岁以下托育：到 2025 年每千常住人口 4.5 个托位；机构备案 5 个工作日内给回执，"
            "不符合的 15 个工作日内说明理由并公开；录像至少保存 90 天。"
        ),
    },
    "huyi": {
        "summary": (
            "鄠邑区把 3 岁以下托育的工作分到各部门：托育方式写了半月托、计时托、临时托；每月至少一次育儿指导；"
            "普惠托育参照公办幼儿园，每生每年补助 400 元。"
        ),
    },
    "xigong": {
        "validity_years": 5,
        "summary": (
            "这是征求意见稿，还没有施行。拟到 2025 年每千人口 4.1 个托位；拟要求录像至少保存 90 天，"
            "并向家长开放监控场景；拟探索发放体验券。"
        ),
    },
    "ninghe": {
        "issuer": "天津市宁河区人民政府办公室",
        "issued_date": dt.date(2021, 12, 3),
        "adoption": "区人民政府第 120 次常务会议",
        "disclosure": PolicyDisclosure.PROACTIVE,
        "summary": (
            "宁河区怎样发展 3 岁以下托育：到 2025 年基本形成覆盖城乡的照护服务体系；"
            "建立备案登记、信息公示、质量评估等制度。备案材料按全国规定。"
        ),
    },
}


def setup_policies(index: PolicyIndexPage) -> int:
    """Make and publish the page of each plan that has none; returns how many.

    A page that is there stays as it is, also one that an editor has taken down.
    """
    plans = PolicyDocument.objects.filter(is_plan=True, district__slug__in=PLANS).select_related("district")
    found = [(plan.district.slug, plan) for plan in plans.order_by("district__position", "pk") if plan.district]
    made = [_make(index, plan, PLANS[slug]) for slug, plan in found if not _has_page(index, plan)]
    for page in made:
        page.save_revision().publish()
    return len(made)


def _has_page(index: PolicyIndexPage, plan: PolicyDocument) -> bool:
    same_slug = index.get_children().filter(slug=plan.slug)
    return same_slug.exists() or PolicyPage.objects.filter(document=plan).exists()


def _make(index: PolicyIndexPage, plan: PolicyDocument, words: dict[str, Any]) -> PolicyPage:
    page = PolicyPage(
        title=plan.title,
        slug=plan.slug,
        document=plan,
        document_number=plan.number,
        district=plan.district,
        stage=PolicyStage.DRAFT if has_drafts(plan) else PolicyStage.ISSUED,
        source_url=plan.url,
        **{"disclosure": PolicyDisclosure.UNSTATED, **words},
    )
    index.add_child(instance=page)
    return page
