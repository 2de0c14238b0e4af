"""Telephone numbers: what an exchange knows, and what a spreadsheet may have changed."""

from __future__ import annotations

from typing import Any

import pytest

from directory.districts.telephones import can_be_dialled, has_mobile, has_personal_number, is_public_line, national
from tests.factories.lists import HEADER, ROW, checked, codes, credit_code, entry, xlsx
from tests.factories.workbooks import inline, package


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "008613800138000",
        "19912345678",
        "0379-64910000",
        "(0379)64910000",
        "0379—6491000",
        "037964910000",
        "010-64910000",
        "02164910000",
        "+86 379 64910000",
        "+86 10 64910000",
        "0379-64910000转801",
        "0379-64910000-801",
        "0379 6491 0000 转 8",
        "400-123-4567",
        "8001234567",
        "400-123-4567转1",
        "110",
        "12345",
        "96196",
        "955888",
        "0379-64910000、13800138000",
        "0379-64910000 13800138000",
        "0379-64910000/0379-64910001",
        "0379-64910000或13800138000；12345",
        "0379-64910000，",
    ],
)
def test_number_that_can_be_dialled(text: str) -> None:
    assert can_be_dialled(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "、",
        "37900000000",
        "0379-10000000099",
        "0379-13800138000",
        "64910000",
        "6491000",
        "00000000",
        "12800138000",
        "1380013800",
        "138001380000",
        "0379-649100",
        "0379-649100000",
        "0179-64910000",
        "010-649100",
        "400-123-456",
        "500-123-4567",
        "12",
        "1234567",
        "96",
        "9611111",
        "86",
        "见门口",
        "13800138000 李老师",
        "138****8000",
        "0379-64910000、64910001",
        "0379-64910000转",
        "13800138000-801",
    ],
)
def test_number_that_nobody_can_dial(text: str) -> None:
    assert can_be_dialled(text) is False


@pytest.mark.parametrize(
    ("text", "found"),
    [("0379-64910000", False), ("0379-64910000、138 0013 8000", True), ("+8613800138000", True), ("12345", False)],
)
def test_mobile_among_the_numbers(text: str, found: bool) -> None:
    assert has_mobile(text) is found


@pytest.mark.parametrize(
    "number",
    [
        "13812345678",
        "13012345678",
        "19912345678",
        "138 1234 5678",
        "138-1234-5678",
        "138.1234.5678",
        "138·1234·5678",
        "138—1234—5678",
        "138——1234——5678",
        "138 - 1234 - 5678",
        "138–1234–5678",
        "138‐1234‐5678",
        "138−1234−5678",
        "(138)12345678",
        "１３８．１２３４．５６７８",
        "+8613812345678",
        "8613812345678",
        "008613812345678",
        "86 138 1234 5678",
        "+86-138-1234-5678",
        "(+86)138-1234-5678",
        "13812345678wx",
        "wx13812345678",
        "13812345678同微信",
        "110105194912310021",
        "11010519491231002x",
    ],
)
@pytest.mark.parametrize("sentence", ["{}", "找李老师{}，谢谢", "电话：{}。", "1 号楼 {} 2 层"])
def test_personal_number_is_found_however_it_is_written(number: str, sentence: str) -> None:
    assert has_personal_number(sentence.format(number)) is True


@pytest.mark.parametrize(
    "number",
    [
        "12812345678",
        "1381234567",
        "138123456789",
        "913812345678",
        "7138-1234-5678",
        "138 1234 56789",
        "138----1234----5678",
        "138/1234/5678",
        "87 138123456789",
        "86138123456789",
        "8613812345678901",
        "0379-64910000",
        "0379 6491 0000 转 8",
        "+86 379 64910000",
        "010-13812345",
        "400-138-1234",
        "豫备〔2023〕13812号",
        "41030520230138",
        "20231381234",
        "91410305MARP00171K",
        "52410305MJ13812345",
        "N14103051234A5678B",
        "编号N14103051234A5678B。",
        "11010519491231002",
        "2026-11-28 13:00–14:00",
        "",
    ],
)
def test_number_that_is_no_persons(number: str) -> None:
    assert has_personal_number(number) is False


