"""How an institution's record reads: tags, facts with their sources. Words only, no queries."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cms.core.calendar.times import age_in_months
from cms.core.display import wording
from directory.districts.class_kinds import kind_label
from directory.districts.components.age_words import day_age_words
from directory.register import credit_code
from directory.register.models import Authorisation, Institution, Title
from directory.register.ports import WeekPlaces
from directory.search.labels import label_of
from directory.site.components.addresses import ListAddress
from directory.site.components.tags import Tag, make_tags
from directory.site.queries.children import AskedChild
from directory.site.queries.detail import InstitutionRecord
from directory.site.queries.finding import CareNeed
from directory.site.queries.listing import ListQuestion


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of 「可信吗」: what is known, and where from."""

    label: str
    value: str
    source: str = ""
    url: str = ""


def tags(record: InstitutionRecord) -> list[Tag]:
    """The badges under the name."""
    return make_tags(
        basis=record.authorisation.basis if record.authorisation.pk else "",
        demonstration=record.institution.is_demonstration,
        inclusive=record.has_inclusive,
    )


def facts(record: InstitutionRecord) -> list[Fact]:
    """What is known of an institution, each with date and source; nothing unknown is made up."""
    institution = record.institution
    found = [_authorisation(record.authorisation)] if record.authorisation.pk else []
    found += [_title(title) for title in record.titles]
    if institution.nature or institution.credit_code:
        found.append(_registration(institution))
    if institution.places:
        found.append(Fact(_("托位"), _places(institution), _("备案材料")))
    if record.class_groups:
        found.append(_classes(record))
    return found


def week_title(week: WeekPlaces | None) -> str:
    """「托大班空位」, 「空位」 of no class in particular."""
    label = kind_label(week.class_kind or "") if week else ""
    return _("%(kind)s空位") % {"kind": label} if label else _("空位")


def asked_parts(need: CareNeed) -> list[str]:
    """「11月30日 周一 14:00–17:00」「豆豆那天满 24 个月，托大班」: what was asked, nothing without a day."""
    if need.day is None:
        return []
    when = wording.day(need.day)
    if need.starts is not None and need.ends is not None:
        when = f"{when} {wording.period(need.starts, need.ends)}"
    if need.age_months is None:
        return [when]
    return [when, (need.child.nickname if need.child else "") + day_age_words(need.age_months)]


def child_links(children: Sequence[AskedChild], need: CareNeed, *, today: dt.date) -> list[dict[str, Any]]:
    """Chips to ask for a child of the visitor's family."""
    return [
        {
            "href": _asked(
                dataclasses.replace(
                    need,
                    child=child,
                    birth_month=None,
                    age_months=max(0, age_in_months(child.birth_date, need.day or today)),
                )
            ),
            "text": child.nickname,
            "current": child == need.child,
        }
        for child in children
    ]


def class_links(record: InstitutionRecord, need: CareNeed, week: WeekPlaces | None) -> list[dict[str, Any]]:
    """Chips to look at another class; nothing to choose with one class only. Who was asked for stays asked for: the
    way back to the list and the booking still need it.
    """
    if week is None or len(record.kinds_run) < 2:
        return []
    nobody = dataclasses.replace(need, child=None, birth_month=None, age_months=None)
    any_class = week.class_kind is None and need.age_months is None
    links = [{"href": _asked(nobody), "text": _("哪个班都行"), "current": any_class}]
    for kind in record.kinds_run:
        chosen = week.class_kind == kind and need.child is None
        links.append({"href": _asked(need, **{"class": kind}), "text": kind_label(kind), "current": chosen})
    return links


def _asked(need: CareNeed, **more: str) -> str:
    return ListAddress(ListQuestion(need=need)).changed(**more)


def _authorisation(row: Authorisation) -> Fact:
    day = wording.full_date(row.from_date) if row.from_date else _("日期待核")
    value = row.number or _("没有编号")
    if row.until_date:
        value = _("%(number)s，有效期至 %(day)s") % {"number": value, "day": wording.full_date(row.until_date)}
    return Fact(
        str(Authorisation.Basis(row.basis).label), value, f"{day}，{row.office}，{row.source_title}", row.source_url
    )


def _title(row: Title) -> Fact:
    span = _("%(day)s起") % {"day": wording.full_date(row.from_date)}
    if row.until_date:
        span = _("%(first)s至%(last)s") % {
            "first": wording.full_date(row.from_date),
            "last": wording.full_date(row.until_date),
        }
    return Fact(str(Title.Kind(row.kind).label), row.name, f"{span}，{row.office}，{row.source_title}", row.source_url)


def _registration(institution: Institution) -> Fact:
    code = institution.credit_code or ""
    kind, registrar = credit_code.registrar(code)
    nature = str(Institution.Nature(institution.nature).label) if institution.nature else ""
    words = nature or kind or _("没有登记信息")
    if registrar:
        words = _("%(nature)s（%(registrar)s登记）") % {"nature": words, "registrar": registrar}
    source = _("统一社会信用代码 %(code)s") % {"code": credit_code.mask(code)} if code else ""
    return Fact(_("登记"), words, source)


def _places(institution: Institution) -> str:
    if institution.inclusive_places:
        return _("%(places)s 个，普惠 %(inclusive)s 个") % {
            "places": institution.places,
            "inclusive": institution.inclusive_places,
        }
    return _("%(places)s 个") % {"places": institution.places}


def _classes(record: InstitutionRecord) -> Fact:
    words = "，".join(f"{label_of('class_kind', group.kind)} {group.places}" for group in record.class_groups)
    caregivers = sum(group.caregivers for group in record.class_groups)
    value = _("%(classes)s；当班保育人员 %(count)s 人") % {"classes": words, "count": caregivers}
    return Fact(_("班级"), value, by_institution([group.confirmed_at for group in record.class_groups]))


def by_institution(confirmed: Sequence[dt.datetime | None]) -> str:
    """「机构填写，2026年11月3日」: when the institution last saved all of it; without a day where that is not known."""
    known = [moment for moment in confirmed if moment is not None]
    if not known or len(known) < len(confirmed):
        return _("机构填写")
    return _("机构填写，%(day)s") % {"day": wording.full_date(min(known))}
