"""Cells of a row at the edge of what is taken: lengths, telephones, positions, ticks, registrars."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from directory.districts.positions import Position, distance_km
from directory.lists.importing.entries import Entry
from directory.lists.importing.row_checks import LONGEST
from tests.factories.lists import HEADER, JIANXI, NINGHE, codes, credit_code, entries, entry


def faults(read: Entry) -> list[str]:
    return [problem.code for problem in read.problems if not problem.is_warning]


def placed(columns: dict[str, Any], **frame: Any) -> Entry:
    """The row in a township that is there, so that only the asked cell may be wrong."""
    return entry({"所属街道": "湖北路"} | columns, **frame)


@pytest.mark.parametrize(
    ("column", "most"),
    [("负责人", 60), ("联系电话", 30), ("备案编号", 60), ("备案部门", 80)],
)
def test_longest_texts(column: str, most: int) -> None:
    assert faults(placed({column: "1" * most})) == []
    assert faults(placed({column: "1" * (most + 1)})) == ["too_long"]


@pytest.mark.parametrize(("at", "most"), [(0, 80), (1, 200)])
def test_longest_name_and_address(at: int, most: int) -> None:
    row = ["甲园", "路1号", "湖北路"]
    row[at] = "园" * most
    (fits,) = entries([(*HEADER, "所属街道"), row])
    row[at] = "园" * (most + 1)
    (over,) = entries([(*HEADER, "所属街道"), row])

    assert (fits.problems, faults(over)) == ([], ["too_long"])
    assert f"最多 {most} 个字" in over.problems[0].message


def test_lengths_are_those_of_the_register() -> None:
    assert LONGEST == {
        "name": 80, "address": 200, "phone": 30, "head_name": 60, "filing_number": 60, "office": 80,
    }  # fmt: skip


@pytest.mark.parametrize(("letters", "shown"), [(120, "1" * 120), (121, "1" * 120 + "…")])
def test_a_long_value_is_shown_in_part(letters: int, shown: str) -> None:
    (problem,) = placed({"联系电话": "1" * letters}).problems

    assert (problem.code, problem.value) == ("too_long", shown)


@pytest.mark.parametrize("value", [1.5, 1e20, "1.3800138E+10", "1.38e+5"])
def test_number_that_lost_its_digits(value: object) -> None:
    assert faults(placed({"联系电话": value})) == ["number_lost"]


@pytest.mark.parametrize(("value", "phone"), [(13800138000.0, "13800138000"), ("12.5E3000", "12.5E3000")])
def test_number_that_kept_its_digits(value: object, phone: str) -> None:
    assert placed({"联系电话": value}).values["phone"] == phone


@pytest.mark.parametrize(
    ("columns", "filed"),
    [({}, False), ({"备案编号": "1"}, True), ({"备案日期": "2024-01-01"}, True)],
)
def test_a_date_or_a_number_makes_it_filed(columns: dict[str, str], filed: bool) -> None:
    assert placed(columns).is_filed is filed


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"托位数": 60}, None),
        ({"普惠托位数": 60}, None),
        ({"托位数": 60, "普惠托位数": 60}, None),
        ({"托位数": 60, "普惠托位数": 61}, "inclusive_over_places"),
        ({"托位数": 0, "普惠托位数": 0}, None),
        ({"托位数": 0, "普惠托位数": 1}, "inclusive_over_places"),
    ],
)
def test_inclusive_places_are_some_of_the_places(columns: dict[str, int], code: str | None) -> None:
    assert faults(placed(columns)) == ([code] if code else [])


def test_over_inclusive_places_are_named_in_their_column() -> None:
    (problem,) = placed({"托位数": 60, "普惠托位": 61}).problems

    assert (problem.column, problem.value) == ("普惠托位", "61")
    assert problem.message == "普惠托位数（61）不能多于托位数（60），请核对"


@pytest.mark.parametrize(
    ("cell", "stored"), [("营利性", "for_profit"), ("公办", "public"), ("民办", None), ("无", None)]
)
def test_nature_without_a_word_of_ours_is_left_out(cell: str, stored: str | None) -> None:
    read = placed({"机构性质": cell})

    assert (read.problems, read.values.get("nature"), "nature" in read.values) == ([], stored, stored is not None)


def test_nature_that_contradicts_the_code_is_named_in_its_column() -> None:
    (problem,) = placed({"统一社会信用代码": credit_code("91"), "性质": "非营利 性"}).problems

    assert (problem.code, problem.column, problem.value) == ("nature_mismatch", "性质", "非营利性")


@pytest.mark.parametrize(
    ("columns", "modes"),
    [
        ({"全日托": "√"}, ["full_day"]),
        ({"全日托": "×"}, None),
        ({"服务形式": "半日托", "全日托": "√"}, ["full_day", "half_day"]),
        ({"服务形式": "半日托", "全日托": "×"}, ["half_day"]),
        ({"半月托": "是", "临时托": "1"}, ["temporary", "half_month"]),
    ],
)
def test_modes_named_and_ticked_are_one_list(columns: dict[str, str], modes: list[str] | None) -> None:
    read = placed(columns)

    assert read.problems == []
    assert {name: value for name, value in read.values.items() if name not in ("name", "address")} == (
        {"filed_modes": modes} if modes else {}
    )


@pytest.mark.parametrize("word", ["", "/", "无"])
def test_township_without_a_word_is_a_warning_alone(word: str) -> None:
    read = entry({"所属街道": word})

    assert (read.township, [(p.code, p.column, p.value, p.is_warning) for p in read.problems]) == (
        None,
        [("township_missing", "所属街道", "", True)],
    )


def test_unknown_township_names_those_there_are() -> None:
    (problem,) = entry({"街道": "火" * 41}).problems

    assert (problem.column, problem.is_warning) == ("街道", False)
    assert problem.message == f"涧西区没有“{'火' * 40}”，请填其中一个：湖北路街道、天津路街道、工农街道"


@pytest.mark.parametrize(
    ("word", "chosen", "district", "found"),
    [
        ("涧西区", JIANXI, JIANXI, []),
        ("涧西", None, JIANXI, []),
        ("", JIANXI, JIANXI, []),
        ("—", JIANXI, JIANXI, []),
        ("宁河区", JIANXI, None, ["district_other"]),
        ("月球区", JIANXI, None, ["district_other"]),
        ("月球区", None, None, ["district_unknown"]),
        ("宁河区", None, NINGHE, []),
    ],
)
def test_district_of_a_row(word: str, chosen: object, district: object, found: list[str]) -> None:
    read = entry({"所属区": word, "所属街道": ""}, chosen=chosen)

    assert (read.district, faults(read)) == (district, found)


@pytest.mark.parametrize(("township", "district"), [("工农", JIANXI), ("丰台镇", NINGHE), ("", None), ("火星", None)])
def test_district_by_its_township(township: str, district: object) -> None:
    read = entry({"所属区": "", "所属街道": township}, chosen=None)

    assert (read.district, faults(read)) == (district, [] if district else ["district_missing"])


def test_township_of_two_districts_tells_no_district() -> None:
    twin = dataclasses.replace(NINGHE, townships=JIANXI.townships)

    read = entry({"所属街道": "工农"}, chosen=None, districts=(JIANXI, twin))

    assert (read.district, faults(read)) == (None, ["district_missing"])


def test_code_of_a_row_without_a_district_is_kept() -> None:
    read = entry({"统一社会信用代码": credit_code()}, chosen=None)

    assert (faults(read), read.values["credit_code"]) == (["district_missing"], credit_code())


@pytest.mark.parametrize(
    ("region", "district", "elsewhere"),
    [
        ("410305", JIANXI, False),
        ("410300", JIANXI, False),
        ("410000", JIANXI, False),
        ("100000", JIANXI, False),
        ("410304", JIANXI, True),
        ("410400", JIANXI, True),
        ("420000", JIANXI, True),
        ("120221", NINGHE, False),
        ("120117", NINGHE, False),
        ("610125", NINGHE, True),
    ],
)
def test_registrars_near_the_district(region: str, district: object, elsewhere: bool) -> None:
    read = entry({"统一社会信用代码": credit_code(region=region), "所属街道": "湖北路"}, chosen=district)

    assert ("registrar_elsewhere" in codes(read.problems)) is elsewhere


@pytest.mark.parametrize(
    ("columns", "missing"), [({"经度": 112.4, "纬度": ""}, "纬度"), ({"经度": "", "纬度": 34.6}, "经度")]
)
def test_half_a_position_names_what_is_missing(columns: dict[str, Any], missing: str) -> None:
    read = placed(columns)

    assert [(problem.code, problem.column, problem.value) for problem in read.problems] == [
        ("position_half", missing, "")
    ]
    assert set(read.values) == {"name", "address"}


def test_two_columns_go_before_a_pair() -> None:
    read = placed({"经度": 112.41, "纬度": 34.67, "坐标": "112.4,34.66"})

    assert read.problems == []
    assert {name: read.values.get(name) for name in ("latitude", "longitude", "position")} == {
        "latitude": 34.67,
        "longitude": 112.41,
        "position": None,
    }


@pytest.mark.parametrize(
    "columns",
    [
        {"经度": "东边", "纬度": 34.67},
        {"经度": 112.41, "纬度": "北边"},
        {"坐标": "112.4", "经度": 112.41, "纬度": 34.67},
    ],
)
def test_a_position_that_cannot_be_read_is_one_fault_and_not_kept(columns: dict[str, Any]) -> None:
    read = placed(columns)

    assert (faults(read), set(read.values)) == (["position_bad"], {"name", "address"})


@pytest.mark.parametrize(
    ("columns", "column", "value", "turned"),
    [
        ({"经度": 34.66, "纬度": 112.4}, "经度", "34.66,112.4", True),
        ({"经度": 2.35, "纬度": 48.85}, "经度", "2.35,48.85", False),
        ({"坐标": "0,0"}, "坐标", "0,0", False),
    ],
)
def test_a_position_abroad_is_named_and_not_kept(
    columns: dict[str, Any], column: str, value: str, turned: bool
) -> None:
    read = placed(columns)
    (problem,) = read.problems

    assert (problem.code, problem.column, problem.value, problem.is_warning) == ("outside_china", column, value, False)
    assert problem.message == ("经度和纬度像是写反了，请对调" if turned else "这个位置不在中国境内，请核对经度和纬度")
    assert set(read.values) == {"name", "address"}


def test_a_position_on_the_edge_of_the_district_is_inside() -> None:
    point, centre = Position(34.66, 112.5), Position(34.66, 112.4)
    away = distance_km(point, *centre)
    edge = dataclasses.replace(JIANXI, radius_km=away)
    short = dataclasses.replace(JIANXI, radius_km=away - 0.001)

    inside = placed({"坐标": "112.5,34.66"}, chosen=edge, districts=(edge,))
    outside = placed({"坐标": "112.5,34.66"}, chosen=short, districts=(short,))

    assert inside.problems == []
    assert [(p.code, p.column, p.value, p.is_warning) for p in outside.problems] == [
        ("outside_district", "坐标", "112.5,34.66", True)
    ]
    assert outside.problems[0].message == "这个位置离涧西区中心约 9 公里，不在本区范围内，请核对"
    assert outside.values["longitude"] == 112.5


def test_a_position_is_kept_where_no_centre_or_no_district_is_known() -> None:
    centreless = entry({"坐标": "113.5,34.66", "所属街道": "芦台"}, chosen=NINGHE)
    nowhere = entry({"坐标": "113.5,34.66"}, chosen=None)

    assert (centreless.problems, centreless.values["longitude"]) == ([], 113.5)
    assert (faults(nowhere), nowhere.values["longitude"]) == (["district_missing"], 113.5)
