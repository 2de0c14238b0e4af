"""The small map around a position."""

from __future__ import annotations

import math
from typing import Any

import pytest

from directory.districts.forms.map_preview import HEIGHT, WIDTH, map_preview
from directory.districts.positions import Position

HERE = Position(34.66, 112.40)
TILES = "https://tiles.example.cn/{z}/{x}/{y}.png"


def test_no_map_without_a_source(settings: Any) -> None:
    settings.MAP_TILES = ""

    assert map_preview(HERE) is None


def test_tiles_cover_the_preview_around_the_position(settings: Any) -> None:
    settings.MAP_TILES, settings.MAP_TILES_CREDIT = TILES, "示例图源"

    preview = map_preview(HERE)

    assert preview is not None
    assert (preview.width, preview.height, preview.credit) == (480, 240, "示例图源")
    assert [(tile.address, tile.x, tile.y) for tile in preview.tiles] == [
        (f"https://tiles.example.cn/16/{column}/{row}.png", x, y)
        for row, y in ((26033, -154), (26034, 102))
        for column, x in ((53228, -219), (53229, 37), (53230, 293))
    ]


@pytest.mark.parametrize("longitude", [112.4 + step * 0.0007 for step in range(8)])
def test_every_pixel_lies_on_a_tile(settings: Any, longitude: float) -> None:
    settings.MAP_TILES = TILES

    preview = map_preview(Position(34.66, longitude))

    assert preview is not None
    assert min(tile.x for tile in preview.tiles) <= 0 < min(tile.x for tile in preview.tiles) + 256
    assert max(tile.x for tile in preview.tiles) + 256 >= WIDTH > max(tile.x for tile in preview.tiles)
    assert min(tile.y for tile in preview.tiles) <= 0 < min(tile.y for tile in preview.tiles) + 256
    assert max(tile.y for tile in preview.tiles) + 256 >= HEIGHT > max(tile.y for tile in preview.tiles)


def test_map_of_the_national_system_is_shifted(settings: Any) -> None:
    settings.MAP_TILES, settings.MAP_TILES_SYSTEM = TILES, "wgs84"
    plain = map_preview(HERE)
    settings.MAP_TILES_SYSTEM = "gcj02"
    shifted = map_preview(HERE)

    assert plain is not None
    assert shifted is not None
    assert plain.tiles[0].x != shifted.tiles[0].x or plain.tiles[0].address != shifted.tiles[0].address


@pytest.mark.parametrize(("latitude", "found"), [(85.0, True), (-85.0, True), (85.01, False), (-85.01, False)])
def test_no_map_beyond_its_ends(settings: Any, latitude: float, found: bool) -> None:
    settings.MAP_TILES = TILES

    assert (map_preview(Position(latitude, 112.4)) is not None) is found


def place(across: float, down: float) -> Position:
    """The position at this pixel of the map of the world."""
    world = 256 * 2**16
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down / world))))
    return Position(latitude, across / world * 360 - 180)


@pytest.mark.parametrize(
    ("across", "down", "columns", "rows"),
    [(16, 136, 2, 1), (17, 136, 3, 1), (16, 137, 2, 2), (240, 120, 2, 1), (239, 120, 3, 1), (240, 119, 2, 2)],
)
def test_no_tile_that_nobody_sees(settings: Any, across: int, down: int, columns: int, rows: int) -> None:
    settings.MAP_TILES = TILES

    preview = map_preview(place(53229 * 256 + across + 0.5, 26033 * 256 + down + 0.5))

    assert preview is not None
    assert len({tile.x for tile in preview.tiles}) == columns
    assert len({tile.y for tile in preview.tiles}) == rows
