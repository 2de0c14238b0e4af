"""Rows under a header that are no institutions: which, why, and that they are named."""

from __future__ import annotations

from typing import Any

import pytest

from directory.lists.importing.checked_file import checked_workbook
from directory.lists.importing.files import read_file
from tests.factories.lists import ROW, checked, codes, credit_code, csv_text, sheet_values, xlsx

CODE = credit_code("91")
HEAD = ["序号", "机构名称", "机构住所", "统一社会信用代码", "备案日期", "托位数", "联系电话", "备注"]
FIRST = [1, *ROW, None, None, 60, None, None]


def read(*cells: Any, head: list[str] = HEAD) -> tuple[list[str], list[str]]:
    """(why each row under the first is left out, codes of its faults) of a row with these cells."""
    found = checked(xlsx([head, FIRST[-len(head) :] if head is HEAD else FIRST[1 : len(head) + 1], [*cells]]))
    faults = [problem.code for entry in found.entries[1:] for problem in entry.problems if not problem.is_warning]
    return [each.why.value for each in found.left_out], faults


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        ([2, "乙园", None, CODE, None, None, None, "共计3个班"], ["address_missing"]),
        ([2, "乙园", None, None, "2023-12-05", None, None, "共计3个班"], ["address_missing"]),
        ([2, "乙园", None, None, None, 60, None, "共计3个班"], ["address_missing"]),
        ([2, "乙园", None, None, None, None, "0379-64910000", "共计3个班"], ["address_missing"]),
        ([2, None, "路2号", CODE, None, None, None, "累计收托120人"], ["name_missing"]),
        ([2, None, "路2号", None, None, None, None, "累计收托120人"], ["name_missing"]),
        ([2, None, None, CODE, None, None, None, "合计"], ["name_missing", "address_missing"]),
        ([None, "说明世界托育园", None, CODE, None, None, None, None], ["address_missing"]),
        ([None, "注册园", None, None, "2023年12月5日", None, None, None], ["address_missing"]),
        ([None, "注册园", None, None, None, 60, None, None], ["address_missing"]),
        ([None, "合计", None, CODE, None, 60, None, None], ["address_missing"]),
        ([None, "三、某某托育园", None, None, None, "六十", None, None], ["address_missing"]),
    ],
)
def test_row_with_a_code_a_date_or_places_is_never_a_total_or_a_note(cells: list[Any], faults: list[str]) -> None:
    assert read(*cells) == ([], faults)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ([None, "合计", None, None, None, 360, None, None], "total"),
        (["合计", None, None, None, None, 360, None, None], "total"),
        (["合 计：", None, None, None, None, "360个", None, None], "total"),
        ([2, "合计", "共5家", None, None, 360, None, None], "total"),
        ([None, None, "本页小计", None, None, 360, None, None], "total"),
        ([None, None, None, None, None, 360, None, None], "note"),
        ([7, None, None, None, None, None, None, "共计3个班"], "total"),
        (["备注：", "以上为2023年", None, None, None, None, "电话：64910000", None], "note"),
        (["填表人：张三", None, None, "审核人：李四", "填报日期：2024.1", None, None, None], "note"),
        ([None, "宁河区托育机构名单（2026年）", None, None, None, None, None, None], "note"),
        ([None, "各街道汇总表", None, None, None, None, None, None], "note"),
        (["三、民办", None, None, None, None, None, None, None], "empty"),
        ([None, "第2页", None, None, None, None, None, None], "note"),
        ([2, None, None, None, None, None, None, None], "empty"),
        ([None, "托育机构名称", "地址", None, None, None, None, None], "header"),
        ([None, None, None, None, None, "总数", None, None], "total"),
        ([None, None, None, None, None, "数量", None, None], "header"),
        ([None, None, None, None, None, None, "电话", None], "header"),
    ],
)
def test_what_is_left_out_is_named_with_its_reason(cells: list[Any], why: str) -> None:
    assert read(*cells) == ([why], [])


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("1" * 14, "note"),
        ("1" * 15, None),
        ("1" * 20, None),
        ("1" * 21, "note"),
        ("9141 0305-MA40", "note"),
        ("代码见附件", "note"),
    ],
)
def test_what_looks_like_a_code(code: str, why: str | None) -> None:
    left_out, faults = read(None, "注册园", None, code, None, None, None, None)

    assert (left_out, bool(faults)) == ([why] if why else [], why is None)


