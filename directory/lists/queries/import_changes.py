"""A row of a list held against its institution: the columns that differ, conflicts, and the authorisation it brings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cms.core.text import matching_key, one_line
from directory.districts.class_kinds import CareMode
from directory.lists.importing.entries import Entry
from directory.lists.importing.text import clean_text
from directory.lists.importing.townships import KnownDistrict
from directory.lists.importing.words import in_order
from directory.register import credit_code
from directory.register.models import Authorisation, Institution

#: Two positions closer than this (about five centimetres) are the same.
SAME_DEGREES = 5e-7
_TEXTS = ("name", "address", "phone", "head_name", "nature")
_COUNTS = ("credit_code", "places", "inclusive_places")
#: Column of the model → [before, after], in words.
Changes = dict[str, list[str]]


@dataclass(slots=True)
class Filing:
    """The authorisation of a row: ``pk`` of the one corrected, None for one to be granted; the columns to be set."""

    values: dict[str, Any]
    pk: int | None = None


def new_institution(entry: Entry) -> dict[str, Any]:
    """The columns of an institution that is registered by this row."""
    names = (*_TEXTS, *_COUNTS, "filed_modes", "latitude", "longitude")
    values = {name: entry.values[name] for name in names if name in entry.values}
    values["district_id"] = entry.district.pk if entry.district else None
    values["township_id"] = entry.township.pk if entry.township else None
    return values


def new_filing(entry: Entry) -> dict[str, Any]:
    """The columns of the authorisation that this row brings."""
    district = entry.district.name if entry.district else ""
    return {
        "basis": Authorisation.Basis.FILING,
        "number": entry.values.get("filing_number", ""),
        "from_date": entry.values.get("filed_date"),
        # Filing is the county health authority's act (托育机构登记和备案办法, art. 7); its name differs by district.
        "office": entry.values.get("office") or _("%(district)s卫生健康部门") % {"district": district},
        "source_title": entry.source_title,
    }


def refuse_conflicts(entry: Entry, institution: Institution, district: KnownDistrict) -> None:
    if institution.district_id != district.pk:
        message = _("这家机构已登记在另一个区，不能从%(district)s的名单修改，请先联系登记它的区")
        entry.add("name", entry.values["name"], "other_district", message % {"district": district.name})
        return  # what the other district has registered is not shown
    code = entry.values.get("credit_code")
    if code and institution.credit_code and institution.credit_code != code:
        message = _("同名同地址的机构登记的代码是 %(code)s，请核对哪一个对，需要时先在后台改正")
        entry.add("credit_code", code, "credit_code_differs", message % {"code": institution.credit_code})


def changes_of(entry: Entry, institution: Institution) -> tuple[dict[str, Any], Changes]:
    """The columns in which the row differs from the institution: their new values, and both in words."""
    values: dict[str, Any] = {}
    for name in _TEXTS:
        if name in entry.values and _tidy(name, getattr(institution, name)) != entry.values[name]:
            values[name] = entry.values[name]
    for name in _COUNTS:
        if name in entry.values and getattr(institution, name) != entry.values[name]:
            values[name] = entry.values[name]
    if "filed_modes" in entry.values and in_order(set(institution.filed_modes)) != entry.values["filed_modes"]:
        values["filed_modes"] = entry.values["filed_modes"]
    for name in ("latitude", "longitude"):
        if name in entry.values and not _same(getattr(institution, name), entry.values[name]):
            values[name] = entry.values[name]
    changes = {name: [in_words(getattr(institution, name)), in_words(value)] for name, value in values.items()}
    if entry.township and institution.township_id != entry.township.pk:
        values["township_id"] = entry.township.pk
        changes["township"] = [_township_name(entry, institution), entry.township.name]
    return values, changes


def _tidy(name: str, text: str) -> str:
    """The registered text as the importer would read it from a list."""
    return clean_text(text) if name == "head_name" else one_line(text)


def check_modes(entry: Entry, institution: Institution, allowed: Collection[str], offered: Collection[str]) -> None:
    """What a row adds to the filed modes is one of the district's; what it leaves out is not offered any more."""
    filed = entry.values.get("filed_modes")
    if filed is None:
        return
    written = in_words(filed)
    district = entry.district.name if entry.district else ""
    if foreign := set(filed) - set(institution.filed_modes) - set(allowed):
        message = _("%(district)s的规定里没有%(foreign)s；有：%(allowed)s。规定有变化请先在后台「规定与指标」里改")
        message %= {"district": district, "foreign": _labels(foreign), "allowed": _labels(allowed)}
        entry.add("filed_modes", written, "mode_not_in_district", message)
    if filed and (left := set(offered) - set(filed)):
        message = _("机构还在提供%(modes)s，请先请机构停用这几项收费，或在名单里补上") % {"modes": _labels(left)}
        entry.add("filed_modes", written, "mode_still_offered", message)


