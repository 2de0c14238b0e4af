"""Positions: the box around the country, the offsets of Chinese maps to the metre, and a district's reach."""

from __future__ import annotations

import pytest

from directory.districts.positions import (
    BadPosition,
    Position,
    in_china,
    outside_words,
    read_degrees,
    read_pair,
    to_wgs84,
    wgs84_to_gcj02,
)


def test_gcj02_shift_of_a_known_point() -> None:
    shifted = wgs84_to_gcj02(Position(39.907333, 116.391083))

    assert shifted == pytest.approx((39.908734, 116.397324), abs=2e-6)


def test_to_wgs84_undoes_gcj02() -> None:
    assert to_wgs84(wgs84_to_gcj02(Position(34.66, 112.40)), "gcj02") == pytest.approx((34.66, 112.40), abs=1e-7)


def test_to_wgs84_undoes_bd09() -> None:
    assert to_wgs84(Position(34.664997839912914, 112.41282874664678), "bd09") == pytest.approx(
        (34.66, 112.40), abs=1e-6
    )


def test_to_wgs84_leaves_wgs84() -> None:
    assert to_wgs84(Position(34.123456789, 112.4), "wgs84") == Position(34.123456789, 112.4)


def test_to_wgs84_knows_three_systems() -> None:
    with pytest.raises(ValueError, match="utm"):
        to_wgs84(Position(34.66, 112.40), "utm")


@pytest.mark.parametrize(
    ("position", "inside"),
    [
        (Position(34.66, 112.4), True),
        (Position(112.4, 34.66), False),
        (Position(0, 0), False),
        (Position(48.85, 2.35), False),
    ],
)
def test_in_china(position, inside) -> None:
    assert in_china(position) is inside


@pytest.mark.parametrize(
    ("latitude", "longitude", "inside"),
    [
        (3.7999, 100, False),
        (3.8, 100, True),
        (53.6, 100, True),
        (53.6001, 100, False),
        (30, 73.3999, False),
        (30, 73.4, True),
        (30, 135.1, True),
        (30, 135.1001, False),
    ],
)
def test_box_around_the_country(latitude: float, longitude: float, inside: bool) -> None:
    assert in_china(Position(latitude, longitude)) is inside


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        (Position(34.66, 112.4), (34.659067554944, 112.406325865192)),
        (Position(43.8, 87.6), (43.801212030292, 87.602838972272)),
        (Position(22.5, 103.98), (22.497000150100, 103.981930456572)),
    ],
)
def test_offset_of_chinese_maps(wgs84: Position, gcj02: tuple[float, float]) -> None:
    assert wgs84_to_gcj02(wgs84) == pytest.approx(gcj02, abs=1e-11, rel=0)


@pytest.mark.parametrize(
    ("seen", "system", "found"),
    [
        (Position(34.66, 112.4), "gcj02", (34.6609331, 112.3936756)),
        (Position(34.66, 112.4), "bd09", (34.6552045, 112.3871193)),
        (Position(43.8, 87.6), "gcj02", (43.7987874, 87.5971612)),
        (Position(43.8, 87.6), "bd09", (43.7925376, 87.5907898)),
        (Position(22.5, 103.98), "bd09", (22.4973159, 103.9715271)),
    ],
)
def test_offset_is_undone_to_seven_decimals(seen: Position, system: str, found: tuple[float, float]) -> None:
    assert to_wgs84(seen, system) == Position(*found)


@pytest.mark.parametrize("text", ["112.437899,34.663041", "34.663041, 112.437899", "经度：112.437899 纬度：34.663041"])
def test_pair_as_maps_give_it(text: str) -> None:
    assert read_pair(text) == Position(34.663041, 112.437899)


@pytest.mark.parametrize("text", ["", "112.4", "1,2,3", "涧西区", "112.4,", "112.4,北"])
def test_what_is_no_pair_says_how_one_is_written(text: str) -> None:
    with pytest.raises(BadPosition) as caught:
        read_pair(text)

    assert str(caught.value) == "坐标要填经度和纬度两个数字，用逗号隔开，例如 112.4312,34.6651"


def test_what_are_no_degrees_says_how_they_are_written() -> None:
    with pytest.raises(BadPosition) as caught:
        read_degrees("东边")

    assert str(caught.value) == "经纬度要填数字，例如 112.4312"


HERE = Position(34.66, 112.40)


@pytest.mark.parametrize(
    ("centre", "radius", "words"),
    [
        (None, 1, ""),
        (HERE, 0, ""),
        (Position(35.66, 112.40), 112, ""),
        (
            Position(35.66, 112.40),
            111,
            "这个位置离涧西区中心约 111 公里，不在本区范围内，请核对",
        ),
    ],
)
def test_position_outside_its_district(centre: Position | None, radius: float, words: str) -> None:
    assert outside_words(HERE, centre=centre, radius_km=radius, district="涧西区") == words
