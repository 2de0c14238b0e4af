from __future__ import annotations

import pytest

from directory.lists.importing.checking import check_list
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

FULL = (*HEADER, "统一社会信用代码", "所属街道")


def refusal(content: bytes, name: str = "名单.xlsx") -> str:
    with pytest.raises(UnreadableFile) as caught:
        checked(content, name)
    return caught.value.code


def add_sheet(title, rows, *, hidden=False):
    def dress(sheet) -> None:
        other = sheet.parent.create_sheet(title)
        for row in rows:
            other.append(list(row))
        if hidden:
            other.sheet_state = "hidden"

    return dress


def test_several_sheets_are_one_list() -> None:
    content = xlsx([HEADER, ROW], title="街道", dress=add_sheet("镇", [["标题"], HEADER, ("乙", "路2号")]))

    read = checked(content)

    assert read.sheets == ["街道", "镇"]
    assert [(entry.sheet, entry.row, entry.values["name"]) for entry in read.entries] == [
        ("街道", 2, "小满示例托育园"),
        ("镇", 3, "乙"),
    ]


def test_sheet_without_header_is_named_and_left_out() -> None:
    read = checked(xlsx([HEADER, ROW], dress=add_sheet("说明", [["填表说明"], ["名称要写全称"]])))

    assert [(problem.sheet, problem.code, problem.is_warning) for problem in read.problems] == [
        ("说明", "sheet_without_header", True)
    ]
    assert len(read.entries) == 1


def test_instructions_that_name_a_column_are_no_list() -> None:
    read = checked(xlsx([HEADER, ROW], dress=add_sheet("说明", [["机构名称", "写营业执照上的全称"]])))

    assert (read.sheets, codes(read.problems)) == (["名单"], ["sheet_without_header"])


def test_hidden_list_is_named_and_left_out() -> None:
    read = checked(xlsx([HEADER, ROW], dress=add_sheet("旧", [HEADER, ("乙", "路2号")], hidden=True)))

    assert (len(read.entries), codes(read.problems)) == (1, ["sheet_hidden"])


def test_empty_sheet_is_passed_over() -> None:
    assert checked(xlsx([HEADER, ROW], dress=add_sheet("Sheet2", []))).problems == []


def test_missing_address_column_is_one_problem() -> None:
    read = checked(xlsx([["机构名称", "托位数"], ["甲", 60]]))

    (problem,) = read.problems
    assert (problem.code, problem.row, problem.column, problem.is_warning) == ("column_missing", 1, "机构住所", False)
    assert read.entries == []


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (xlsx([]), "名单.xlsx", "empty"),
        (xlsx([["一"], ["二"]]), "名单.xlsx", "no_header"),
        (b"just some words", "名单.csv", "no_header"),
        (xlsx([HEADER]), "名单.xlsx", "no_rows"),
        (xlsx([HEADER, ["合计", ""]]), "名单.xlsx", "no_rows"),
    ],
)
def test_file_without_a_list(content, name, code) -> None:
    assert refusal(content, name) == code


def test_one_credit_code_twice() -> None:
    code = credit_code()
    read = entries([FULL, (*ROW, code, "工农"), ("乙", "路2号", None, "工农"), ("丙", "路3号", code, "工农")])

    assert [codes(entry.problems) for entry in read] == [[], [], ["credit_code_twice"]]
    assert "第 2 行" in read[2].problems[0].message


def test_one_credit_code_in_two_sheets() -> None:
    code = credit_code()
    content = xlsx(
        [FULL, (*ROW, code, "工农")], title="甲表", dress=add_sheet("乙表", [FULL, ("丙", "路3号", code, "工农")])
    )

    (problem,) = checked(content).entries[1].problems

    assert "工作表“甲表”第 2 行" in problem.message


