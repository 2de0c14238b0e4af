"""What a checked list would change: each row held against the institution it means. Reads only.

A row means the institution with its credit code, else the one of its name and address. What a row leaves empty stays as
it is; a list never ends an authorisation and never brings back an ended one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from cms.core.calendar.times import local_date
from directory.lists.importing.checking import CheckedList
from directory.lists.importing.problems import Problem
from directory.lists.importing.rows import Entry
from directory.lists.importing.text import clean_text, key_text
from directory.lists.importing.townships import DistrictFrame
from directory.lists.importing.words import in_order
from directory.lists.queries.registers import authorisations_of, institutions_by_pk, keys_by_code, names_and_addresses
from directory.register import credit_code
from directory.register.models import Authorisation, Institution

NEW, CHANGED, UNCHANGED, BAD = "new", "changed", "unchanged", "bad"
#: Two positions closer than this (about five centimetres) are the same.
SAME_DEGREES = 5e-7
_TEXTS = ("name", "address", "phone", "head_name", "nature")


@dataclass(slots=True)
class PlannedRow:
    """One row and what becomes of it; ``changes`` are column → [before, after] in words."""

    entry: Entry
    outcome: str
    institution: Institution | None = None
    authorisation: Authorisation | None = None
    changes: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """A list held against the register."""

    checked: CheckedList
    rows: list[PlannedRow]
    counts: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = Counter(row.outcome for row in self.rows)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.checked.all_problems() if not problem.is_warning]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.checked.all_problems() if problem.is_warning]

    @property
    def digest(self) -> str:
        """A word for exactly these outcomes and changes: the same only if applying it does what was shown."""
        said = [
            [row.entry.sheet, row.entry.row, row.outcome, row.institution.pk if row.institution else None, row.changes]
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    def with_outcome(self, outcome: str) -> list[PlannedRow]:
        return [row for row in self.rows if row.outcome == outcome]

    def as_json(self, *, written: bool) -> dict[str, Any]:
        """The answer of ``import_institutions --json``."""
        return {
            "sheets": len(self.checked.sheets),
            "rows": len(self.rows),
            "created": self.counts[NEW],
            "updated": self.counts[CHANGED],
            "unchanged": self.counts[UNCHANGED],
            "errors": [problem.as_json() for problem in self.errors],
            "warnings": [problem.as_json() for problem in self.warnings],
            "written": written,
            "ignored_columns": self.checked.ignored_columns,
        }


def plan_import(checked: CheckedList, *, now: dt.datetime, for_update: bool = False) -> Plan:
    """Hold every good row against the register; conflicts found here are added to the rows as problems.

    A number of queries that grows with thousands of rows, not with rows. ``for_update`` locks the institutions meant.
    """
    matcher = _Matcher(checked)
    matched = {id(entry): matcher.match(entry) for entry in checked.entries if entry.is_good}
    wanted = {pk for pk in matched.values() if pk is not None}
    institutions = institutions_by_pk(wanted, for_update=for_update)
    authorisations = authorisations_of(wanted)
    rows = []
    for entry in checked.entries:
        pk = matched.get(id(entry))
        found = institutions.get(pk) if pk else None
        rows.append(_planned(entry, found, authorisations.get(pk, []) if pk else [], now=now))
    return Plan(checked, rows)


class _Matcher:
    """Finds the institution that a row means."""

    def __init__(self, checked: CheckedList) -> None:
        codes = {entry.values["credit_code"] for entry in checked.entries if "credit_code" in entry.values}
        self.by_code = keys_by_code(codes)
        self.by_key = {(key_text(name), key_text(address)): pk for pk, name, address in names_and_addresses()}
        self.taken: dict[int, Entry] = {}

    def match(self, entry: Entry) -> int | None:
        code = entry.values.get("credit_code")
        by_code = self.by_code.get(code) if code else None
        by_key = self.by_key.get(entry.key)
        if by_code and by_key and by_code != by_key:
            message = _("这个代码和这个名称、地址已登记为两家不同的机构，请核对后再导入")
            entry.add("credit_code", code or "", "two_institutions", message)
            return None
        found = by_code or by_key
        if found is None:
            return None
        first = self.taken.setdefault(found, entry)
        if first is not entry:
            message = _("这一行和第 %(row)d 行是同一家已登记的机构，请删去其中一行")
            entry.add("name", entry.values["name"], "listed_twice", message % {"row": first.row})
            return None
        return found


def _planned(
    entry: Entry, institution: Institution | None, authorisations: list[Authorisation], *, now: dt.datetime
) -> PlannedRow:
    if not entry.is_good or entry.district is None:
        return PlannedRow(entry, BAD)
    if institution is None:
        return _planned_new(entry, entry.district)
    _refuse_conflicts(entry, institution, entry.district)
    if not entry.is_good:
        return PlannedRow(entry, BAD)
    changes = _changes(entry, institution)
    _check_merged(entry, institution)
    if not entry.is_good:
        return PlannedRow(entry, BAD)
    authorisation = _authorisation(entry, institution, authorisations, changes, today=local_date(now))
    if not entry.is_good:
        return PlannedRow(entry, BAD)
    return PlannedRow(entry, CHANGED if changes else UNCHANGED, institution, authorisation, changes)


def _planned_new(entry: Entry, district: DistrictFrame) -> PlannedRow:
    values = {name: entry.values[name] for name in (*_TEXTS, "credit_code") if name in entry.values}
    for name in ("places", "inclusive_places", "filed_modes", "latitude", "longitude"):
        if name in entry.values:
            values[name] = entry.values[name]
    institution = Institution(
        district_id=district.pk, township_id=entry.township.pk if entry.township else None, **values
    )
    _check_merged(entry, institution)
    if not entry.is_good:
        return PlannedRow(entry, BAD)
    authorisation = _granted(entry, institution, district) if entry.is_filed else None
    changes = {name: ["", _words(value)] for name, value in entry.values.items()}
    if entry.township:
        changes["township"] = ["", entry.township.name]
    return PlannedRow(entry, NEW, institution, authorisation, changes)


def _refuse_conflicts(entry: Entry, institution: Institution, district: DistrictFrame) -> None:
    if institution.district_id != district.pk:
        message = _("这家机构已登记在另一个区，不能从%(district)s的名单修改，请先联系登记它的区")
        entry.add("name", entry.values["name"], "other_district", message % {"district": district.name})
    code = entry.values.get("credit_code")
    if code and institution.credit_code and institution.credit_code != code:
        message = _("同名同地址的机构登记的代码是 %(code)s，请核对哪一个对，需要时先在后台改正")
        entry.add("credit_code", code, "credit_code_differs", message % {"code": institution.credit_code})


def _changes(entry: Entry, institution: Institution) -> dict[str, list[str]]:
    """Set the row's values on the institution; what differs, column → [before, after]."""
    changes: dict[str, list[str]] = {}

    def change(name: str, value: Any, words: list[str] | None = None) -> None:
        changes[name] = words or [_words(getattr(institution, name)), _words(value)]
        setattr(institution, name, value)

    for name in _TEXTS:
        if name in entry.values and clean_text(getattr(institution, name)) != entry.values[name]:
            change(name, entry.values[name])
    for name in ("credit_code", "places", "inclusive_places"):
        if name in entry.values and getattr(institution, name) != entry.values[name]:
            change(name, entry.values[name])
    if "filed_modes" in entry.values and in_order(set(institution.filed_modes)) != entry.values["filed_modes"]:
        change("filed_modes", entry.values["filed_modes"])
    for name in ("latitude", "longitude"):
        if name in entry.values and not _same(getattr(institution, name), entry.values[name]):
            change(name, entry.values[name])
    if entry.township and institution.township_id != entry.township.pk:
        district = entry.district
        names = {each.pk: each.name for each in district.townships} if district else {}
        before = names.get(institution.township_id or 0, "")
        institution.township_id = entry.township.pk
        changes["township"] = [before, entry.township.name]
    return changes


