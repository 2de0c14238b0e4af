"""Excel workbooks (.xlsx), read row by row, formulas seen as formulas, merged cells filled downwards."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904

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

LAST_ROW = 1_048_576
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_STRICT = b"http://purl.oclc.org/ooxml/"
_CHUNK = 1 << 20
#: First row → [(column, last row)] of the merged cells that reach over several rows.
Merges = Mapping[int, list[tuple[int, int]]]


def read_workbook(content: bytes) -> Book:
    """Every worksheet with its non-empty rows. Raises ``UnreadableFile`` with one sentence that says what is wrong."""
    check_archive(content)
    try:
        with warnings.catch_warnings():
            # The reader warns of styles and extensions it leaves out; none of them matters to a list.
            warnings.simplefilter("ignore")
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
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        worksheets = book.worksheets[: MOST_SHEETS + 1]
        if len(worksheets) > MOST_SHEETS:
            raise UnreadableFile("too_large", _("工作表超过 %(most)d 张，请分成几个文件上传。") % {"most": MOST_SHEETS})
        sheets: list[Sheet] = []
        for worksheet in worksheets:
            sheets.append(_read_sheet(worksheet, room=MOST_ROWS - sum(len(sheet.rows) for sheet in sheets)))
        return Book(sheets, EXCEL_EPOCH_1904 if book.epoch == CALENDAR_MAC_1904 else EXCEL_EPOCH)
    finally:
        book.close()


def _read_sheet(worksheet: Any, *, room: int) -> Sheet:
    sheet = Sheet(worksheet.title, is_hidden=worksheet.sheet_state != "visible")
    filler = _Filler(_merges(worksheet))
    last = 0
    values = worksheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS, values_only=True)
    for number, row in enumerate(values, start=1):
        cells = trimmed([_plain(value) for value in row])
        if cells:
            last = number
            sheet.rows.append(filler.fill(number, cells))
            if len(sheet.rows) > room:
                raise UnreadableFile(
                    "too_many_rows", _("名单超过 %(most)d 行，请分成几个文件上传。") % {"most": MOST_ROWS}
                )
        elif number - last >= EMPTY_ROWS_AT_MOST:
            sheet.stopped_after = last
            break
    return sheet


def _plain(value: Any) -> Value:
    """What the rest of the importer understands; formulas of every kind become text that begins with ``=``."""
    if value is None or isinstance(value, (str, int, float, dt.date, dt.time, dt.timedelta)):
        return value
    text = getattr(value, "text", None)  # array formulas are objects
    text = text if isinstance(text, str) else str(value)
    return text if text.startswith("=") else f"={text}"


def _merges(worksheet: Any) -> Merges:
    """The row-by-row reader leaves merged cells out, so they are looked up in the sheet's own text."""
    found: dict[int, list[tuple[int, int]]] = {}
    with worksheet._get_source() as source:
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

    def fill(self, number: int, cells: tuple[Value, ...]) -> SheetRow:
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
            return SheetRow(number, cells)
        widened = list(cells) + [None] * (max(filled) + 1 - len(cells))
        for column, value in filled.items():
            widened[column] = value
        return SheetRow(number, tuple(widened), frozenset(filled))
