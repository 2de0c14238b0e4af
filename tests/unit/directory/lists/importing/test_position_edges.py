"""Coordinates: the box around the country, minutes and seconds, and the offset to the metre."""

from __future__ import annotations

import pytest

from directory.lists.importing.positions import (
    Position,
    in_china,
    parse_degrees,
    parse_pair,
    to_wgs84,
    wgs84_to_gcj02,
)
from directory.lists.importing.problems import BadCell


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
    ("text", "degrees"),
    [
        ("112°0′", 112.0),
        ("112°59.9′", 112.9983333),
        ("112°25′0″", 112.4166667),
        ("112°25′47″", 112.4297222),
        ("112°25′59.9″", 112.4333056),
        ("−34.5", -34.5),
    ],
)
def test_degrees_to_seven_decimals(text: str, degrees: float) -> None:
    assert parse_degrees(text) == degrees


@pytest.mark.parametrize("text", ["112°60′", "112°25′60″", "112°60′60″"])
def test_sixty_minutes_or_seconds_are_none(text: str) -> None:
    with pytest.raises(BadCell):
        parse_degrees(text)


@pytest.mark.parametrize("text", ["112.43,34.66,", "，112.43 | 34.66", "【34.66、112.43】"])
def test_pair_with_odd_signs(text: str) -> None:
    assert parse_pair(text) == Position(34.66, 112.43)


@pytest.mark.parametrize("text", ["112.43,无", "无,34.66", "112.43", "112.43,34.66,5"])
def test_pair_needs_both(text: str) -> None:
    with pytest.raises(BadCell) as caught:
        parse_pair(text)

    assert caught.value.code == "position_bad"


@pytest.mark.parametrize("text", ["=A1", "#REF!"])
def test_pair_is_no_formula(text: str) -> None:
    with pytest.raises(BadCell) as caught:
        parse_pair(text)

    assert caught.value.code == "formula"


@pytest.mark.parametrize("text", [None, "", "/", "无", "（）"])
def test_no_pair(text: str | None) -> None:
    assert parse_pair(text) is None


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