def test_date_in_the_future_is_a_date() -> None:
    assert read(None, "注册园", None, None, "2099-01-01", None, None, None) == ([], ["address_missing", "date_future"])


def test_values_of_a_merged_cell_make_no_institution() -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("F2:F3")
        sheet.merge_cells("E2:E3")
        sheet.merge_cells("D2:D3")

    rows = [HEAD, [1, *ROW, CODE, "2023-12-05", 60, None, None], ["备注：略", "另见附件"]]

    assert [each.why.value for each in checked(xlsx(rows, dress=merge)).left_out] == ["note"]


def test_inclusive_places_count_as_places() -> None:
    rows = [["机构名称", "机构住所", "普惠托位数"], [*ROW, 1], ["注册园", None, 20], ["说明：略", None, "约20"]]
    found = checked(xlsx(rows))

    assert codes(found.entries[1].problems)[0] == "address_missing"
    assert [(each.row, each.why.value) for each in found.left_out] == [(4, "note")]


def test_left_out_rows_say_where_they_are_and_what_they_begin_with() -> None:
    found = checked(xlsx([["机构名称", "机构住所"], ROW, ["合计", "1家"], ["说明：" + "一" * 50]]))

    assert [each.as_json() for each in found.left_out] == [
        {"sheet": "名单", "row": 3, "text": "合计", "why": "total"},
        {"sheet": "名单", "row": 4, "text": "说明：" + "一" * 37, "why": "note"},
    ]


def test_checked_file_says_what_was_left_out_and_reads_the_same_again() -> None:
    rows = [["机构名称", "机构住所", "所属街道"], [*ROW, "工农"], ["合计", "1家"], ["三、民办"], ["", "", "工农"]]
    content = xlsx(rows)
    made = checked_workbook(read_file(content, "名单.xlsx"), checked(content))

    assert [row[-1] for row in sheet_values(made)] == [
        "问题",
        None,
        "没有导入：像合计行",
        "没有导入：像说明或小标题",
        "没有导入：没有填机构的内容",
    ]
    assert checked(made).left_out == checked(content).left_out
    assert len(checked(made).entries) == 1


def test_own_columns_alone_make_no_institution() -> None:
    head = ["机构名称", "机构住所", "问题", "整理后"]

    assert read(None, None, "没有导入：像合计行", "【机构名称】甲", head=head) == (["empty"], [])


def test_rows_of_the_file_are_all_read_or_named() -> None:
    text = csv_text([HEAD, [str(cell or "") for cell in FIRST], ["", "乙园", "", CODE, "", "", "", "共计3个班"]])
    found = checked(text.encode(), "名单.csv")

    assert ([entry.row for entry in found.entries], found.left_out) == ([2, 3], [])


TWO_LISTS = [
    ["甲区名单"],
    ["机构名称", "机构住所"],
    ["甲", "路1号"],
    ["合计", "1家"],
    ["乙区名单"],
    ["地址", "机构名称", "托位数", None, "联系电话"],
    [None, None, "总数", "其中：普惠", None],
    ["路2号", "乙", 60, 20, "0379-64910000"],
]


def test_list_above_one_with_more_columns_is_read_too() -> None:
    found = checked(xlsx(TWO_LISTS))

    assert [(entry.row, entry.values["name"], entry.values["address"]) for entry in found.entries] == [
        (3, "甲", "路1号"),
        (8, "乙", "路2号"),
    ]
    assert (found.entries[1].values["places"], found.entries[1].values["inclusive_places"]) == (60, 20)
    assert [(each.row, each.why.value) for each in found.left_out] == [(4, "total"), (5, "note"), (6, "header")]


@pytest.mark.parametrize(
    "above",
    [
        [["机构名称", "机构住所"], ["合计", "1家"]],
        [["机构名称"], ["甲"]],
        [["机构名称", "机构住所"], ["甲", None]],
    ],
)
def test_header_without_institutions_under_it_is_a_title(above: list[list[Any]]) -> None:
    found = checked(xlsx([*above, ["机构名称", "机构住所", "托位数"], [*ROW, 60]]))

    assert [entry.row for entry in found.entries] == [len(above) + 2]
    assert found.headers["名单"].first_row == len(above) + 1