def test_mobile_beside_a_credit_code_is_found() -> None:
    assert has_personal_number("N14103051234A5678B，13812345678") is True
    assert has_personal_number("xN14103051234A5678B") is True


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("029-86123456", "02986123456"),
        ("86123456", "86123456"),
        ("8612-3456", "86123456"),
        ("86 12345678", "8612345678"),
        ("86 379 64910000", "037964910000"),
        ("+86 86123456", "86123456"),
        ("0086 379 64910000", "037964910000"),
        ("+86 (0)379-64910000", "037964910000"),
        ("8613812345678", "13812345678"),
        ("+86 400 123 4567", "4001234567"),
        ("+86 29 86123456", "02986123456"),
        ("0379-86649100", "037986649100"),
        ("86123456789", "123456789"),
    ],
)
def test_number_inside_the_country(text: str, number: str) -> None:
    assert national(text) == number


@pytest.mark.parametrize(
    ("text", "public"),
    [("029-86123456", True), ("+86 029 86123456", True), ("8613812345678", False), ("86123456", False)],
)
def test_line_of_the_public(text: str, public: bool) -> None:
    assert is_public_line(text) is public


@pytest.mark.parametrize("value", ["0379-64910000", "13800138000"])
def test_good_number_is_no_doubt(value: str) -> None:
    assert entry({"所属街道": "工农", "联系电话": value}).problems == []


@pytest.mark.parametrize("value", ["37900000000", "0379-10000000099", "00000000", "0379", True])
def test_number_that_is_none_is_a_warning_and_stays(value: Any) -> None:
    read = entry({"所属街道": "工农", "联系电话": value})

    (problem,) = read.problems
    assert (problem.code, problem.is_warning, problem.column) == ("phone_odd", True, "联系电话")
    assert problem.message == "这不像能拨通的电话号码，请核对；会照原样公开"
    assert read.values["phone"] == ("TRUE" if value is True else value)


@pytest.mark.parametrize("value", [37900000000, 37900000000.0, 13800138000])
def test_number_in_a_numeric_cell_is_one_warning(value: Any) -> None:
    read = entry({"所属街道": "工农", "联系电话": value})

    (problem,) = read.problems
    assert (problem.code, problem.is_warning) == ("phone_odd", True)
    assert problem.message == "这一格存成了数字，开头的 0 可能丢了，请对照原件；把这一列设为文本再填就不会变"


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        ("备案编号", 20230001, "20230001"),
        ("备案编号", 999999999999999, "999999999999999"),
        ("统一社会信用代码", int("110305000000000018"), None),
    ],
)
def test_numeric_cells_of_numbers_and_codes_are_named(column: str, value: int, kept: str | None) -> None:
    read = entry({"所属街道": "工农", column: value})

    name = "filing_number" if kept else "credit_code"
    assert (codes(read.problems), read.values.get(name)) == (
        (["number_cell"], kept) if kept else (["credit_code_number"], None)
    )
    assert read.is_good is bool(kept)


def test_code_of_digits_alone_that_is_right_is_named_in_a_numeric_cell() -> None:
    number = next(n for n in range(1, 200) if credit_code("52", number=n).isdigit())
    code = credit_code("52", number=number)

    header = "".join(inline(label) for label in (*HEADER, "所属街道", "统一社会信用代码"))
    row = "".join(inline(text) for text in (*ROW, "工农"))
    (asked,) = checked(package(f"<row>{header}</row><row>{row}<c><v>{code}</v></c></row>")).entries
    typed = entry({"所属街道": "工农", "统一社会信用代码": code})

    assert (codes(asked.problems), asked.values["credit_code"]) == (["number_cell"], code)
    assert (typed.problems, typed.values["credit_code"]) == ([], code)