def _labels(modes: Collection[str]) -> str:
    return "、".join(str(mode.label) for mode in CareMode if mode.value in modes)


def _township_name(entry: Entry, institution: Institution) -> str:
    townships = entry.district.townships if entry.district else ()
    return next((each.name for each in townships if each.pk == institution.township_id), "")


def check_merged(entry: Entry, institution: Institution) -> None:
    """The row together with what was registered before."""
    places = entry.values.get("places", institution.places)
    inclusive = entry.values.get("inclusive_places", institution.inclusive_places)
    if inclusive > places:
        message = _("普惠托位数（%(inclusive)d）不能多于托位数（%(places)d），请核对，两个数都填上")
        message %= {"inclusive": inclusive, "places": places}
        entry.add("inclusive_places", str(inclusive), "inclusive_over_places", message)
    code = entry.values.get("credit_code", institution.credit_code)
    nature = entry.values.get("nature", institution.nature)
    given = "credit_code" in entry.values or "nature" in entry.values
    if given and code and not credit_code.agrees_with_nature(code, nature):
        message = _("机构性质和统一社会信用代码对不上：91、92 开头的是营利性，12、51、52、53 开头的是非营利性")
        label = str(Institution.Nature(nature).label) if nature else ""
        entry.add("nature", label, "nature_mismatch", message)


def filing_of(
    entry: Entry,
    institution: Institution,
    authorisations: list[Authorisation],
    changes: Changes,
    *,
    today: dt.date,
) -> Filing | None:
    """The authorisation to write with the row, its changes added to ``changes``; None if it stays as it is."""
    if not entry.is_filed:
        return None
    if institution.state == Institution.State.ENDED:
        message = _("这家机构已登记为终止，备案没有恢复；如果又开办了，请在后台重新办理")
        entry.add("name", institution.name, "institution_ended", message, is_warning=True)
        return None
    open_one = next((row for row in authorisations if row.ended_date is None), None)
    if open_one is not None:
        return _corrected(entry, open_one, changes, today=today)
    if any(_is_same_filing(entry, row) for row in authorisations):
        message = _("这条备案已登记为结束，没有重新公开；如果结束有误，请在后台改正")
        entry.add("filing_number", entry.values.get("filing_number", ""), "filing_ended", message, is_warning=True)
        return None
    for name in ("filing_number", "filed_date"):
        if name in entry.values:
            changes[name] = ["", in_words(entry.values[name])]
    return Filing(new_filing(entry))


def _corrected(entry: Entry, authorisation: Authorisation, changes: Changes, *, today: dt.date) -> Filing | None:
    values: dict[str, Any] = {}
    for name, column in (("filing_number", "number"), ("filed_date", "from_date"), ("office", "office")):
        if name not in entry.values:
            continue
        before = getattr(authorisation, column)
        same = one_line(before) == entry.values[name] if isinstance(before, str) else before == entry.values[name]
        if not same:
            changes[name] = [in_words(before), in_words(entry.values[name])]
            values[column] = entry.values[name]
    until = authorisation.until_date
    published = authorisation.published_at is None and not authorisation.has_run_out(today)
    if published:
        changes["published"] = ["", _("公开")]
    begins = values.get("from_date", authorisation.from_date)
    if until and begins and begins > until:
        message = _("备案日期晚于已登记的有效期（%(until)s），请核对") % {"until": until.isoformat()}
        entry.add("filed_date", begins.isoformat(), "date_after_end", message)
    return Filing(values, authorisation.pk) if values or published else None


def _is_same_filing(entry: Entry, authorisation: Authorisation) -> bool:
    number, day = entry.values.get("filing_number"), entry.values.get("filed_date")
    if number and authorisation.number:
        return matching_key(number) == matching_key(authorisation.number)
    return day is not None and day == authorisation.from_date


def _same(before: float | None, after: float) -> bool:
    return before is not None and abs(before - after) < SAME_DEGREES


def in_words(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(value)
    return "" if value is None else str(value)
