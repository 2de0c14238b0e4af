"""A whole list checked: every table of every sheet, every row, and what is listed twice."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from directory.lists.importing.column_names import REQUIRED, label_of
from directory.lists.importing.entries import Entry, ListContext
from directory.lists.importing.problems import ListProblem, UnreadableFile
from directory.lists.importing.rows import RowReader
from directory.lists.importing.sheets import EMPTY_ROWS_AT_MOST, Book, Sheet
from directory.lists.importing.tables import Header, find_header, table_rows, titles_above
from directory.lists.importing.townships import KnownDistrict, districts_named

LONGEST_SOURCE = 200
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class CheckedList:
    """What a file says. ``problems`` are those of sheets; those of rows hang on their entries."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[ListProblem] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    headers: dict[str, Header] = field(default_factory=dict)
    ignored_columns: list[str] = field(default_factory=list)

    def all_problems(self) -> list[ListProblem]:
        """In the order of the file."""
        return self.problems + [problem for entry in self.entries for problem in entry.problems]


def check_list(book: Book, *, context: ListContext, file_name: str, progress: Progress | None = None) -> CheckedList:
    """Read every list in the file. Raises ``UnreadableFile`` (no_header, no_rows) with one sentence."""
    checked = CheckedList()
    tables = _tables(book, checked)
    context = _with_district(book, tables, context=context, file_name=file_name, checked=checked)
    total = sum(len(sheet.rows) for sheet, _header in tables)
    for sheet, header in tables:
        _read_table(sheet, header, context, file_name, checked, progress, total)
    if progress:
        progress(total, total)
    if not checked.entries and not any(not problem.is_warning for problem in checked.problems):
        raise UnreadableFile("no_rows", _("名单里只有表头，没有机构，请填好再上传。"))
    _mark_repeated(checked.entries)
    return checked


def _tables(book: Book, checked: CheckedList) -> list[tuple[Sheet, Header]]:
    """The sheets that hold a list; a sheet that only resembles one counts if no other does."""
    found = [(sheet, header) for sheet in book.sheets if (header := find_header(sheet)) is not None]
    certain = [(sheet, header) for sheet, header in found if len(header.columns) > 1]
    shown = [pair for pair in certain or found if not pair[0].is_hidden]
    if not shown and not any(sheet.rows for sheet in book.sheets):
        raise UnreadableFile("empty", _("文件里没有内容，请选有内容的名单。"))
    if not shown:
        message = _("没有找到表头：请在名单上方留一行表头，至少有“%(name)s”和“%(address)s”两列。")
        raise UnreadableFile("no_header", message % {"name": label_of("name"), "address": label_of("address")})
    _warn_of_sheets(book, [sheet for sheet, _header in shown], [sheet for sheet, _header in certain], checked)
    return shown


def _warn_of_sheets(book: Book, shown: Sequence[Sheet], certain: Sequence[Sheet], checked: CheckedList) -> None:
    def warn(sheet: Sheet, row: int | None, code: str, message: str) -> None:
        checked.problems.append(ListProblem(sheet.name, row, "", "", code, message, is_warning=True))

    for sheet in book.sheets:
        if sheet.is_hidden and sheet in certain:
            warn(sheet, None, "sheet_hidden", _("这张工作表是隐藏的，没有导入；如果要导入，请取消隐藏后再上传"))
        elif sheet.rows and not sheet.is_hidden and sheet not in shown:
            warn(sheet, None, "sheet_without_header", _("这张工作表没有认得出的表头，没有导入"))
        if sheet in shown and sheet.stopped_after is not None:
            message = _("这一行以后连续 %(count)d 行是空的，再往后没有读") % {"count": EMPTY_ROWS_AT_MOST}
            warn(sheet, sheet.stopped_after, "empty_rows", message)


