"""Coordinates in cells: minutes and seconds, odd signs, half of a pair."""

from __future__ import annotations

import pytest

from directory.districts.positions import Position
from directory.lists.importing.positions import parse_degrees, parse_pair
from directory.lists.importing.problems import BadCell


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
