"""Excel workbooks (.xlsx), read row by row, formulas seen as formulas, merged cells filled downwards."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils.cell import range_boundaries

from directory.lists.importing.dates import EXCEL_EPOCH, EXCEL_EPOCH_1904
from directory.lists.importing.problems import UnreadableFile
from directory.lists.importing.sheets import (
    EMPTY_ROWS_AT_MOST,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    MOST_TEXTS,
    MOST_UNPACKED,
    Book,
    Sheet,
    SheetRow,
    trimmed,
)
from directory.lists.importing.text import Value
from directory.lists.importing.workbook_cells import read_rows
from directory.lists.importing.workbook_parts import SheetPart, WorkbookParts, read_parts

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_STRICT = b"http://purl.oclc.org/ooxml/"
_CHUNK = 1 << 20
#: First row → [(column, last row)] of the merged cells that reach over several rows.
Merges = Mapping[int, list[tuple[int, int]]]


def read_workbook(content: bytes) -> Book:
    """Every worksheet with its non-empty rows. Raises ``UnreadableFile`` with one sentence that says what is wrong."""
    check_archive(content)
    try:
        return _read(content)
    except UnreadableFile:
        raise
    except Exception as error:  # a broken or hostile workbook may fail anywhere in the reader
        raise UnreadableFile(
            "broken", _("这个 Excel 文件已损坏，请用 Excel 或 WPS 打开后另存为新的 .xlsx 再上传。")
        ) from error


def check_archive(content: bytes) -> None:
    """Refuse what is no workbook, is locked, or would unpack to more than the bound. Raises ``UnreadableFile``."""
    head = b""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" in archive.namelist() and not any(part.flag_bits & 1 for part in parts):
                with archive.open("xl/workbook.xml") as part_file:
                    head = part_file.read(4000)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise UnreadableFile("broken", _("这个 Excel 文件不完整或已损坏，请重新另存一份再上传。")) from None
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile("locked", _("这个文件设了密码，请取消密码后再上传。"))
    if "xl/workbook.bin" in names:
        raise UnreadableFile("renamed", _("这是二进制工作簿（.xlsb），请用 Excel 打开后另存为 .xlsx 再上传。"))
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise UnreadableFile("renamed", _("这不是 Excel 表格，只是改了名字的其他文件，请上传 .xlsx 或 .csv 名单。"))
    if _STRICT in head:
        raise UnreadableFile("renamed", _("这是“Strict Open XML”格式，请在 Excel 里另存为普通的 .xlsx 再上传。"))
    read = [part for part in parts if not part.filename.startswith("xl/media/")]
    texts = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
    if sum(part.file_size for part in read) > MOST_UNPACKED or texts > MOST_TEXTS:
        raise UnreadableFile("too_large", _("这个文件展开后太大，请删去图片和多余的空行，或分成几个文件上传。"))


def _read(content: bytes) -> Book:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = read_parts(archive)
        if len(parts.sheets) > MOST_SHEETS:
            raise UnreadableFile("too_large", _("工作表超过 %(most)d 张，请分成几个文件上传。") % {"most": MOST_SHEETS})
        sheets: list[Sheet] = []
        for part in parts.sheets:
            room = MOST_ROWS - sum(len(sheet.rows) for sheet in sheets)
            sheets.append(_read_sheet(archive, part, parts, room=room))
        return Book(sheets, EXCEL_EPOCH_1904 if parts.counts_from_1904 else EXCEL_EPOCH)


def _read_sheet(archive: zipfile.ZipFile, part: SheetPart, parts: WorkbookParts, *, room: int) -> Sheet:
    sheet = Sheet(part.name, is_hidden=part.is_hidden)
    with archive.open(part.path) as source:
        filler = _Filler(_merges(source))
    last = 0
    with archive.open(part.path) as source:
        for row in read_rows(source, parts, sheet.hidden_columns):
            cells = trimmed(row.values)
            if row.number - last > EMPTY_ROWS_AT_MOST:
                sheet.stopped_after = last
                break
            if cells:
                last = row.number
                sheet.rows.append(filler.fill(row.number, cells, is_hidden=row.is_hidden))
            if len(sheet.rows) > room:
                message = _("名单超过 %(most)d 行，请分成几个文件上传。") % {"most": MOST_ROWS}
                raise UnreadableFile("too_many_rows", message)
    return sheet


def _merges(source: Any) -> Merges:
    """Merged cells stand behind the rows they concern, so they are looked up in the sheet's own text before."""
    found: dict[int, list[tuple[int, int]]] = {}
    for reference in _references(source):
        left, top, _right, bottom = range_boundaries(reference)
        if bottom > top:
            found.setdefault(top, []).append((left - 1, bottom))
    return found


def _references(source: Any) -> Iterator[str]:
    tail = b""
    while chunk := source.read(_CHUNK):
        text = tail + chunk
        end = 0
        for match in _MERGED.finditer(text):
            end = match.end()
            yield match[1].decode()
        tail = text[max(end, len(text) - 200) :]


class _Filler:
    """Carries the value of a merged cell down to the rows it reaches over."""

    def __init__(self, merges: Merges) -> None:
        self.merges = merges
        self.starts = sorted(merges)
        self.active: dict[int, tuple[Value, int]] = {}

    def fill(self, number: int, cells: tuple[Value, ...], *, is_hidden: bool) -> SheetRow:
        self.active = {column: (value, end) for column, (value, end) in self.active.items() if end >= number}
        filled = {
            column: value
            for column, (value, _end) in self.active.items()
            if value is not None and (column >= len(cells) or cells[column] is None)
        }
        for column, end in self.merges.get(number, ()):
            if column < MOST_COLUMNS:
                self.active[column] = (cells[column] if column < len(cells) else None, end)
        if not filled:
            return SheetRow(number, cells, is_hidden=is_hidden)
        widened = list(cells) + [None] * (max(filled) + 1 - len(cells))
        for column, value in filled.items():
            widened[column] = value
        return SheetRow(number, tuple(widened), frozenset(filled), is_hidden)
