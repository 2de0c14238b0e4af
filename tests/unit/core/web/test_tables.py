"""Lists as files: spreadsheets read text as text, and nothing is computed."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from cms.core.web.tables import csv_table, table_response
from cms.core.web.workbooks import table_workbook


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        (" =1", "' =1"),
        ("+86", "'+86"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        ("＝1", "'＝1"),
        ("\tx", "'\tx"),
        ("一=1", "一=1"),
        ("", ""),
        (None, ""),
        (-5, "-5"),
        (True, "是"),
        (False, "否"),
        (dt.date(2026, 3, 1), "2026-03-01"),
        ("甲,乙", '"甲,乙"'),
    ],
)
def test_a_cell_of_a_csv(value: Any, written: str) -> None:
    assert csv_table(["头"], [[value, 1]]).decode() == f"\ufeff头\r\n{written},1\r\n"


def test_a_workbook_has_its_heads_and_rows() -> None:
    content = table_workbook(["名称", "示范"], [["=1", True], ["乙", False]], title="名单[1]")

    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet.title == "名单_1_"
    assert [[cell.value for cell in row] for row in sheet] == [["名称", "示范"], ["=1", "是"], ["乙", "否"]]
    assert (sheet["A1"].font.b, sheet["A2"].font.b, sheet["A2"].data_type) == (True, False, "s")
    assert (sheet.freeze_panes, sheet.column_dimensions["B"].width) == ("B2", 18)


@pytest.mark.parametrize(("kind", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_the_file_has_a_chinese_name_and_a_plain_one(kind: str, start: bytes) -> None:
    response = table_response(kind=kind, title="名单", headings=["头"], rows=[["甲"]])

    assert response.content.startswith(start)
    assert response["Content-Disposition"] == (
        f"attachment; filename=\"list.{kind}\"; filename*=UTF-8''%E5%90%8D%E5%8D%95.{kind}"
    )
    assert ("csv" in response["Content-Type"]) is (kind == "csv")
