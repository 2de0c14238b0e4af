"""csv files: UTF-8 with or without mark, GB18030, UTF-16 with mark; comma, tab or semicolon."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from directory.lists.importing.columns import recognise
from directory.lists.importing.problems import UnreadableFile
from directory.lists.importing.sheets import MOST_COLUMNS, MOST_ROWS, Book, Sheet, SheetRow, trimmed

DELIMITERS = (",", "\t", ";", "；", "，", "|")
_PROBE_RECORDS = 60
_SEPARATOR_LINE = re.compile(r'\A"?sep=(.)"?\r?\n', re.IGNORECASE)


def read_delimited(content: bytes) -> Book:
    """The one sheet of a csv file; records are numbered as a spreadsheet would show them. Raises ``UnreadableFile``."""
    text = _decoded(content)
    named = _SEPARATOR_LINE.match(text)
    if named:
        text = text[named.end() :]
    delimiter = named[1] if named else _best_delimiter(text)
    rows = []
    for number, record in enumerate(_records(text, delimiter), start=1):
        cells = trimmed(record[:MOST_COLUMNS])
        if cells:
            rows.append(SheetRow(number, cells))
        if len(rows) > MOST_ROWS:
            raise UnreadableFile("too_many_rows", _("名单超过 %(most)d 行，请分成几个文件上传。") % {"most": MOST_ROWS})
    return Book([Sheet("", rows)])


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif content.startswith(codecs.BOM_UTF8):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableFile("broken", _("这个文件不是能读的表格文字，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"))


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error:
        message = _("文件第 %(line)d 行附近的引号没有成对，请改好，或用 Excel 另存为 .xlsx 再上传。")
        raise UnreadableFile("broken", message % {"line": reader.line_num}) from None


def _best_delimiter(text: str) -> str:
    """The one by which a row of the file reads most like a header; else the one that cuts most."""
    return max(DELIMITERS, key=lambda delimiter: _likeness(text, delimiter))


def _likeness(text: str, delimiter: str) -> tuple[int, int]:
    try:
        head = list(islice(_records(text, delimiter), _PROBE_RECORDS))
    except UnreadableFile:
        return (0, 0)
    known = max((sum(recognise(cell) is not None for cell in record) for record in head), default=0)
    return (known, sum(len(record) - 1 for record in head))
