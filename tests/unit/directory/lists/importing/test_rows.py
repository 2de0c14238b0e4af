from __future__ import annotations

import datetime as dt

import pytest

from tests.factories.lists import (
    HEADER,
    JIANXI,
    NINGHE,
    ROW,
    checked,
    codes,
    credit_code,
    entries,
    entry,
    xlsx,
)


def test_row_read_in_full() -> None:
    read = entry(
        {
            "统一社会信用代码": credit_code("52"),
            "机构性质": "非营利性",
            "备案通过时间": "2023年12月5日",
            "备案编号": "20230001",
            "托位数": "６０个",
            "普惠托位数": 20,
            "服务形式": "全日制、计时托",
            "负责人": "张 三",
            "联系电话": "0379-64910000",
            "所属街道": "湖北路办事处",
            "经度": 112.41,
            "纬度": 34.66,
        }
    )

    assert read.problems == []
    assert read.is_filed is True
    assert (read.district, read.township) == (JIANXI, JIANXI.townships[0])
    assert read.values == {
        "name": "小满示例托育园",
        "address": "湖北路12号",
        "credit_code": credit_code("52"),
        "nature": "non_profit",
        "filed_date": dt.date(2023, 12, 5),
        "filing_number": "20230001",
        "places": 60,
        "inclusive_places": 20,
        "filed_modes": ["full_day", "hourly"],
        "head_name": "张三",
        "phone": "0379-64910000",
        "latitude": 34.66,
        "longitude": 112.41,
    }


def test_empty_cells_say_nothing() -> None:
    read = entry({"托位数": "/", "服务形式": "无", "备案编号": "—", "所属街道": "工农"})

    assert read.values == {"name": "小满示例托育园", "address": "湖北路12号"}
    assert read.is_filed is False


def test_name_and_address_are_enough() -> None:
    read = entry({})

    assert read.is_good is True
    assert codes(read.problems) == ["township_missing"]
    assert read.problems[0].is_warning is True


@pytest.mark.parametrize(
    ("row", "code"),
    [(["", "路1号", 5], "name_missing"), (["甲", "", 5], "address_missing"), (["甲", "=B1", 5], "formula")],
)
def test_required_cells(row, code) -> None:
    (read,) = entries([(*HEADER, "托位数"), row])

    assert [problem.code for problem in read.problems if not problem.is_warning] == [code]


def test_problem_names_its_place() -> None:
    (first, second) = entries([["涧西区名单"], (*HEADER, "托位数\n（个）"), (*ROW, 60), ("乙", "路2号", "约60")])
    (problem,) = [problem for problem in second.problems if not problem.is_warning]

    assert first.is_good is True
    assert (problem.sheet, problem.row, problem.column, problem.value) == ("名单", 4, "托位数（个）", "约60")


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"统一社会信用代码": "91110000600037341A"}, "credit_code_check_digit"),
        ({"统一社会信用代码": credit_code("91"), "机构性质": "非营利性"}, "nature_mismatch"),
        ({"统一社会信用代码": credit_code("92"), "机构性质": "民办非营利"}, "nature_mismatch"),
        ({"统一社会信用代码": credit_code("12"), "机构性质": "营利性"}, "nature_mismatch"),
        ({"统一社会信用代码": credit_code("53"), "机构性质": "营利性"}, "nature_mismatch"),
        ({"机构性质": "示范"}, "nature_unknown"),
        ({"备案日期": "2027-01-01"}, "date_future"),
        ({"备案日期": "2023-02-30"}, "date_impossible"),
        ({"托位数": -1}, "places_negative"),
        ({"托位数": "60-80"}, "places_vague"),
        ({"普惠托位数": "若干"}, "places_vague"),
        ({"托位数": 20, "普惠托位数": 30}, "inclusive_over_places"),
        ({"托位数": "=10+20"}, "formula"),
        ({"备案编号": "=A1"}, "formula"),
        ({"服务形式": "寄宿"}, "mode_unknown"),
        ({"联系电话": "0" * 31}, "too_long"),
        ({"联系电话": "1.3800138E+10"}, "number_lost"),
        ({"所属街道": "火星街道"}, "township_unknown"),
        ({"所属区": "宁河区"}, "district_other"),
        ({"经度": 112.4}, "position_half"),
        ({"经度": "东边", "纬度": 34.6}, "position_bad"),
        ({"经度": 2.35, "纬度": 48.85}, "outside_china"),
        ({"经度": 34.66, "纬度": 112.4}, "outside_china"),
        ({"经纬度": "0,0"}, "outside_china"),
    ],
)
def test_faulty_cell(columns, code) -> None:
    read = entry({"所属街道": "湖北路"} | columns)

    assert read.is_good is False
    assert codes(problem for problem in read.problems if not problem.is_warning) == [code]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"统一社会信用代码": "91110000600037341L"}, "registrar_elsewhere"),
        ({"统一社会信用代码": credit_code(region="410303")}, "registrar_elsewhere"),
        ({"经度": 113.4, "纬度": 34.66}, "outside_district"),
        ({"联系电话": "见门口"}, "phone_odd"),
        ({"所属街道": ""}, "township_missing"),
    ],
)
def test_doubtful_cell_is_a_warning(columns, code) -> None:
    read = entry({"所属街道": "湖北路"} | columns)

    assert read.is_good is True
    assert codes(read.problems) == [code]