def _check_merged(entry: Entry, institution: Institution) -> None:
    """The row together with what was registered before."""
    if institution.inclusive_places > institution.places:
        message = _("普惠托位数（%(inclusive)d）不能多于托位数（%(places)d），请核对，两个数都填上")
        message %= {"inclusive": institution.inclusive_places, "places": institution.places}
        entry.add("inclusive_places", str(institution.inclusive_places), "inclusive_over_places", message)
    code = institution.credit_code
    given = "credit_code" in entry.values or "nature" in entry.values
    if given and code and not credit_code.agrees_with_nature(code, institution.nature):
        message = _("机构性质和统一社会信用代码对不上：91、92 开头的是营利性，12、51、52、53 开头的是非营利性")
        entry.add("nature", institution.get_nature_display(), "nature_mismatch", message)


def _authorisation(
    entry: Entry,
    institution: Institution,
    authorisations: list[Authorisation],
    changes: dict[str, list[str]],
    *,
    today: dt.date,
) -> Authorisation | None:
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
            changes[name] = ["", _words(entry.values[name])]
    return _granted(entry, institution, entry.district) if entry.district else None


def _corrected(
    entry: Entry, authorisation: Authorisation, changes: dict[str, list[str]], *, today: dt.date
) -> Authorisation | None:
    touched = False
    for name, column in (("filing_number", "number"), ("filed_date", "from_date"), ("office", "office")):
        if name not in entry.values:
            continue
        before = getattr(authorisation, column)
        same = clean_text(before) == entry.values[name] if isinstance(before, str) else before == entry.values[name]
        if not same:
            changes[name] = [_words(before), _words(entry.values[name])]
            setattr(authorisation, column, entry.values[name])
            touched = True
    until = authorisation.until_date
    if authorisation.published_at is None and (until is None or until >= today):
        changes["published"] = ["", _("公开")]
        touched = True
    if until and authorisation.from_date and authorisation.from_date > until:
        message = _("备案日期晚于已登记的有效期（%(until)s），请核对") % {"until": until.isoformat()}
        entry.add("filed_date", authorisation.from_date.isoformat(), "date_after_end", message)
    return authorisation if touched else None


def _granted(entry: Entry, institution: Institution, district: DistrictFrame) -> Authorisation:
    return Authorisation(
        institution=institution,
        basis=Authorisation.Basis.FILING,
        number=entry.values.get("filing_number", ""),
        from_date=entry.values.get("filed_date"),
        # Filing is the county health authority's act (托育机构登记和备案办法, art. 7); its name differs by district.
        office=entry.values.get("office") or _("%(district)s卫生健康部门") % {"district": district.name},
        source_title=entry.source_title,
    )


def _is_same_filing(entry: Entry, authorisation: Authorisation) -> bool:
    number, day = entry.values.get("filing_number"), entry.values.get("filed_date")
    if number and authorisation.number:
        return key_text(number) == key_text(authorisation.number)
    return day is not None and day == authorisation.from_date


def _same(before: float | None, after: float) -> bool:
    return before is not None and abs(before - after) < SAME_DEGREES


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(value)
    return "" if value is None else str(value)
