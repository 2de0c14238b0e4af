"""One row of a list: each cell read by its column, every fault noted with its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from directory.districts.positions import Position, in_china, outside_words, to_wgs84
from directory.lists.importing import positions, words
from directory.lists.importing.column_names import MODE_COLUMNS
from directory.lists.importing.dates import parse_date
from directory.lists.importing.entries import Entry, ListContext
from directory.lists.importing.numbers import parse_count
from directory.lists.importing.problems import BadCell
from directory.lists.importing.row_checks import check_numeric, check_phone, check_together, text_parser
from directory.lists.importing.sheets import SheetRow
from directory.lists.importing.tables import Header
from directory.lists.importing.text import Value, as_text, clean_text, is_nothing
from directory.lists.importing.townships import KnownDistrict

#: One number for several rows: a merged cell says nothing of each.
NOT_SHARED = frozenset(
    {"places", "inclusive_places", "credit_code", "filing_number", "longitude", "latitude", "position"}
)


class RowReader:
    """Reads the rows of one table."""

    def __init__(self, *, sheet: str, header: Header, context: ListContext, source_title: str) -> None:
        self.sheet = sheet
        self.header = header
        self.context = context
        self.source_title = source_title
        self.labels = {name: header.labels[position] for name, position in header.columns.items()}

    def read(self, row: SheetRow) -> Entry:
        entry = Entry(self.sheet, row.number, self.labels, source_title=self.source_title)
        self._texts(entry, row)
        self._take(entry, row, "credit_code", words.parse_credit_code)
        check_numeric(entry, "credit_code", self._cell(row, "credit_code"))
        self._nature(entry, row)
        self._take(entry, row, "places", parse_count)
        self._take(entry, row, "inclusive_places", parse_count)
        self._take(entry, row, "filed_date", self._date)
        self._modes(entry, row)
        self._place(entry, row)
        self._position(entry, row)
        check_together(entry)
        return entry

    def _cell(self, row: SheetRow, name: str) -> Value:
        position = self.header.columns.get(name)
        return None if position is None else row.value(position)

    def _take(self, entry: Entry, row: SheetRow, name: str, parse: Callable[[Value], Any]) -> Any:
        """The parsed cell; stored in ``values`` unless empty; a fault is noted and gives None."""
        value = self._cell(row, name)
        try:
            if self.header.columns.get(name) in row.filled and name in NOT_SHARED:
                raise BadCell("merged_cell", _("这一格是合并的单元格，请拆开后逐行填写"))
            parsed = parse(value)
        except BadCell as bad:
            entry.add(name, as_text(value), bad.code, bad.message)
            return None
        if parsed is not None:
            entry.values[name] = parsed
        if isinstance(parsed, str):
            entry.note_cleaned(name, as_text(value), parsed)
        return parsed

    def _texts(self, entry: Entry, row: SheetRow) -> None:
        for name in ("name", "address"):
            before = len(entry.problems)
            if self._take(entry, row, name, text_parser(name)) is None and len(entry.problems) == before:
                entry.add(name, as_text(self._cell(row, name)), f"{name}_missing", _MISSING[name]())
        for name in ("head_name", "phone", "filing_number", "office"):
            self._take(entry, row, name, text_parser(name))
        check_numeric(entry, "filing_number", self._cell(row, "filing_number"))
        check_phone(entry, self._cell(row, "phone"), self._cell(row, "head_phone"))

    def _nature(self, entry: Entry, row: SheetRow) -> None:
        found = self._take(entry, row, "nature", words.parse_nature)
        if found is None:
            return
        stored, profit = found
        del entry.values["nature"]
        if stored:
            entry.values["nature"] = stored
        code = entry.values.get("credit_code")
        if code and not words.agrees(code, profit):
            message = _("机构性质和统一社会信用代码对不上：91、92 开头的是营利性，12、51、52、53 开头的是非营利性")
            entry.add("nature", clean_text(self._cell(row, "nature")), "nature_mismatch", message)

    def _date(self, value: Value) -> dt.date | None:
        return parse_date(value, today=self.context.today, epoch=self.context.epoch)

    def _modes(self, entry: Entry, row: SheetRow) -> None:
        named = self._take(entry, row, "filed_modes", words.parse_modes)
        ticked = {name for name in MODE_COLUMNS if self._take(entry, row, name, words.parse_tick)}
        for name in MODE_COLUMNS:
            entry.values.pop(name, None)
        if ticked:
            entry.values["filed_modes"] = words.in_order(ticked | set(named or ()))

    def _place(self, entry: Entry, row: SheetRow) -> None:
        """The district by its column, the chosen one, or the township; then the township within it."""
        text = clean_text(self._cell(row, "township"))
        text = "" if is_nothing(text) else text
        entry.district = self._district(entry, row, text)
        if entry.district is None:
            return
        if not text:
            message = _("没有写所属街道或镇；会照样导入，但按街道找不到这家机构，请补上")
            entry.add("township", "", "township_missing", message, is_warning=True)
            return
        entry.township = entry.district.township(text)
        if entry.township is None:
            known = "、".join(each.name for each in entry.district.townships)
            message = _("%(district)s没有“%(name)s”，请填其中一个：%(known)s")
            message %= {"district": entry.district.name, "name": text[:40], "known": known}
            entry.add("township", text, "township_unknown", message)

    def _district(self, entry: Entry, row: SheetRow, township: str) -> KnownDistrict | None:
        text = clean_text(self._cell(row, "district"))
        chosen = self.context.chosen
        if not is_nothing(text):
            named = [each for each in self.context.districts if each.is_named(text)]
            if chosen and chosen not in named:
                message = _("这份名单导入%(district)s，这一行写的是别的区；请删去这一行或改正")
                entry.add("district", text, "district_other", message % {"district": chosen.name})
                return None
            if not named:
                known = "、".join(each.name for each in self.context.districts)
                entry.add(
                    "district", text, "district_unknown", _("没有这个区，请填其中一个：%(known)s") % {"known": known}
                )
                return None
            return named[0]
        if chosen:
            return chosen
        holding = [each for each in self.context.districts if township and each.township(township)]
        if len(holding) == 1:
            return holding[0]
        message = _("看不出这一行属于哪个区，请加一列“所属区”，或在导入时选定一个区")
        entry.add("district", text, "district_missing", message)
        return None

    def _position(self, entry: Entry, row: SheetRow) -> None:
        before = len(entry.problems)
        pair = self._take(entry, row, "position", positions.parse_pair)
        entry.values.pop("position", None)
        latitude = self._take(entry, row, "latitude", positions.parse_degrees)
        longitude = self._take(entry, row, "longitude", positions.parse_degrees)
        entry.values.pop("latitude", None)
        entry.values.pop("longitude", None)
        if len(entry.problems) > before:
            return
        if latitude is not None and longitude is not None:
            pair = Position(latitude, longitude)
        elif latitude is not None or longitude is not None:
            missing = "longitude" if longitude is None else "latitude"
            entry.add(missing, "", "position_half", _("经度和纬度要么都填，要么都不填"))
            return
        if pair is not None:
            self._keep_position(entry, pair)

    def _keep_position(self, entry: Entry, pair: Position) -> None:
        name = "longitude" if "longitude" in self.labels else "position"
        shown = f"{pair.longitude:g},{pair.latitude:g}"
        if not in_china(pair):
            turned = in_china(Position(pair.longitude, pair.latitude))
            message = _("经度和纬度像是写反了，请对调") if turned else _("这个位置不在中国境内，请核对经度和纬度")
            entry.add(name, shown, "outside_china", message)
            return
        found = to_wgs84(pair, self.context.coordinates)
        entry.values["latitude"], entry.values["longitude"] = found.latitude, found.longitude
        district = entry.district
        if district is None:
            return
        words = outside_words(found, centre=district.centre, radius_km=district.radius_km, district=district.name)
        if words:
            entry.add(name, shown, "outside_district", words, is_warning=True)


_MISSING: dict[str, Callable[[], str]] = {
    "name": lambda: _("缺机构名称，请补上"),
    "address": lambda: _("缺机构住所（地址），请补上"),
}