@pytest.mark.parametrize("region", ["410305", "410300", "410000", "100000"])
def test_registrar_at_or_above_the_district_is_no_doubt(region) -> None:
    assert entry({"所属街道": "湖北路", "统一社会信用代码": credit_code(region=region)}).problems == []


def test_former_code_of_a_district_is_no_doubt() -> None:
    read = entry({"所属街道": "芦台", "统一社会信用代码": credit_code(region="120221")}, chosen=NINGHE)

    assert read.problems == []


@pytest.mark.parametrize(
    "text",
    [
        "湖北路街道",
        "湖北路街道办事处",
        "湖北路办事处",
        "湖北路街道办",
        "湖北路",
        "涧西区湖北路街道",
        "洛阳市涧西区湖北路办事处",
        "410305001",
        "湖北路街道某某社区",
    ],
)
def test_township_by_any_of_its_names(text) -> None:
    assert entry({"所属街道": text}).township == JIANXI.townships[0]


@pytest.mark.parametrize(("text", "name"), [("宁河镇", "宁河镇"), ("宁河", "宁河镇"), ("丰台镇人民政府", "丰台镇")])
def test_town_by_any_of_its_names(text, name) -> None:
    read = entry({"所属镇街": text}, chosen=NINGHE)

    assert read.township is not None
    assert read.township.name == name


def test_modes_in_columns_of_their_own() -> None:
    read = entry({"全日托": "√", "半日托": "×", "计时托": "是", "所属街道": "工农"})

    assert read.values["filed_modes"] == ["full_day", "hourly"]


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_coordinates_of_other_maps_are_brought_to_wgs84(system) -> None:
    read = entry({"经纬度": "112.41,34.66", "所属街道": "工农"}, coordinates=system)

    assert read.problems == []
    assert abs(read.values["longitude"] - 112.41) > 0.004


def test_merged_number_is_refused_and_merged_township_taken() -> None:
    def merge(sheet) -> None:
        sheet.merge_cells("C2:C3")
        sheet.merge_cells("D2:D3")

    content = xlsx([(*HEADER, "托位数", "所属街道"), (*ROW, 60, "工农"), ("乙", "路2号", None, None)], dress=merge)
    second = checked(content).entries[1]

    assert codes(second.problems) == ["merged_cell"]
    assert second.township == JIANXI.townships[2]


@pytest.mark.parametrize(
    ("column", "source", "written"),
    [
        ("备案部门", "涧西区⼯委", "涧西区工委"),
        ("备案编号", "２０２３", "2023"),
        ("负责人", "张 三", "张三"),
        ("联系电话", "0379-64910000\u200b", "0379-64910000"),
    ],
)
def test_text_that_is_put_right_is_kept_beside(column: str, source: str, written: str) -> None:
    read = entry({"所属街道": "工农", column: source})

    assert [tuple(each) for each in read.cleaned] == [(column, source, written)]


def test_code_that_is_put_right_is_kept_beside() -> None:
    code = credit_code("52")

    assert [each.written for each in entry({"统一社会信用代码": f"{code[:4]}-{code[4:]}"}).cleaned] == [code]


@pytest.mark.parametrize(
    ("column", "value"),
    [("备案部门", " 涧西区卫健委 "), ("托位数", "６０个"), ("备案日期", "2023年12月5日"), ("备案编号", 2023)],
)
def test_outer_blanks_numbers_and_days_are_not_put_right(column: str, value: object) -> None:
    assert entry({"所属街道": "工农", column: value}).cleaned == []
