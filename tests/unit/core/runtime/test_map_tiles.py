"""The source of map tiles, as the environment names it."""

from __future__ import annotations

import pytest

from cms.core.runtime.env import EnvironmentProblem
from cms.core.runtime.map_tiles import origins, tile_address, tile_system

GOOD = "https://tiles.example.cn/{z}/{x}/{y}.png"


def test_source_that_is_not_named_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAP_TILES", raising=False)

    assert (tile_address("MAP_TILES"), tile_system("MAP_TILES_SYSTEM")) == ("", "wgs84")


def test_address_with_its_three_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAP_TILES", GOOD)

    assert tile_address("MAP_TILES") == GOOD


@pytest.mark.parametrize(
    "address", [GOOD.replace("https", "http"), *(GOOD.replace(part, "1") for part in ("{z}", "{x}", "{y}")), "tiles"]
)
def test_address_that_is_no_source_is_a_problem(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("MAP_TILES", address)

    with pytest.raises(EnvironmentProblem) as caught:
        tile_address("MAP_TILES")

    assert str(caught.value) == f"MAP_TILES must be an https address with {{z}}, {{x}} and {{y}}, not {address!r}."


@pytest.mark.parametrize("system", ["wgs84", "gcj02"])
def test_system_of_the_source(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setenv("MAP_TILES_SYSTEM", system)

    assert tile_system("MAP_TILES_SYSTEM") == system


def test_unknown_system_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAP_TILES_SYSTEM", "bd09")

    with pytest.raises(EnvironmentProblem) as caught:
        tile_system("MAP_TILES_SYSTEM")

    assert str(caught.value) == "MAP_TILES_SYSTEM must be wgs84 or gcj02, not 'bd09'."


def test_policy_names_the_origin_alone() -> None:
    assert (origins(GOOD), origins("")) == (["https://tiles.example.cn"], [])
