"""Official lists as files: real workbooks and csv texts, and the district they are held against."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from stdnum.cn.uscc import calc_check_digit

from directory.districts.positions import Position
from directory.lists.importing.checking import CheckedList, check_list
from directory.lists.importing.entries import Entry, ListContext
from directory.lists.importing.files import read_file
from directory.lists.importing.townships import KnownDistrict, TownshipName

TODAY = dt.date(2026, 11, 22)
HEADER = ("机构名称", "机构住所")
ROW = ("小满示例托育园", "湖北路12号")


def xlsx(rows: Iterable[Sequence[Any]], *, title: str = "名单", dress: Callable[[Any], None] | None = None) -> bytes:
    """A workbook with one sheet; ``dress`` may merge cells, hide it or add sheets to its parent."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if dress:
        dress(sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv_text(rows: Iterable[Sequence[str]], *, delimiter: str = ",") -> str:
    return "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"


def sheet_values(content: bytes) -> list[tuple[Any, ...]]:
    """The rows of the first sheet of a workbook."""
    return [tuple(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def credit_code(prefix: str = "91", region: str = "410305", number: int = 1) -> str:
    """A code with a right check character."""
    body = f"{prefix}{region}{number:09d}"
    return body + calc_check_digit(body)


def townships(*names: str, start: int = 1) -> tuple[TownshipName, ...]:
    return tuple(TownshipName(n, f"4103050{n:02d}", name) for n, name in enumerate(names, start))


JIANXI = KnownDistrict(
    pk=1,
    slug="jianxi",
    code="410305",
    name="涧西区",
    full_name="洛阳市涧西区",
    centre=Position(34.66, 112.40),
    radius_km=15,
    townships=townships("湖北路街道", "天津路街道", "工农街道"),
)
NINGHE = KnownDistrict(
    pk=2,
    slug="ninghe",
    code="120117",
    name="宁河区",
    full_name="天津市宁河区",
    centre=None,
    radius_km=30,
    townships=townships("芦台街道", "宁河镇", "丰台镇", start=11),
)


def checked(content: bytes, name: str = "名单.xlsx", **context: Any) -> CheckedList:
    """The list as the importer reads it, for 涧西区 unless ``context`` says otherwise."""
    values = {"districts": (JIANXI, NINGHE), "today": TODAY, "chosen": JIANXI} | context
    return check_list(read_file(content, name), context=ListContext(**values), file_name=name)


def entries(rows: Iterable[Sequence[Any]], **context: Any) -> list[Entry]:
    """The rows read from a workbook with these cells."""
    return checked(xlsx(rows), **context).entries


def entry(columns: dict[str, Any], **context: Any) -> Entry:
    """One institution with a name and an address and these columns beside them."""
    (read,) = entries([(*HEADER, *columns), (*ROW, *columns.values())], **context)
    return read


def codes(problems: Iterable[Any]) -> list[str]:
    return [problem.code for problem in problems]
