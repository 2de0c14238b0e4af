"""How the cells of the workbooks we hand out look: marks, widths, formats, names of sheets."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from directory.lists.importing.checked_file import checked_workbook, problem_words
from directory.lists.importing.checking import check_list
from directory.lists.importing.columns import own_label
from directory.lists.importing.entries import ListContext
from directory.lists.importing.files import read_file
from directory.lists.importing.problems import ListProblem
from directory.lists.importing.writing import register_workbook
from tests.factories.lists import HEADER, JIANXI, ROW, TODAY, csv_text, xlsx

WIDTHS = {
    "A": 36, "B": 44, "C": 22, "D": 12, "E": 10, "F": 16, "G": 12, "H": 20,
    "I": 24, "J": 14, "K": 24, "L": 10, "M": 12, "N": 24, "O": 14, "P": 14,
}  # fmt: skip
MARK = "00FDE9E7"


def returned(content: bytes, name: str = "名单.xlsx") -> Workbook:
    """The checked file of an uploaded one."""
    book = read_file(content, name)
    made = checked_workbook(
        book, check_list(book, context=ListContext((JIANXI,), TODAY, chosen=JIANXI), file_name=name)
    )
    return load_workbook(io.BytesIO(made))


def register(*rows: dict[str, Any], title: str = "名册") -> Any:
    return load_workbook(io.BytesIO(register_workbook(rows, title=title))).active


def marked(sheet: Any) -> list[str]:
    """The cells with the colour of a fault."""
    return [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == MARK]


def bold(sheet: Any) -> list[str]:
    return [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.font.bold]


def test_register_has_a_bold_header_that_stays_and_widths() -> None:
    sheet = register({"name": "甲"})

    assert sheet.freeze_panes == "B2"
    assert {letter: sheet.column_dimensions[letter].width for letter in WIDTHS} == WIDTHS
    assert bold(sheet) == [f"{letter}1" for letter in WIDTHS]
    assert marked(sheet) == []


@pytest.mark.parametrize(
    ("values", "column", "shown"),
    [
        ({"nature": "non_profit"}, "D", "非营利性"),
        ({"nature": ""}, "D", None),
        ({"filed_modes": ["hourly", "full_day"]}, "N", "全日托、计时托"),
        ({"filed_modes": []}, "N", None),
        ({"filed_modes": None}, "N", None),
        ({"places": 0}, "L", 0),
        ({"phone": ""}, "H", None),
    ],
)
def test_register_speaks_the_words_of_the_importer(values: dict[str, Any], column: str, shown: object) -> None:
    assert register({"name": "甲"} | values)[f"{column}2"].value == shown


def test_cells_have_the_format_of_what_they_hold() -> None:
    sheet = register({"name": "甲\n乙", "address": "路1号", "filed_date": dt.date(2026, 1, 2), "places": 60})

    formats = {letter: sheet[f"{letter}2"].number_format for letter in "ABJL"}
    assert formats == {"A": "@", "B": "@", "J": "yyyy-mm-dd", "L": "General"}
    assert [sheet[f"{letter}2"].alignment.wrap_text for letter in "AB"] == [True, None]
    assert [sheet[f"{letter}2"].quotePrefix for letter in "AB"] == [False, False]


def test_fault_marks_its_cell_and_its_sentence_but_a_warning_does_not() -> None:
    rows = [(*HEADER, "托位数", "所属街道"), (*ROW, 60, "工农"), ("乙", "路2号", "约60", ""), ("丙", "路3号", 60, "")]
    sheet = returned(xlsx(rows)).active

    assert marked(sheet) == ["C3", "E3", "E4"]
    assert bold(sheet) == ["E1"]
    assert (sheet["E1"].value, sheet["E2"].value) == ("问题", None)
    assert sheet["E4"].value == "提醒：【所属街道】没有写所属街道或镇；会照样导入，但按街道找不到这家机构，请补上"
    assert sheet.column_dimensions["E"].width == 60


def test_rows_above_the_header_and_gaps_stay_where_they_were() -> None:
    sheet = returned(
        xlsx([["名单"], [], [], (*HEADER, "街道"), [], (*ROW, "工农"), [], ("乙", "路2号", "工农")])
    ).active

    assert [(row[0].row, row[0].value) for row in sheet.iter_rows() if row[0].value] == [
        (1, "名单"),
        (4, "机构名称"),
        (6, "小满示例托育园"),
        (8, "乙"),
    ]
    assert [sheet.cell(row, 4).value for row in (1, 4, 6, 8)] == [None, "问题", None, None]


def test_problem_column_of_an_earlier_check_is_used_again() -> None:
    sheet = returned(xlsx([("问题", *HEADER), ("旧", "乙", "")])).active

    assert [cell.value for cell in sheet[1]] == ["问题", *HEADER]
    assert sheet["A2"].value.startswith("【机构住所】缺机构住所")


def test_sheet_without_a_header_has_no_problem_column() -> None:
    def second(sheet) -> None:
        sheet.parent.create_sheet("说明").append(["填表说明"])

    book = returned(xlsx([HEADER, ROW], dress=second))

    assert [[cell.value for cell in row] for row in book["说明"].iter_rows()] == [["填表说明"]]


def test_merged_number_is_not_written_for_each_row_and_a_township_is() -> None:
    def merge(sheet) -> None:
        sheet.merge_cells("C2:C3")
        sheet.merge_cells("D2:D3")

    sheet = returned(
        xlsx([(*HEADER, "托位数", "街道"), (*ROW, 60, "工农"), ("乙", "路2号", None, None)], dress=merge)
    ).active

    assert [sheet[cell].value for cell in ("C2", "C3", "D2", "D3")] == [60, None, "工农", "工农"]


@pytest.mark.parametrize(
    ("problems", "words"),
    [
        ([], ""),
        ([("机构住所", "缺", False)], "【机构住所】缺"),
        ([("", "整张表", True), ("电话", "怪", False)], "提醒：整张表\n【电话】怪"),
    ],
)
def test_problems_in_words(problems: Sequence[tuple[str, str, bool]], words: str) -> None:
    made = [ListProblem("名单", 2, column, "", "code", text, is_warning) for column, text, is_warning in problems]

    assert problem_words(made) == words


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("名" * 28, "名" * 28),
        ("名" * 29, "名" * 28),
        ("'甲'", "甲"),
        ("", "名单"),
        ("a:b", "a_b"),
    ],
)
def test_title_of_a_sheet(title: str, shown: str) -> None:
    assert register(title=title).title == shown


def test_sheets_whose_titles_become_one_are_numbered() -> None:
    def more(sheet) -> None:
        for end in ("B", "b2", "C"):
            other = sheet.parent.create_sheet("a" * 28 + end)
            other.append(list(HEADER))
            other.append(["乙", f"{end}路"])

    book = returned(xlsx([HEADER, ROW], title="A" * 28, dress=more))

    assert book.sheetnames == ["A" * 28, "a" * 28 + "2", "a" * 28 + "3", "a" * 28 + "4"]


def test_sheet_of_a_csv_file_gets_a_name() -> None:
    assert returned(csv_text([HEADER, ROW]).encode(), "备案.csv").sheetnames == ["名单"]


def test_what_was_put_right_stands_beside_the_problems() -> None:
    rows = [HEADER, ("⻘年园 ", "路１号"), ("乙园", "路2号")]
    content = xlsx(rows)
    made = returned(content)

    assert next([cell.value for cell in row] for row in made.active.iter_rows(min_col=3)) == ["问题", "整理后"]
    assert [row[3].value for row in made.active.iter_rows(min_row=2)] == ["【机构名称】青年园\n【机构住所】路1号", None]
    assert [row[:2] for row in made.active.iter_rows(values_only=True)] == rows


def test_columns_of_an_earlier_check_are_written_again() -> None:
    rows = [("整理后", *HEADER, "问题\n提醒：旧"), ("旧", "⻘年园", "路1号", "旧"), ("旧", "乙园", "路2号", "旧")]
    made = returned(xlsx(rows)).active

    assert [cell.value for cell in made[1]] == ["整理后", *HEADER, "问题"]
    assert [row[0] for row in made.iter_rows(min_row=2, values_only=True)] == ["【机构名称】青年园", None]
    assert made.max_column == 4


@pytest.mark.parametrize(
    ("label", "own"),
    [
        ("问题", "问题"),
        ("问题 提醒：旧", "问题"),
        ("问题【机构住所】没有", "问题"),
        ("整理后", "整理后"),
        ("问题反馈", ""),
        ("整理后的名称", ""),
        ("有问题", ""),
        ("", ""),
    ],
)
def test_own_label(label: str, own: str) -> None:
    assert own_label(label) == own
