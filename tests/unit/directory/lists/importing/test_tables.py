from __future__ import annotations

import pytest

from directory.lists.importing.files import read_file
from directory.lists.importing.list_rows import table_rows
from directory.lists.importing.tables import find_header, titles_above
from tests.factories.lists import HEADER, ROW, xlsx


def table(rows, dress=None):
    """(columns by name, names in the list) of a sheet with these rows."""
    sheet = read_file(xlsx(rows, dress=dress), "名单.xlsx").sheets[0]
    header = find_header(sheet)
    if header is None:
        return None, []
    return header, [
        row.text(under.columns["name"]) for row, under, beside in table_rows(sheet, header) if beside is None
    ]


def test_header_stands_below_titles() -> None:
    header, names = table([["涧西区托育机构备案名单"], ["统计时间：2026年10月"], [], HEADER, ROW])

    assert (header.first_row, header.last_row, header.columns) == (4, 4, {"name": 0, "address": 1})
    assert names == ["小满示例托育园"]


def test_header_in_any_order_with_unknown_columns() -> None:
    header, _names = table([["序号", "地址", "园区面积", "托位数", "机构名称"], [1, "路1号", 300, 60, "甲"]])

    assert header.columns == {"address": 1, "places": 3, "name": 4}
    assert header.ignored == ("园区面积",)


def test_header_over_two_rows() -> None:
    def merge(sheet) -> None:
        for cells in ("A1:A2", "B1:B2", "C1:D1", "E1:F1"):
            sheet.merge_cells(cells)

    header, names = table(
        [
            ["机构名称", "地址", "托位数", None, "位置", None],
            [None, None, "总数", "其中：普惠", "经度", "纬度"],
            ["甲", "路1号", 60, 20, 112.4, 34.6],
        ],
        merge,
    )

    assert header.last_row == 2
    assert header.columns == {
        "name": 0,
        "address": 1,
        "places": 2,
        "inclusive_places": 3,
        "longitude": 4,
        "latitude": 5,
    }
    assert names == ["甲"]


def test_header_over_two_rows_without_merging() -> None:
    header, names = table(
        [["机构名称", "地址", "负责人", None], ["", "", "姓名", "电话"], ["甲", "路1号", "张三", "0379-1"]]
    )

    assert (header.columns["head_name"], header.columns["head_phone"]) == (2, 3)
    assert names == ["甲"]


def test_first_row_of_the_list_is_no_second_header() -> None:
    header, names = table([["机构名称", "地址", "服务形式"], ["甲", "路1号", "全日托"], ["乙", "路2号", "半日托"]])

    assert header.last_row == 1
    assert names == ["甲", "乙"]


def test_row_without_name_below_the_header_is_kept() -> None:
    header, names = table([["机构名称", "地址", "托位数", "服务形式"], [None, None, 60, "全日托"]])

    assert header.last_row == 1
    assert names == [""]


def test_plainer_name_wins_where_two_columns_mean_the_same() -> None:
    header, _names = table([["注册地址", "机构名称", "机构住所"], ["甲路", "甲", "乙路"]])

    assert header.columns["address"] == 2
    assert header.ignored == ("注册地址",)


def test_sheet_without_header() -> None:
    assert table([["填表说明"], ["请如实填写"]]) == (None, [])


@pytest.mark.parametrize(
    "row",
    [
        ["合计", None, None, 640],
        ["合 计", None, None, 640],
        [None, "总计：12家", None, 640],
        [13, "小计", None, 60],
        [None, "合计", "12家", 60],
        ["注：以上名单截至2026年10月底", None, None, None],
        ["备注", None, None, "不含幼儿园托班"],
        ["填表人：", None, "审核人：", None],
        ["二、天津路街道", None, None, None],
        [None, "第2页，共3页", None, None],
        [None, "以上机构均已在区卫生健康部门备案，欢迎社会监督。", None, None],
        [7, None, None, None],
        ["序号", "机构名称", "地址", "托位数"],
        [],
    ],
)
def test_row_beside_the_list_is_left_out(row) -> None:
    _header, names = table(
        [["序号", "机构名称", "地址", "托位数"], [1, "甲", "路1号", 60], row, [2, "乙", "路2号", 60]]
    )

    assert names == ["甲", "乙"]


def test_prefilled_township_makes_no_institution() -> None:
    _header, names = table(
        [["序号", "机构名称", "地址", "所属街道"], [1, "甲", "路1号", "湖北路街道"], [2, None, None, None]],
        lambda sheet: sheet.merge_cells("D2:D3"),
    )

    assert names == ["甲"]


@pytest.mark.parametrize("row", [[2, "丙", None, None], [2, None, "路3号", None], [2, "合计托育园", "路4号", 60]])
def test_faulty_row_is_not_taken_for_a_note(row) -> None:
    _header, names = table([["序号", "机构名称", "地址", "托位数"], [1, "甲", "路1号", 60], row])

    assert len(names) == 2


def test_second_list_below_brings_its_own_columns() -> None:
    _header, names = table(
        [
            ["机构名称", "地址"],
            ["甲", "路1号"],
            ["二、镇"],
            ["序号", "地址", "机构名称"],
            [1, "路2号", "乙"],
        ]
    )

    assert names == ["甲", "乙"]


def test_header_over_two_rows_may_repeat() -> None:
    head = [["机构名称", "地址", "托位数", None], [None, None, "总数", "其中：普惠"]]

    header, names = table([*head, ["甲", "路1号", 60, 20], *head, ["乙", "路2号", 60, 20]])

    assert header.columns["inclusive_places"] == 3
    assert names == ["甲", "乙"]


def test_group_without_a_known_pair_keeps_the_lower_name() -> None:
    header, _names = table(
        [
            ["机构名称", "地址", "备案情况", None],
            [None, None, "备案编号", "备案日期"],
            ["甲", "路1号", "B1", "2024-01-01"],
        ]
    )

    assert (header.columns["filing_number"], header.columns["filed_date"]) == (2, 3)


def test_titles_above_are_read() -> None:
    sheet = read_file(xlsx([["名单"], [None, "2026年"], HEADER, ROW]), "名单.xlsx").sheets[0]

    assert titles_above(sheet, find_header(sheet)) == ["名单", "2026年"]


def test_label_falls_back_to_our_own() -> None:
    header, _names = table([HEADER, ROW])

    assert (header.label("name"), header.label("places")) == ("机构名称", "托位数")


@pytest.mark.parametrize(("letters", "read"), [(60, True), (61, False)])
def test_a_long_cell_alone_is_a_note(letters: int, read: bool) -> None:
    _header, names = table([["序号", "机构名称", "地址"], [1, "甲", "路1号"], [None, "园" * letters, None]])

    assert names == (["甲", "园" * letters] if read else ["甲"])
