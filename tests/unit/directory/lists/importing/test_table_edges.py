"""How far down a header is looked for, and which rows under it belong to the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from directory.lists.importing.files import read_file
from directory.lists.importing.list_rows import table_rows
from directory.lists.importing.tables import Header, find_header, titles_above
from tests.factories.lists import HEADER, ROW, xlsx


def header_of(rows: Sequence[Sequence[Any]]) -> Header | None:
    return find_header(read_file(xlsx(rows), "名单.xlsx").sheets[0])


def names(rows: Sequence[Sequence[Any]]) -> list[str]:
    sheet = read_file(xlsx(rows), "名单.xlsx").sheets[0]
    header = find_header(sheet)
    assert header is not None
    return [row.text(under.columns["name"]) for row, under, beside in table_rows(sheet, header) if beside is None]


def under_numbers(*row: Any) -> list[str]:
    """The names of a list in which this row stands between 甲 and 乙."""
    return names([["序号", "机构名称", "地址", "托位数"], [1, "甲", "路1号", 60], row, [3, "乙", "路2号", 60]])


@pytest.mark.parametrize(("titles", "found"), [(39, True), (40, False)])
def test_header_is_one_of_the_first_forty_rows(titles: int, found: bool) -> None:
    header = header_of([*[["标题"]] * titles, HEADER, ROW])

    assert (header is not None) is found


def test_header_in_the_fortieth_row_has_no_second_row() -> None:
    rows = [
        *[["标题"]] * 39,
        ["机构名称", "地址", "托位数", None],
        [None, None, "总数", "其中：普惠"],
        ["甲", "路1号", 60, 20],
    ]
    header = header_of(rows)

    assert header is not None
    assert (header.first_row, header.last_row) == (40, 40)


def test_row_that_names_more_columns_is_the_header_and_of_equal_ones_the_first() -> None:
    more = header_of([HEADER, ["说明"], (*HEADER, "托位数"), (*ROW, 60)])
    equal = header_of([HEADER, ["说明"], HEADER, ROW])

    assert more is not None
    assert equal is not None
    assert (more.first_row, equal.first_row) == (3, 1)


@pytest.mark.parametrize(("empty", "last"), [(0, 2), (1, 3), (2, 1)])
def test_second_row_of_a_header_stands_close_below(empty: int, last: int) -> None:
    head = ["机构名称", "地址", "托位数", None]
    header = header_of([head, *[[]] * empty, [None, None, "总数", "其中：普惠"], ["甲", "路1号", 60, 20]])

    assert header is not None
    assert (header.last_row, "inclusive_places" in header.columns) == (last, last > 1)


@pytest.mark.parametrize(("letters", "last"), [(20, 2), (21, 1)])
def test_second_row_of_a_header_has_short_words(letters: int, last: int) -> None:
    label = "普惠" + "啊" * (letters - 2)
    header = header_of([["机构名称", "地址", "托位数"], [None, None, label], ["甲", "路1号", 60]])

    assert header is not None
    assert header.last_row == last


def test_numbers_and_names_are_no_second_row() -> None:
    numbers = header_of([["机构名称", "地址", "托位数", "普惠"], [None, None, 60, 20], ["甲", "路1号", 60, 20]])
    named = header_of([["机构名称", "地址", "托位数", None], ["甲", None, "总数", "其中：普惠"]])

    assert numbers is not None
    assert named is not None
    assert (numbers.last_row, named.last_row) == (1, 1)


def test_of_two_columns_of_one_name_the_left_one_is_read() -> None:
    header = header_of([["机构名称", "地址", "地址", "序号", "面积"], ["甲", "路1号", "路2号", 1, 9]])

    assert header is not None
    assert (header.columns, header.ignored) == ({"name": 0, "address": 1}, ("地址", "面积"))


def test_width_reaches_to_the_last_label() -> None:
    header = header_of([["机构名称", None, "地址", None, "面积"], ["甲", None, "路1号"]])

    assert header is not None
    assert (header.width, header.label("address"), header.label("phone")) == (5, "地址", "联系电话")


def test_titles_are_those_above_the_header() -> None:
    sheet = read_file(xlsx([["名单", "第二格"], HEADER, ROW]), "名单.xlsx").sheets[0]
    header = find_header(sheet)

    assert header is not None
    assert titles_above(sheet, header) == ["名单"]


@pytest.mark.parametrize(
    "row",
    [
        [2, "合计", "路9号", 60],
        [None, "以上合计：" + "一" * 30, None, None],
        [None, None, "合 计", 60],
        [None, "截至10月底", None, None],
        [None, None, "总数", None],
        [2, None, None, None],
        [None, "三、乡镇", None, None],
        [None, "第三部分", None, None],
        [None, None, "路9号", None],
        [None, None, None, 60],
    ],
)
def test_sums_notes_and_headings_are_left_out(row: list[Any]) -> None:
    assert under_numbers(*row) == ["甲", "乙"]


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ([2, "合计托育园", "路9号", 60], "合计托育园"),
        ([None, "总计：" + "一" * 31, None, 60], "总计：" + "一" * 31),
        ([2, "注册托育园", "路9号", 60], "注册托育园"),
        ([None, None, "路9号", 60], ""),
        ([2, None, None, 60], ""),
        ([None, "没有地址的园", None, None], "没有地址的园"),
        ([2, "三、四号园", "路9号", None], "三、四号园"),
    ],
)
def test_institutions_with_a_gap_are_kept(row: list[Any], name: str) -> None:
    assert under_numbers(*row) == ["甲", name, "乙"]


def test_name_of_one_column_alone_is_no_header_again() -> None:
    assert under_numbers(2, "单位", "路9号", 60) == ["甲", "单位", "乙"]


def test_list_below_with_columns_in_other_places() -> None:
    rows = [
        ["机构名称", "地址"],
        ["甲", "路1号"],
        ["地址", "机构名称"],
        ["路2号", "乙"],
        ["机构名称", "地址"],
        ["丙", "路3号"],
    ]

    assert names(rows) == ["甲", "乙", "丙"]


@pytest.mark.parametrize(
    ("group", "subs", "labels"),
    [
        ("托位数", ("总数", "普惠"), {"places": "托位数 总数", "inclusive_places": "托位数 普惠"}),
        ("托位规模", ("总托位", "普惠部分"), {
            "places": "托位数（托位规模 总托位）", "inclusive_places": "普惠托位数（托位规模 普惠部分）",
        }),
        ("托位", ("数量", "备注"), {"places": "托位 数量"}),
        ("备案情况", ("备案编号", "备案日期"), {"filing_number": "备案编号", "filed_date": "备案日期"}),
        ("服务形式", ("全日托", "计时托"), {"full_day": "服务形式 全日托", "hourly": "服务形式 计时托"}),
    ],
)  # fmt: skip
def test_labels_under_a_group(group: str, subs: tuple[str, str], labels: dict[str, str]) -> None:
    header = header_of([["机构名称", "地址", group, None], [None, None, *subs], ["甲", "路1号", 60, 20]])

    assert header is not None
    assert header.last_row == 2
    assert {field: header.label(field) for field in header.columns if field not in ("name", "address")} == labels


@pytest.mark.parametrize("below", [("总数", 20), ("总数", "啊" * 21), ("楼层", "面积"), (None, None)])
def test_what_is_no_second_row(below: tuple[object, object]) -> None:
    header = header_of([["机构名称", "地址", "托位数", None], ["", "", *below], ["甲", "路1号", 60, 20]])

    assert header is not None
    assert (header.last_row, header.label("places")) == (1, "托位数")


def test_a_row_that_only_names_what_nobody_knows_is_no_second_row() -> None:
    header = header_of([["机构名称", "地址", "托位数", "楼层"], [None, None, None, "层数"], ["甲", "路1号", 60, 2]])

    assert header is not None
    assert (header.last_row, header.ignored) == (1, ("楼层",))
