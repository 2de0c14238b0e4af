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
    ("value", "degrees"),
    [
        (112.43, 112.43),
        ("112.43", 112.43),
        ("112.43°", 112.43),
        ("E112.43", 112.43),
        ("东经112.43°", 112.43),
        ("112°25′48″", 112.43),
        ("112°25.8′", 112.43),
        ("112度25分48秒", 112.43),
        ("-34.5", -34.5),
        ("", None),
        ("/", None),
    ],
)
def test_parse_degrees_reads(value, degrees) -> None:
    assert parse_degrees(value) == (degrees if degrees is None else pytest.approx(degrees))


@pytest.mark.parametrize("value", ["涧西", "112.43,34.66", "112°70′", True, "1e3"])
def test_parse_degrees_refuses(value) -> None:
    with pytest.raises(BadCell) as caught:
        parse_degrees(value)

    assert caught.value.code == "position_bad"


@pytest.mark.parametrize("value", ["112.43,34.66", "34.66，112.43", "(112.43, 34.66)", "112.43 34.66"])
def test_parse_pair_reads_either_order(value) -> None:
    assert parse_pair(value) == Position(34.66, 112.43)


@pytest.mark.parametrize("value", ["112.43", "1,2,3", "112.43,/"])
def test_parse_pair_refuses(value) -> None:
    with pytest.raises(BadCell):
        parse_pair(value)


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
