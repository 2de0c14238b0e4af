from __future__ import annotations

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from directory.lists.importing.checked_file import checked_workbook
from directory.lists.importing.checking import check_list
from directory.lists.importing.entries import ListContext
from directory.lists.importing.files import read_file
from directory.lists.importing.writing import REGISTER_COLUMNS, register_workbook
from tests.factories.lists import (
    HEADER,
    JIANXI,
    ROW,
    TODAY,
    checked,
    codes,
    csv_text,
    sheet_values,
    xlsx,
)


def returned(content: bytes, name: str = "名单.xlsx") -> bytes:
    """The checked file of an uploaded one."""
    book = read_file(content, name)
    return checked_workbook(
        book, check_list(book, context=ListContext((JIANXI,), TODAY, chosen=JIANXI), file_name=name)
    )


def register_row(**values):
    return {
        "name": "小满示例托育园",
        "address": "湖北路12号",
        "credit_code": "91110000600037341L",
        "nature": "for_profit",
        "district": "涧西区",
        "township": "湖北路街道",
        "head_name": "张三",
        "phone": "0379-64910000",
        "filing_number": "20230001",
        "filed_date": dt.date(2023, 12, 5),
        "office": "涧西区卫生健康部门",
        "places": 60,
        "inclusive_places": 20,
        "filed_modes": ["full_day", "hourly"],
        "longitude": 112.4123456,
        "latitude": 34.6612345,
    } | values


def test_checked_file_keeps_rows_and_adds_the_problems() -> None:
    content = xlsx([["名单"], [], (*HEADER, "托位数"), (*ROW, 60), ("乙", "路2号", "约60")])

    rows = sheet_values(returned(content))

    assert [row[:3] for row in rows] == [
        ("名单", None, None),
        (None, None, None),
        (*HEADER, "托位数"),
        (*ROW, 60),
        ("乙", "路2号", "约60"),
    ]
    assert rows[2][3] == "问题"
    assert rows[4][3].startswith("【托位数】托位数要填一个确定的整数")
    assert "提醒：【街道或镇】" in rows[4][3]


def test_checked_csv_comes_back_as_a_workbook() -> None:
    rows = sheet_values(returned(csv_text([HEADER, ("甲", "")]).encode("gb18030"), "名单.csv"))

    assert rows[0] == (*HEADER, "问题")
    assert rows[1][2].startswith("【机构住所】缺机构住所")


def test_checked_file_keeps_formulas_as_text() -> None:
    content = returned(xlsx([(*HEADER, "托位数"), (*ROW, "=1+1")]))

    cell = load_workbook(io.BytesIO(content)).active["C2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_checked_file_can_be_checked_again() -> None:
    first = returned(xlsx([(*HEADER, "托位数"), (*ROW, "约60")]))
    second = returned(first)

    assert sheet_values(second)[0] == (*HEADER, "托位数", "问题")
    assert sheet_values(second)[1] == sheet_values(first)[1]


def test_checked_file_of_a_two_row_header_reads_the_same() -> None:
    content = xlsx([["机构名称", "地址", "托位数", None], [None, None, "总数", "普惠"], ["甲", "路1号", 60, 20]])

    read = checked(returned(content))

    assert read.ignored_columns == []
    assert read.entries[0].values["inclusive_places"] == 20


def test_checked_file_keeps_what_merged_cells_meant() -> None:
    def merge(sheet) -> None:
        sheet.merge_cells("C2:C3")

    content = xlsx([(*HEADER, "所属街道"), (*ROW, "工农"), ("乙", "路2号", None)], dress=merge)

    assert [entry.township for entry in checked(returned(content)).entries] == [JIANXI.townships[2]] * 2


def test_checked_file_names_what_is_wrong_with_the_sheet() -> None:
    rows = sheet_values(returned(xlsx([["机构名称", "托位数"], ["甲", 60]])))

    assert rows[0][2].startswith("问题\n【机构住所】没有找到")


def test_checked_file_leaves_hidden_sheets_out() -> None:
    def hide(sheet) -> None:
        sheet.parent.create_sheet("旧").sheet_state = "hidden"

    assert load_workbook(io.BytesIO(returned(xlsx([HEADER, ROW], dress=hide)))).sheetnames == ["名单"]


def test_register_reads_back_as_it_was() -> None:
    read = checked(register_workbook([register_row()], title="名册"))

    (entry,) = read.entries
    assert codes(entry.problems) == ["registrar_elsewhere"]
    assert read.ignored_columns == []
    assert entry.values == {
        name: value for name, value in register_row().items() if name not in {"district", "township"}
    }
    assert entry.township == JIANXI.townships[0]


def test_register_writes_texts_as_texts() -> None:
    row = register_row(name='=HYPERLINK("http://x","y")', phone="+8637964910000", filing_number="001", head_name="@a")

    sheet = load_workbook(io.BytesIO(register_workbook([row], title="名册"))).active

    cells = {name: sheet.cell(2, number) for number, (name, _width) in enumerate(REGISTER_COLUMNS, 1)}
    for name in ("name", "phone", "filing_number", "head_name", "credit_code"):
        assert (cells[name].data_type, cells[name].number_format, cells[name].value) == ("s", "@", row[name])
    assert [cells[name].quotePrefix for name in ("name", "phone", "head_name")] == [True, True, True]
    assert cells["filed_date"].is_date is True


def test_register_of_nothing_is_a_blank_form() -> None:
    (header,) = sheet_values(register_workbook([], title="名单"))

    assert header[:3] == ("机构名称", "机构住所", "统一社会信用代码")


def test_sheet_names_that_excel_refuses_are_mended() -> None:
    content = register_workbook([], title="a/b:c*[d]" * 9)

    assert load_workbook(io.BytesIO(content)).sheetnames == ["a_b_c__d_a_b_c__d_a_b_c__d_a"]


@pytest.mark.parametrize(
    ("name", "shown"), [("坏\x07字", "坏字"), ("\x07", None), ("=A1", "=A1"), ("园\n二", "园\n二")]
)
def test_what_a_spreadsheet_cant_hold_is_left_out(name: str, shown: str | None) -> None:
    assert sheet_values(register_workbook([register_row(name=name)], title="名册"))[-1][0] == shown