def test_one_name_at_one_address_twice() -> None:
    read = entries([FULL, (*ROW, None, "工农"), (ROW[0] + " ", "湖北路１２号", None, "工农")])

    assert [codes(entry.problems) for entry in read] == [[], ["listed_twice"]]


def test_one_name_at_two_addresses_is_two_institutions() -> None:
    read = entries([FULL, (*ROW, None, "工农"), (ROW[0], "别处", None, "工农")])

    assert [entry.is_good for entry in read] == [True, True]


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([["天津市宁河区托育机构名单"], HEADER, ROW], "名单.xlsx"),
        ([HEADER, ROW], "宁河区名单.xlsx"),
        ([(*HEADER, "所属镇街"), (*ROW, "丰台镇")], "名单.xlsx"),
        ([(*HEADER, "区"), (*ROW, "宁河区")], "名单.xlsx"),
        ([(*HEADER, "区"), (*ROW, "天津市宁河区")], "名单.xlsx"),
        ([HEADER, ("甲", "天津市宁河区某路1号")], "名单.xlsx"),
    ],
)
def test_district_is_read_from_the_list(rows, name) -> None:
    read = checked(xlsx(rows), name, chosen=None, fallback=JIANXI)

    assert [entry.district for entry in read.entries] == [NINGHE]


def test_list_that_names_no_district_goes_to_the_first_with_a_warning() -> None:
    read = checked(xlsx([HEADER, ROW]), chosen=None, fallback=JIANXI)

    assert read.entries[0].district == JIANXI
    assert [(problem.code, problem.is_warning) for problem in read.problems] == [("district_assumed", True)]


def test_list_over_two_districts_needs_each_row_placed() -> None:
    rows = [(*HEADER, "街道"), (*ROW, "工农"), ("乙", "路2号", "丰台镇"), ("丙", "路3号", ""), ("丁", "路4号", "火星")]

    read = checked(xlsx(rows), chosen=None, fallback=JIANXI).entries

    assert [entry.district for entry in read] == [JIANXI, NINGHE, None, None]
    assert [codes(entry.problems) for entry in read[2:]] == [["district_missing"], ["district_missing"]]


def test_unknown_district_is_a_fault() -> None:
    read = checked(xlsx([(*HEADER, "区"), (*ROW, "月球区")]), chosen=None).entries

    assert codes(read[0].problems) == ["district_unknown"]


def test_without_any_district_every_row_is_a_fault() -> None:
    read = checked(xlsx([HEADER, ROW]), chosen=None).entries

    assert codes(read[0].problems) == ["district_missing"]


def test_title_becomes_the_source() -> None:
    assert entries([["涧西区2026年备案名单"], ["统计时间"], HEADER, ROW])[0].source_title == "涧西区2026年备案名单"


def test_file_name_is_the_source_without_a_title() -> None:
    assert checked(csv_text([HEADER, ROW]).encode(), "备案名单.csv").entries[0].source_title == "备案名单"


def test_unknown_columns_are_listed() -> None:
    assert checked(xlsx([(*HEADER, "园区面积", "备注"), (*ROW, 1, "x")])).ignored_columns == ["园区面积"]


def test_empty_rows_beyond_the_bound_are_named(monkeypatch) -> None:
    monkeypatch.setattr("directory.lists.importing.workbooks.EMPTY_ROWS_AT_MOST", 5)

    (problem,) = checked(xlsx([HEADER, ROW, *[[]] * 9, ROW])).problems

    assert (problem.code, problem.row) == ("empty_rows", 2)


def test_progress_is_told_to_the_end() -> None:
    told = []
    content = csv_text([HEADER, *[(f"示例{n}", f"路{n}号") for n in range(450)]]).encode()
    check_list(
        read_file(content, "a.csv"),
        context=ListContext((JIANXI,), TODAY, chosen=JIANXI),
        file_name="a.csv",
        progress=lambda done, total: told.append((done, total)),
    )

    assert told == [(200, 451), (400, 451), (451, 451)]