@pytest.mark.parametrize("value", ["20230001", "豫备〔2023〕1号"])
def test_text_cells_of_numbers_are_no_doubt(value: str) -> None:
    assert entry({"所属街道": "工农", "备案编号": value}).problems == []


@pytest.mark.parametrize("value", [10**15, 41030500000000001234, 1.5, 1e20, "1.23457E+14", "3.79E+10", "4E+12"])
def test_number_whose_digits_are_gone_is_refused(value: Any) -> None:
    (problem,) = entry({"所属街道": "工农", "备案编号": value}).problems

    assert (problem.code, problem.is_warning) == ("number_lost", False)


def test_names_and_counts_may_be_numeric() -> None:
    (read,) = checked(xlsx([(*HEADER, "所属街道", "托位数"), (2023, 12, "工农", 60)])).entries

    assert (read.problems, read.values["name"], read.values["address"]) == ([], "2023", "12")


PRIVATE = "“负责人手机”里的手机号是个人的，没有导入，不会公开；机构的公开电话请写在“联系电话”一列"


@pytest.mark.parametrize(
    "label",
    [
        "负责人手机",
        "负责人手机号码",
        "负责人电话",
        "园长联系电话",
        "联系人手机",
        "联系人电话",
        "法定代表人电话",
        "联系电话（负责人）",
    ],
)
def test_mobile_of_a_person_is_never_the_public_number(label: str) -> None:
    found = checked(xlsx([(*HEADER, "所属街道", label), (*ROW, "工农", "13800138000")]))

    assert "phone" not in found.entries[0].values
    assert [(each.row, each.column, each.code, each.is_warning) for each in found.all_problems()] == [
        (1, label, "phone_private", True)
    ]


def test_mobiles_of_persons_are_one_warning_for_the_sheet() -> None:
    rows = [(*HEADER, "所属街道", "负责人手机", "联系电话"), (*ROW, "工农", "13800138000", "0379-64910000")]
    found = checked(xlsx([*rows, ("乙", "路2号", "工农", "13800138001", "")]))

    (problem,) = found.all_problems()
    assert (problem.sheet, problem.message) == ("名单", PRIVATE)
    assert [each.values.get("phone") for each in found.entries] == ["0379-64910000", None]


def test_number_of_a_person_that_is_the_houses_line_is_taken_where_there_is_no_other() -> None:
    rows = [(*HEADER, "所属街道", "负责人电话", "联系电话"), (*ROW, "工农", "0379-64910000", "")]
    found = checked(
        xlsx([*rows, ("乙", "路2号", "工农", "0379-64910001", "0379-64910002"), ("丙", "路3号", "工农", "/", "")])
    )

    assert found.all_problems() == []
    assert [each.values.get("phone") for each in found.entries] == ["0379-64910000", "0379-64910002", None]


def test_number_of_a_person_that_cannot_be_dialled_is_not_taken() -> None:
    read = entry({"所属街道": "工农", "负责人电话": "64910000"})

    assert (read.problems, "phone" in read.values, "head_phone" in read.values) == ([], False, False)


LINES = "0379-64910000、0379-64910001"


@pytest.mark.parametrize(("more", "taken"), [("，，，", True), ("，，，，", False)])
def test_number_of_a_person_has_the_length_of_the_public_one(more: str, taken: bool) -> None:
    assert ("phone" in entry({"所属街道": "工农", "负责人电话": LINES + more}).values) is taken


def test_only_the_sheet_with_mobiles_of_persons_is_named() -> None:
    def second(sheet: Any) -> None:
        other = sheet.parent.create_sheet("二")
        other.append([*HEADER, "所属街道", "负责人手机"])
        other.append(["乙", "路2号", "工农", "0379-64910000"])

    rows = [(*HEADER, "所属街道", "负责人手机"), (*ROW, "工农", "13800138000")]

    assert [each.sheet for each in checked(xlsx(rows, dress=second)).all_problems()] == ["名单"]


def test_number_of_a_person_never_fails_a_row() -> None:
    assert entry({"所属街道": "工农", "负责人电话": "=A1"}).is_good is True
