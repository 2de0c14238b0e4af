"""What a checked list would change: each row held against the institution it means. Reads only.

A row means the institution with its credit code, else the one of its name and address. What a row leaves empty stays as
it is; a list never ends an authorisation and never brings back an ended one, nor one whose date has passed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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
from directory.lists.queries.import_matching import KnownInstitutions, Matcher
from directory.lists.queries.registers import authorisations_of, institutions_by_pk
from directory.register import credit_code
from directory.register.models import Authorisation, Institution

NEW, CHANGED, UNCHANGED, BAD = "new", "changed", "unchanged", "bad"
#: Two positions closer than this (about five centimetres) are the same.
SAME_DEGREES = 5e-7
READ_AT_ONCE = 1000
_TEXTS = ("name", "address", "phone", "head_name", "nature")
_COUNTS = ("credit_code", "places", "inclusive_places")
#: What an institution holds before a list says anything of it.
_BLANK = Institution()
#: Column of the model → [before, after], in words.
Changes = dict[str, list[str]]


@dataclass(slots=True)
class Filing:
    """The authorisation of a row: ``pk`` of the one corrected, None for one to be granted; the columns to be set."""

    values: dict[str, Any]
    pk: int | None = None


@dataclass(slots=True)
class PlannedRow:
    """One row and what becomes of it.

    Of a registered institution ``pk``, ``values`` are the columns to be set and ``changes`` say the same in words. A
    new one is what its row says: :func:`new_institution` and :func:`new_filing` tell, and nothing is held twice.
    """

    entry: Entry
    outcome: str
    pk: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    filing: Filing | None = None
    changes: Changes = field(default_factory=dict)

    @property
    def grants(self) -> bool:
        """Whether the row brings an authorisation that is not registered yet."""
        if self.outcome == NEW:
            return self.entry.is_filed
        return self.filing is not None and self.filing.pk is None


@dataclass(slots=True)
class ImportPlan:
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
        said = hashlib.sha256()
        for row in self.rows:
            changes = _said(row.entry) if row.outcome == NEW else row.changes
            line = [row.entry.sheet, row.entry.row, row.outcome, row.pk, changes]
            said.update(json.dumps(line, ensure_ascii=False).encode())
        return said.hexdigest()

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


def plan_import(checked: CheckedList, *, now: dt.datetime) -> ImportPlan:
    """Hold every good row against the register; conflicts found here are added to the rows as problems.

    A number of queries that grows with thousands of rows, not with rows; of the institutions meant a thousand are held
    at once.
    """
    matcher = Matcher(KnownInstitutions(checked))
    matched = {id(entry): matcher.match(entry) for entry in checked.entries if entry.is_good}
    rows: list[PlannedRow] = []
    for start in range(0, len(checked.entries), READ_AT_ONCE):
        rows += _planned_rows(checked.entries[start : start + READ_AT_ONCE], matched, now=now)
    return ImportPlan(checked, rows)


def _planned_rows(
    entries: Sequence[Entry], matched: Mapping[int, int | None], *, now: dt.datetime
) -> Iterator[PlannedRow]:
    wanted = {pk for entry in entries if (pk := matched.get(id(entry))) is not None}
    institutions, authorisations = institutions_by_pk(wanted), authorisations_of(wanted)
    for entry in entries:
        pk = matched.get(id(entry)) or 0
        yield _planned(entry, institutions.get(pk), authorisations.get(pk, []), today=local_date(now))


def _planned(
    entry: Entry, institution: Institution | None, authorisations: list[Authorisation], *, today: dt.date
) -> PlannedRow:
    if not entry.is_good or entry.district is None:
        return PlannedRow(entry, BAD)
    if institution is None:
        return _planned_new(entry)
    _refuse_conflicts(entry, institution, entry.district)
    if not entry.is_good:
        return PlannedRow(entry, BAD)
    values, changes = _changes(entry, institution)
    _check_merged(entry, institution)
    if not entry.is_good:
        return PlannedRow(entry, BAD)
    filing = _filing(entry, institution, authorisations, changes, today=today)
    if not entry.is_good:
        return PlannedRow(entry, BAD)
    return PlannedRow(entry, CHANGED if changes else UNCHANGED, institution.pk, values, filing, changes)


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


def _said(entry: Entry) -> dict[str, str]:
    said = {name: _words(value) for name, value in entry.values.items()}
    return said | {"township": entry.township.name} if entry.township else said


def _planned_new(entry: Entry) -> PlannedRow:
    _check_merged(entry, _BLANK)
    return PlannedRow(entry, NEW if entry.is_good else BAD)


def _refuse_conflicts(entry: Entry, institution: Institution, district: DistrictFrame) -> None:
    if institution.district_id != district.pk:
        message = _("这家机构已登记在另一个区，不能从%(district)s的名单修改，请先联系登记它的区")
        entry.add("name", entry.values["name"], "other_district", message % {"district": district.name})
    code = entry.values.get("credit_code")
    if code and institution.credit_code and institution.credit_code != code:
        message = _("同名同地址的机构登记的代码是 %(code)s，请核对哪一个对，需要时先在后台改正")
        entry.add("credit_code", code, "credit_code_differs", message % {"code": institution.credit_code})


def _changes(entry: Entry, institution: Institution) -> tuple[dict[str, Any], Changes]:
    """The columns in which the row differs from the institution: their new values, and both in words."""
    values: dict[str, Any] = {}
    for name in _TEXTS:
        if name in entry.values and clean_text(getattr(institution, name)) != entry.values[name]:
            values[name] = entry.values[name]
    for name in _COUNTS:
        if name in entry.values and getattr(institution, name) != entry.values[name]:
            values[name] = entry.values[name]
    if "filed_modes" in entry.values and in_order(set(institution.filed_modes)) != entry.values["filed_modes"]:
        values["filed_modes"] = entry.values["filed_modes"]
    for name in ("latitude", "longitude"):
        if name in entry.values and not _same(getattr(institution, name), entry.values[name]):
            values[name] = entry.values[name]
    changes = {name: [_words(getattr(institution, name)), _words(value)] for name, value in values.items()}
    if entry.township and institution.township_id != entry.township.pk:
        values["township_id"] = entry.township.pk
        changes["township"] = [_township_name(entry, institution), entry.township.name]
    return values, changes


def _township_name(entry: Entry, institution: Institution) -> str:
    townships = entry.district.townships if entry.district else ()
    return next((each.name for each in townships if each.pk == institution.township_id), "")


def _check_merged(entry: Entry, institution: Institution) -> None:
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


def _filing(
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
            changes[name] = ["", _words(entry.values[name])]
    return Filing(new_filing(entry))


def _corrected(entry: Entry, authorisation: Authorisation, changes: Changes, *, today: dt.date) -> Filing | None:
    values: dict[str, Any] = {}
    for name, column in (("filing_number", "number"), ("filed_date", "from_date"), ("office", "office")):
        if name not in entry.values:
            continue
        before = getattr(authorisation, column)
        same = clean_text(before) == entry.values[name] if isinstance(before, str) else before == entry.values[name]
        if not same:
            changes[name] = [_words(before), _words(entry.values[name])]
            values[column] = entry.values[name]
    until = authorisation.until_date
    published = authorisation.published_at is None and (until is None or until >= today)
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
        return key_text(number) == key_text(authorisation.number)
    return day is not None and day == authorisation.from_date


def _same(before: float | None, after: float) -> bool:
    return before is not None and abs(before - after) < SAME_DEGREES


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(value)
    return "" if value is None else str(value)
