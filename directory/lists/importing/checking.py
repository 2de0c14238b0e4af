"""A whole list checked: every table of every sheet, every row, and what is listed twice."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from directory.lists.importing.column_names import REQUIRED, label_of
from directory.lists.importing.entries import Entry, ListContext
from directory.lists.importing.hidden import hidden_problems
from directory.lists.importing.list_district import with_district
from directory.lists.importing.list_rows import Beside, first_header, table_rows
from directory.lists.importing.problems import ListProblem, UnreadableFile
from directory.lists.importing.rows import RowReader
from directory.lists.importing.sheets import EMPTY_ROWS_AT_MOST, Book, Sheet, SheetRow
from directory.lists.importing.tables import Header, find_header, titles_above

LONGEST_SOURCE = 200
LONGEST_LEFT_OUT = 40
Progress = Callable[[int, int], None]


class LeftOut(NamedTuple):
    """A row under the header that is taken for no institution, by its first words."""

    sheet: str
    row: int
    text: str
    why: Beside

    def as_json(self) -> dict[str, Any]:
        """The shape in the answer of ``import_institutions --json``."""
        return {"sheet": self.sheet, "row": self.row, "text": self.text, "why": self.why.value}


@dataclass(slots=True)
class CheckedList:
    """What a file says. ``problems`` are those of sheets; those of rows hang on their entries."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[ListProblem] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    headers: dict[str, Header] = field(default_factory=dict)
    ignored_columns: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def warn(self, sheet: Sheet, row: int | None, code: str, message: str, *, column: str = "") -> None:
        """A doubt about a sheet as a whole."""
        self.problems.append(ListProblem(sheet.name, row, column, "", code, message, is_warning=True))

    def all_problems(self) -> list[ListProblem]:
        """In the order of the file."""
        return self.problems + [problem for entry in self.entries for problem in entry.problems]


def check_list(book: Book, *, context: ListContext, file_name: str, progress: Progress | None = None) -> CheckedList:
    """Read every list in the file. Raises ``UnreadableFile`` (no_header, no_rows) with one sentence."""
    checked = CheckedList()
    tables = _tables(book, checked)
    context = dataclasses.replace(context, epoch=book.epoch)
    context = with_district(tables, context=context, file_name=file_name, problems=checked.problems)
    total = sum(len(sheet.rows) for sheet, _header in tables)
    for sheet, header in tables:
        _read_table(sheet, header, context, file_name, checked, progress, total)
    if progress:
        progress(total, total)
    if not checked.entries and not any(not problem.is_warning for problem in checked.problems):
        raise _no_rows(checked)
    _mark_repeated(checked.entries)
    return checked


def _no_rows(checked: CheckedList) -> UnreadableFile:
    if any(problem.code == "row_hidden" for problem in checked.problems):
        return UnreadableFile("no_rows", _("表头下面的机构都在隐藏的行里，请取消隐藏或筛选后再上传。"))
    return UnreadableFile("no_rows", _("名单里只有表头，没有机构，请填好再上传。"))


def _tables(book: Book, checked: CheckedList) -> list[tuple[Sheet, Header]]:
    """The sheets that hold a list, as they are seen; a sheet that only resembles one counts if no other does."""
    seen = [sheet.seen() for sheet in book.sheets]
    headers = [first_header(sheet, best) if (best := find_header(sheet)) else None for sheet in seen]
    columns = min(2, max((len(header.columns) for header in headers if header), default=1))
    tables = []
    for whole, sheet, header in zip(book.sheets, seen, headers, strict=True):
        if header is None or len(header.columns) < columns or sheet.is_hidden:
            _warn_of_sheet(sheet, header, checked)
            continue
        tables.append((sheet, header))
        checked.problems += hidden_problems(whole, header)
        if sheet.stopped_after is not None:
            message = _("这一行以后连续 %(count)d 行是空的，再往后没有读") % {"count": EMPTY_ROWS_AT_MOST}
            checked.warn(sheet, sheet.stopped_after, "empty_rows", message)
    if not tables:
        raise _no_table(book)
    return tables


def _warn_of_sheet(sheet: Sheet, header: Header | None, checked: CheckedList) -> None:
    if not sheet.is_hidden and sheet.rows:
        checked.warn(sheet, None, "sheet_without_header", _("这张工作表没有认得出的表头，没有导入"))
    elif header is not None and len(header.columns) > 1:
        checked.warn(sheet, None, "sheet_hidden", _("这张工作表是隐藏的，没有导入；如果要导入，请取消隐藏后再上传"))


def _no_table(book: Book) -> UnreadableFile:
    if not any(sheet.rows for sheet in book.sheets):
        return UnreadableFile("empty", _("文件里没有内容，请选有内容的名单。"))
    if any(not sheet.is_hidden and find_header(sheet) for sheet in book.sheets):
        return UnreadableFile("no_header", _("名单的表头在隐藏的行或列里，请取消隐藏后再上传。"))
    message = _("没有找到表头：请在名单上方留一行表头，至少有“%(name)s”和“%(address)s”两列。")
    return UnreadableFile("no_header", message % {"name": label_of("name"), "address": label_of("address")})


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
    for row, under, beside in table_rows(sheet, header):
        if beside:
            checked.left_out.append(LeftOut(sheet.name, row.number, _first_text(row), beside))
            continue
        if id(under) not in readers:
            source = title[:LONGEST_SOURCE]
            readers[id(under)] = RowReader(sheet=sheet.name, header=under, context=context, source_title=source)
        checked.entries.append(readers[id(under)].read(row))
        if progress and len(checked.entries) % 200 == 0:
            progress(len(checked.entries), total)
    if any(entry.has_private_phone and entry.sheet == sheet.name for entry in checked.entries):
        column = header.label("head_phone")
        message = _("“%(column)s”里的手机号是个人的，没有导入，不会公开；机构的公开电话请写在“%(phone)s”一列")
        message %= {"column": column, "phone": label_of("phone")}
        checked.warn(sheet, header.last_row, "phone_private", message, column=column)


def _first_text(row: SheetRow) -> str:
    return next((text[:LONGEST_LEFT_OUT] for _position, text in row.texts()), "")


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