def _with_district(
    book: Book, tables: Sequence[tuple[Sheet, Header]], *, context: ListContext, file_name: str, checked: CheckedList
) -> ListContext:
    """With the district of the list: the one chosen, else the one its titles, its name or its addresses name."""
    context = dataclasses.replace(context, epoch=book.epoch)
    if context.chosen is not None or any("district" in header.columns for _sheet, header in tables):
        return context
    by_title = _named_by_titles(tables, context.districts, file_name)
    by_township = _holding_townships(tables, context.districts)
    candidates = by_title if len(by_title) == 1 else by_township or _named_by_addresses(tables, context.districts)
    if len(candidates) == 1:
        return dataclasses.replace(context, chosen=candidates[0])
    if candidates or context.fallback is None:
        return context
    message = _("名单里看不出属于哪个区，按%(district)s导入；不对的话请在导入时选定一个区")
    message %= {"district": context.fallback.name}
    checked.problems.append(
        ListProblem("", None, label_of("district"), "", "district_assumed", message, is_warning=True)
    )
    return dataclasses.replace(context, chosen=context.fallback)


def _named_by_titles(
    tables: Sequence[tuple[Sheet, Header]], districts: Sequence[KnownDistrict], file_name: str
) -> list[KnownDistrict]:
    titles = [title for sheet, header in tables for title in (*titles_above(sheet, header), sheet.name)]
    return districts_named(" ".join([*titles, file_name]), districts)


def _named_by_addresses(
    tables: Sequence[tuple[Sheet, Header]], districts: Sequence[KnownDistrict]
) -> list[KnownDistrict]:
    texts = " ".join(_column_texts(tables, "address"))
    return districts_named(texts, districts)


def _holding_townships(
    tables: Sequence[tuple[Sheet, Header]], districts: Sequence[KnownDistrict]
) -> list[KnownDistrict]:
    found = {}
    for text in _column_texts(tables, "township"):
        holding = [district for district in districts if district.township(text)]
        if len(holding) == 1:
            found[holding[0].slug] = holding[0]
    return list(found.values())


def _column_texts(tables: Sequence[tuple[Sheet, Header]], name: str) -> set[str]:
    """The values under a header cell, each once."""
    return {
        row.text(header.columns[name])
        for sheet, header in tables
        if name in header.columns
        for row in sheet.rows
        if row.number > header.last_row
    }


def _read_table(
    sheet: Sheet,
    header: Header,
    context: ListContext,
    file_name: str,
    checked: CheckedList,
    progress: Progress | None,
    total: int,
) -> None:
    checked.sheets.append(sheet.name)
    checked.headers[sheet.name] = header
    checked.ignored_columns += [label for label in header.ignored if label not in checked.ignored_columns]
    missing = [name for name in REQUIRED if name not in header.columns]
    for name in missing:
        message = _("没有找到“%(label)s”这一列，请加上") % {"label": label_of(name)}
        checked.problems.append(ListProblem(sheet.name, header.last_row, label_of(name), "", "column_missing", message))
    if missing:
        return
    title = max(titles_above(sheet, header), key=len, default="") or file_name.rsplit(".", 1)[0]
    readers: dict[int, RowReader] = {}
    for row, under in table_rows(sheet, header):
        if id(under) not in readers:
            source = title[:LONGEST_SOURCE]
            readers[id(under)] = RowReader(sheet=sheet.name, header=under, context=context, source_title=source)
        checked.entries.append(readers[id(under)].read(row))
        if progress and len(checked.entries) % 200 == 0:
            progress(len(checked.entries), total)


def _mark_repeated(entries: Sequence[Entry]) -> None:
    """One credit code twice, then one name at one address twice: the later row is the fault."""
    by_code: dict[str, Entry] = {}
    by_key: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        code = entry.values.get("credit_code")
        first = by_code.setdefault(code, entry) if code else entry
        if first is not entry:
            message = _("这个代码在%(where)s已经出现过，一家机构只列一行，请删去或改正其中一行")
            entry.add("credit_code", code or "", "credit_code_twice", message % {"where": _where(first, entry)})
            continue
        if not all(entry.key):
            continue
        first = by_key.setdefault(entry.key, entry)
        if first is not entry:
            message = _("同名同地址的机构在%(where)s已经出现过，请删去其中一行")
            entry.add("name", entry.values["name"], "listed_twice", message % {"where": _where(first, entry)})


def _where(first: Entry, entry: Entry) -> str:
    if first.sheet == entry.sheet:
        return _("第 %(row)d 行") % {"row": first.row}
    return _("工作表“%(sheet)s”第 %(row)d 行") % {"sheet": first.sheet, "row": first.row}
