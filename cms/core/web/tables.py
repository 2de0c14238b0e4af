"""Lists as files: a CSV that spreadsheets read as text, or a workbook (``workbooks``, which loads openpyxl)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

#: What a cell may hold.
Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None
Rows = Iterable[Sequence[Value]]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
#: What a spreadsheet would take for a formula.
DANGEROUS = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")
#: Tells spreadsheets that a CSV is UTF-8.
MARK = "\ufeff"
WORKBOOK = "cms.core.web.workbooks.table_workbook"


def table_response(*, kind: str, title: str, headings: Sequence[str], rows: Rows) -> HttpResponse:
    """The table as a download: ``kind`` is ``csv`` or ``xlsx``, ``title`` names the file and the sheet."""
    if kind == "csv":
        return download(csv_table(headings, rows), CSV, f"{title}.csv")
    return download(import_string(WORKBOOK)(headings, rows, title=title), XLSX, f"{title}.xlsx")


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file under its Chinese name."""
    response = HttpResponse(content, content_type=content_type)
    plain = f"list.{name.rpartition('.')[2]}"
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return response


def csv_table(headings: Sequence[str], rows: Rows) -> bytes:
    """UTF-8 with a mark, so that no spreadsheet guesses; what begins like a formula has an apostrophe before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([_harmless(plain(value)) for value in row] for row in rows)
    return (MARK + out.getvalue()).encode()


def plain(value: Value) -> Any:
    """Yes and no in words, everything else as it is."""
    return (_("是") if value else _("否")) if isinstance(value, bool) else value


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and DANGEROUS.match(value) else value
