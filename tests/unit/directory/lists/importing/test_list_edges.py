"""A list as a whole: its district, its source, its sheets, and what stands in it twice."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest

from directory.lists.importing.checking import LONGEST_SOURCE, check_list
from directory.lists.importing.entries import ListContext
from directory.lists.importing.files import read_file
from directory.lists.importing.problems import UnreadableFile
from tests.factories.lists import (
    HEADER,
    JIANXI,
    NINGHE,
    ROW,
    TODAY,
    checked,
    codes,
    credit_code,
    csv_text,
    entries,
    xlsx,
)

Rows = Sequence[Sequence[Any]]


def with_sheets(first: Rows, **others: Rows) -> bytes:
    """A workbook of 名单 and others by title; a title that begins with ``hidden`` is hidden."""

    def dress(sheet) -> None:
        for title, rows in others.items():
            other = sheet.parent.create_sheet(title)
            for row in rows:
                other.append(list(row))
            if title.startswith("hidden"):
                other.sheet_state = "hidden"

    return xlsx(first, dress=dress)


def problems(content: bytes, name: str = "名单.xlsx", **context: Any) -> list[tuple[str, str, int | None]]:
    return [(p.code, p.sheet, p.row) for p in checked(content, name, **context).problems]


def test_sheets_that_are_left_out_are_warned_of_by_name() -> None:
    content = with_sheets([HEADER, ROW], 说明=[["填表说明"]], hidden1=[HEADER, ROW], hidden2=[["旧"]], 空=[])

    read = checked(content)

    assert read.sheets == ["名单"]
    assert [(p.code, p.sheet, p.row, p.column, p.value, p.is_warning) for p in read.problems] == [
        ("sheet_without_header", "说明", None, "", "", True),
        ("sheet_hidden", "hidden1", None, "", "", True),
    ]


def test_only_hidden_lists_are_no_list() -> None:
    with pytest.raises(UnreadableFile) as caught:
        checked(with_sheets([["说明"]], hidden=[HEADER, ROW]))

    assert caught.value.code == "no_header"
    assert "“机构名称”和“机构住所”" in str(caught.value)


def test_sheet_that_resembles_a_list_counts_where_no_other_is_one() -> None:
    assert problems(with_sheets([["机构名称"], ["甲"]])) == [("column_missing", "名单", 1)]
    assert problems(with_sheets([["机构名称"], ["甲"]], 镇=[HEADER, ROW])) == [("sheet_without_header", "名单", None)]


def test_sheet_stopped_early_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.lists.importing.workbooks.EMPTY_ROWS_AT_MOST", 3)

    assert problems(with_sheets([HEADER, ROW, [], [], [], ROW], 镇=[HEADER, ROW])) == [("empty_rows", "名单", 2)]


def test_missing_columns_are_each_one_problem_and_nothing_is_read() -> None:
    content = with_sheets([["地址", "托位数"], ["路1号", 60]], 镇=[HEADER, ROW])

    read = checked(content)

    assert [(p.code, p.row, p.column) for p in read.problems] == [("column_missing", 1, "机构名称")]
    assert [entry.sheet for entry in read.entries] == ["镇"]


def test_list_whose_only_problem_is_a_warning_has_no_rows() -> None:
    with pytest.raises(UnreadableFile) as caught:
        checked(with_sheets([HEADER], 说明=[["填表说明"]]))

    assert caught.value.code == "no_rows"


def test_columns_nobody_knows_are_named_once() -> None:
    content = with_sheets([(*HEADER, "面积"), (*ROW, 1)], 镇=[(*HEADER, "面积", "楼层"), ("乙", "路2号", 1, 2)])

    assert checked(content).ignored_columns == ["面积", "楼层"]


@pytest.mark.parametrize(
    ("rows", "file_name", "source"),
    [
        ([["短"], ["长一些的标题"], HEADER, ROW], "名单.xlsx", "长一些的标题"),
        ([["题" * 200], HEADER, ROW], "名单.xlsx", "题" * 200),
        ([["题" * 201], HEADER, ROW], "名单.xlsx", "题" * 200),
        ([HEADER, ROW], "备案.名单.xlsx", "备案.名单"),
    ],
)
def test_source_is_the_longest_title_else_the_files_name(rows: Rows, file_name: str, source: str) -> None:
    (entry,) = checked(xlsx(rows), file_name).entries

    assert (entry.source_title, LONGEST_SOURCE) == (source, 200)


def test_chosen_district_is_not_looked_for() -> None:
    read = checked(xlsx([["天津市宁河区名单"], HEADER, ROW]))

    assert ([entry.district for entry in read.entries], read.problems) == ([JIANXI], [])


def test_column_of_districts_leaves_each_row_to_itself() -> None:
    rows = [["天津市宁河区名单"], (*HEADER, "区"), (*ROW, "涧西区"), ("乙", "路2号", None)]

    read = checked(xlsx(rows), chosen=None, fallback=NINGHE)

    assert [entry.district for entry in read.entries] == [JIANXI, None]


@pytest.mark.parametrize(
    ("rows", "name", "district", "assumed"),
    [
        ([["涧西区、宁河区名单"], (*HEADER, "街道"), (*ROW, "丰台镇")], "名单.xlsx", NINGHE, False),
        ([["涧西区、宁河区名单"], HEADER, ("甲", "涧西区路1号")], "名单.xlsx", JIANXI, False),
        ([["宁河区名单"], (*HEADER, "街道"), (*ROW, "工农")], "名单.xlsx", NINGHE, False),
        ([(*HEADER, "街道"), ("甲", "涧西区路1号", "丰台镇")], "名单.xlsx", NINGHE, False),
        ([HEADER, ROW], "名单.xlsx", JIANXI, True),
    ],
)
def test_district_of_a_list(rows: Rows, name: str, district: object, assumed: bool) -> None:
    read = checked(xlsx(rows), name, chosen=None, fallback=JIANXI)

    assert [entry.district for entry in read.entries] == [district]
    assert codes(read.problems) == (["district_assumed"] if assumed else [])


def test_district_named_by_a_sheet() -> None:
    (entry,) = checked(xlsx([HEADER, ROW], title="宁河区"), chosen=None, fallback=JIANXI).entries

    assert entry.district == NINGHE


def test_assumed_district_is_named_in_its_column() -> None:
    (problem,) = checked(xlsx([HEADER, ROW]), chosen=None, fallback=JIANXI).problems

    assert (problem.sheet, problem.row, problem.column, problem.is_warning) == ("", None, "所属区", True)
    assert problem.message == "名单里看不出属于哪个区，按涧西区导入；不对的话请在导入时选定一个区"


def test_township_of_two_districts_names_none() -> None:
    twin = dataclasses.replace(NINGHE, townships=JIANXI.townships)

    read = checked(xlsx([(*HEADER, "街道"), (*ROW, "工农")]), chosen=None, fallback=JIANXI, districts=(JIANXI, twin))

    assert codes(read.problems) == ["district_assumed"]


def test_name_in_the_header_names_no_township() -> None:
    """A cell above or in the header is no cell of the column."""
    rows = [["", "", "丰台镇"], (*HEADER, "街道"), (*ROW, "工农")]

    (entry,) = checked(xlsx(rows), chosen=None, fallback=NINGHE).entries

    assert entry.district == JIANXI


CODED = (*HEADER, "统一社会信用代码")


def test_third_row_of_a_code_points_to_the_first() -> None:
    code = credit_code()
    read = entries([CODED, ("甲", "路1号", code), ("乙", "路2号", code), ("丙", "路3号", code)])

    twice = [[p for p in entry.problems if p.code == "credit_code_twice"] for entry in read]
    assert [len(found) for found in twice] == [0, 1, 1]
    assert [found[0].message for found in twice[1:]] == [
        "这个代码在第 2 行已经出现过，一家机构只列一行，请删去或改正其中一行"
    ] * 2
    assert (twice[1][0].column, twice[1][0].value, twice[1][0].is_warning) == ("统一社会信用代码", code, False)


def test_row_of_a_repeated_code_is_not_listed_twice_as_well() -> None:
    code = credit_code()
    read = entries([CODED, ("甲", "路1号", code), ("甲", "路1号", code)])

    assert [p.code for p in read[1].problems if not p.is_warning] == ["credit_code_twice"]


def test_same_place_with_two_codes_is_listed_twice() -> None:
    read = entries([CODED, ("甲", "路1号", credit_code(number=1)), ("甲", "路1号", credit_code(number=2))])

    (problem,) = [p for p in read[1].problems if not p.is_warning]
    assert (problem.code, problem.column, problem.value) == ("listed_twice", "机构名称", "甲")
    assert problem.message == "同名同地址的机构在第 2 行已经出现过，请删去其中一行"


def test_rows_without_name_or_address_are_no_twins() -> None:
    read = entries([(*HEADER, "托位数"), ("甲", None, 60), ("甲", None, 60), (None, "路1号", 60), (None, "路1号", 60)])

    assert [[p.code for p in entry.problems if not p.is_warning] for entry in read] == [
        ["address_missing"],
        ["address_missing"],
        ["name_missing"],
        ["name_missing"],
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (1, [(2, 2)]),
        (199, [(200, 200)]),
        (200, [(200, 201), (201, 201)]),
        (201, [(200, 202), (202, 202)]),
    ],
)
def test_progress_every_two_hundred_rows(rows: int, told: list[tuple[int, int]]) -> None:
    heard: list[tuple[int, int]] = []
    content = csv_text([HEADER, *[(f"示例{n}", f"路{n}号") for n in range(rows)]]).encode()

    check_list(
        read_file(content, "a.csv"),
        context=ListContext((JIANXI,), TODAY, chosen=JIANXI),
        file_name="a.csv",
        progress=lambda done, total: heard.append((done, total)),
    )

    assert heard == told
