"""What a sheet hides is not imported, and it is said what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from directory.lists.importing.checked_file import checked_workbook
from directory.lists.importing.files import read_file
from directory.lists.importing.hidden import spans
from directory.lists.importing.problems import UnreadableFile
from tests.factories.lists import HEADER, checked, codes, sheet_values, xlsx

LIST = [["名单"], (*HEADER, "所属街道", "负责人"), *[(f"园{n}", f"路{n}号", "工农", "张三") for n in range(3, 9)]]


def hiding(*, rows: tuple[int, ...] = (), columns: str = "") -> Callable[[Any], None]:
    def dress(sheet: Any) -> None:
        for row in rows:
            sheet.row_dimensions[row].hidden = True
        for column in columns:
            sheet.column_dimensions[column].hidden = True

    return dress


def test_hidden_row_is_left_out_and_named() -> None:
    read = checked(xlsx(LIST, dress=hiding(rows=(4,))))

    (warning,) = read.all_problems()
    assert [entry.row for entry in read.entries] == [3, 5, 6, 7, 8]
    assert (warning.sheet, warning.row, warning.code, warning.is_warning) == ("名单", 4, "row_hidden", True)
    assert warning.message == "第 4 行是隐藏的，没有导入；如果要导入，请取消隐藏或筛选后再上传"


def test_several_hidden_rows_are_one_warning() -> None:
    (warning,) = checked(xlsx(LIST, dress=hiding(rows=(4, 5, 6, 8)))).all_problems()

    assert (warning.row, warning.message[:9]) == (4, "第 4–6、8 行")


def test_hidden_rows_above_the_list_are_not_spoken_of() -> None:
    assert checked(xlsx(LIST, dress=hiding(rows=(1,)))).all_problems() == []


def test_title_that_is_hidden_is_no_source() -> None:
    (entry, *_rest) = checked(xlsx(LIST, dress=hiding(rows=(1,))), "一览.xlsx").entries

    assert entry.source_title == "一览"


def test_hidden_column_is_left_out_and_named() -> None:
    read = checked(xlsx(LIST, dress=hiding(columns="D")))

    (warning,) = read.all_problems()
    assert ["head_name" in entry.values for entry in read.entries] == [False] * 6
    assert (warning.row, warning.column, warning.code, warning.is_warning) == (2, "负责人", "column_hidden", True)
    assert warning.message == "“负责人”这一列是隐藏的，没有导入；如果要导入，请取消隐藏后再上传"


def test_hidden_columns_are_named_in_their_order_and_empty_ones_not_at_all() -> None:
    def dress(sheet: Any) -> None:
        hiding(columns="CD")(sheet)
        sheet.column_dimensions.group("F", "XFD", hidden=True)

    assert [problem.column for problem in checked(xlsx(LIST, dress=dress)).problems] == ["所属街道", "负责人"]


def test_hidden_column_that_nobody_misses_is_not_spoken_of() -> None:
    rows = [("序号", *HEADER, "所属街道", "备注"), (1, "甲", "路1号", "工农", "x")]

    assert checked(xlsx(rows, dress=hiding(columns="AE"))).all_problems() == []


def test_required_column_that_is_hidden_is_missing_and_it_is_said_why() -> None:
    read = checked(xlsx(LIST, dress=hiding(columns="B")))

    assert codes(read.all_problems()) == ["column_hidden", "column_missing"]
    assert read.entries == []


def test_lower_row_of_a_header_names_the_hidden_column() -> None:
    rows = [[*HEADER, "托位数", None], [None, None, "总数", "其中：普惠"], ["甲", "路1号", 60, 20]]
    (warning, *_rest) = checked(xlsx(rows, dress=hiding(columns="D"))).all_problems()

    assert (warning.row, warning.column) == (2, "其中：普惠")


def test_upper_row_of_a_header_names_the_hidden_column_and_a_title_does_not() -> None:
    rows = [
        [None, None, "名单"],
        [*HEADER, "所属街道", "托位数"],
        [None, None, None, "总数"],
        ["甲", "路1号", "工农", 60],
    ]
    (warning, *_rest) = checked(xlsx(rows, dress=hiding(columns="C"))).all_problems()

    assert (warning.code, warning.row, warning.column) == ("column_hidden", 3, "所属街道")
    titled = [["甲", None, None, "名单"], [*HEADER, "所属街道"], ["甲", "路1号", "工农"]]
    assert checked(xlsx(titled, dress=hiding(columns="D"))).all_problems() == []


@pytest.mark.parametrize("hidden", [{"rows": (2,)}, {"columns": "AB"}])
def test_header_that_is_hidden_is_named(hidden: dict[str, Any]) -> None:
    with pytest.raises(UnreadableFile) as caught:
        checked(xlsx(LIST, dress=hiding(**hidden)))

    assert (caught.value.code, caught.value.message) == (
        "no_header",
        "名单的表头在隐藏的行或列里，请取消隐藏后再上传。",
    )


def test_list_whose_rows_are_all_hidden_says_so() -> None:
    with pytest.raises(UnreadableFile) as caught:
        checked(xlsx(LIST[:4], dress=hiding(rows=(3, 4))))

    assert (caught.value.code, caught.value.message) == (
        "no_rows",
        "表头下面的机构都在隐藏的行里，请取消隐藏或筛选后再上传。",
    )


def test_checked_file_hides_the_same_and_is_read_the_same() -> None:
    content = xlsx([*LIST, ("园9", "", "工农", "李四")], dress=hiding(rows=(4,), columns="D"))
    again = checked_workbook(read_file(content, "名单.xlsx"), checked(content))

    rows = sheet_values(again)
    assert rows[1][:4] == (*HEADER, "所属街道", "负责人")
    assert rows[1][4].startswith("问题\n提醒：【负责人】“负责人”这一列是隐藏的")
    assert rows[3] == (
        "园4",
        "路4号",
        "工农",
        "张三",
        "提醒：第 4 行是隐藏的，没有导入；如果要导入，请取消隐藏或筛选后再上传",
    )
    assert rows[8][4] == "【机构住所】缺机构住所（地址），请补上"
    assert [entry.values for entry in checked(again).entries] == [entry.values for entry in checked(content).entries]
    assert codes(checked(again).all_problems()) == codes(checked(content).all_problems())
    assert checked(again).ignored_columns == []


def test_problem_column_stands_behind_a_hidden_one_that_holds_something() -> None:
    def dress(sheet: Any) -> None:
        hiding(columns="EF")(sheet)
        sheet["E4"] = "内部"

    content = xlsx(LIST, dress=dress)
    rows = sheet_values(checked_workbook(read_file(content, "名单.xlsx"), checked(content)))

    assert (rows[1][4:], rows[3][4]) == ((None, "问题"), "内部")


def test_merged_cell_of_a_hidden_column_fills_nothing() -> None:
    def dress(sheet: Any) -> None:
        hiding(columns="C")(sheet)
        sheet.merge_cells("C3:C5")

    assert [entry.township for entry in checked(xlsx(LIST, dress=dress)).entries] == [None] * 6


@pytest.mark.parametrize(
    ("numbers", "text"), [([4], "4"), ([4, 5], "4–5"), ([4, 6], "4、6"), ([1, 4, 5, 6, 9], "1、4–6、9")]
)
def test_spans(numbers: list[int], text: str) -> None:
    assert spans(numbers) == text
