"""Words that found nothing: never an accusation, always a way on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from cms.core.display import wording
from cms.core.text import folded
from directory.districts.class_kinds import END_MONTH, FIRST_MONTH
from directory.districts.queries.districts import DistrictInfo
from directory.site.components.addresses import ListAddress
from directory.site.queries.listing import ListQuestion
from directory.site.queries.missing import Miss

NUMERALS = {"半": 0.5, "一": 1, "二": 2, "两": 2, "三": 3}
YEARS = re.compile(r"(\d|[半一二两三])周?岁(半?)", re.ASCII)
MONTHS = re.compile(r"(\d{1,2})个?月", re.ASCII)


class Step(NamedTuple):
    """A way on."""

    href: str
    text: str


def miss_title(question: ListQuestion, miss: Miss) -> str:
    """「没找到「小蛮」」; where there is no list yet, that."""
    if not miss.has_list:
        return no_list_title(question)
    return _("没找到「%s」") % question.q


def miss_text(miss: Miss, *, is_name: bool = True) -> str:
    """What not finding it means and what follows; nobody is accused who merely is not found.

    ``is_name``: the words may be an institution's, as those with a meaning of their own (「附近」) are not.
    """
    if not miss.has_list:
        return _("这里找不到，不等于没有备案。")
    unlisted = "" if miss.is_listed or not is_name else _("名单里没有这家，请先问清有没有备案。")
    if miss.nearest:
        return unlisted + _("您要找的是不是下面这几家？也可以换名称、街道、地址、电话或拼音再找。")
    return unlisted + _("换名称、街道、地址、电话或拼音再找找，也可以这样找：")


def refused_words(miss: Miss) -> str:
    """That the name is on the published refusals; "" where it is not."""
    return _("「%s」在「未通过备案的机构」里。") % "」「".join(miss.refused) if miss.refused else ""


def refused_href(question: ListQuestion) -> str:
    """The published refusals of the asked district."""
    query = f"?{urlencode({'district': question.district.slug})}" if question.district else ""
    return reverse("directory:refusal-list") + query


def no_list_title(question: ListQuestion) -> str:
    """For a district whose list nobody has entered yet."""
    return _("%s的名单还没有放到这里") % (question.district.name if question.district else _("本地"))


def miss_steps(
    question: ListQuestion, miss: Miss, address: ListAddress, districts: Iterable[DistrictInfo]
) -> list[Step]:
    """What the words may have meant first, then other ways to look; each address once."""
    by_slug = {district.slug: district for district in districts}
    steps = [*_meant(question, address, by_slug.values())]
    if miss.unfiltered:
        text = _("去掉别的条件，有 %d 家") % miss.unfiltered
        steps.append(Step(ListAddress(ListQuestion(q=question.q)).changed(**_district(question)), text))
    for slug in miss.elsewhere:
        if slug in by_slug:
            steps.append(Step(address.changed(district=slug, street=""), _("%s有，去看看") % by_slug[slug].name))
    if miss.has_list:
        steps += [
            Step(address.changed(q="", edit="1") + "#ask", _("选「在哪附近」，按距离看")),
            Step(address.changed(q="", sort="price"), _("按价格看")),
            Step(address.changed(q=""), _("看全部机构")),
        ]
    once: dict[str, Step] = {}
    for step in steps:
        once.setdefault(step.href, step)
    return list(once.values())


def may_be_a_name(question: ListQuestion, districts: Iterable[DistrictInfo]) -> bool:
    """Whether the words mean nothing else that the site knows."""
    return next(iter(_meant(question, ListAddress(question), districts)), None) is None


def _district(question: ListQuestion) -> Mapping[str, str]:
    return {"district": question.district.slug} if question.district and question.chose_district else {}


def _meant(question: ListQuestion, address: ListAddress, districts: Iterable[DistrictInfo]) -> Iterable[Step]:
    q = folded(question.q)
    for pattern, step in INTENTS:
        if pattern.search(q):
            yield step(address)
    months = months_meant(q)
    if months is not None:
        yield Step(address.changed(q="", age=str(months)), _("看收 %s宝宝的机构") % wording.months(months))
    for district in districts:
        if len(q) > 1 and q in (district.name, district.name[:-1]) and district != question.district:
            yield Step(address.changed(q="", street="", district=district.slug), _("看%s的名单") % district.name)


def months_meant(q: str) -> int | None:
    """「1岁」「一岁半」「18个月」 as months, of an age that is looked after."""
    months = None
    if match := YEARS.search(q):
        years = NUMERALS.get(match[1]) or float(match[1])
        months = int(years * 12) + (6 if match[2] else 0)
    elif match := MONTHS.search(q):
        months = int(match[1])
    return months if months is not None and FIRST_MONTH <= months < END_MONTH else None


INTENTS: tuple[tuple[re.Pattern[str], Callable[[ListAddress], Step]], ...] = (
    (
        re.compile("附近|身边|离我|最近|我的位置"),
        lambda address: Step(address.changed(q="", edit="1") + "#ask", _("选「在哪附近」，按距离看")),
    ),
    (
        re.compile("便宜|价格|价钱|收费|费用|多少钱"),
        lambda address: Step(address.changed(q="", sort="price"), _("按价格看")),
    ),
    (re.compile("普惠"), lambda address: Step(address.changed(q="", inclusive="1"), _("看普惠的机构"))),
    (re.compile("示范"), lambda address: Step(address.changed(q="", demonstration="1"), _("看示范机构"))),
    (
        re.compile("早教|亲子|课堂|讲座|活动"),
        lambda address: Step(reverse("parenting:session-list"), _("看亲子活动和家长课堂")),
    ),
)
