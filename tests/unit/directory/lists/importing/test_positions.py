from __future__ import annotations

import pytest

from directory.districts.positions import Position
from directory.lists.importing.positions import parse_degrees, parse_pair
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
