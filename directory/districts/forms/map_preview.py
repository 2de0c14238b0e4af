"""A small map around a position from the tiles that ``MAP_TILES`` names; the browser fetches them, never the site."""

from __future__ import annotations

import math
from typing import NamedTuple

from django.conf import settings

from directory.districts.positions import CoordinateSystem, Position, wgs84_to_gcj02

WIDTH, HEIGHT, ZOOM, TILE = 480, 240, 16, 256
#: Web maps end here.
_MOST_LATITUDE = 85.0


class Tile(NamedTuple):
    """A picture of the map and where it lies in the preview."""

    address: str
    x: int
    y: int


class MapPreview(NamedTuple):
    """The tiles of a preview whose middle is the position."""

    tiles: list[Tile]
    credit: str
    width: int = WIDTH
    height: int = HEIGHT


def map_preview(position: Position) -> MapPreview | None:
    """The map around a WGS-84 position; None where no source of tiles is set or the map does not reach."""
    if not settings.MAP_TILES or abs(position.latitude) > _MOST_LATITUDE:
        return None
    if settings.MAP_TILES_SYSTEM == CoordinateSystem.GCJ02:
        position = wgs84_to_gcj02(position)
    across, down = _pixels(position)
    left, top = across - WIDTH // 2, down - HEIGHT // 2
    tiles = [
        Tile(_address(x, y), x * TILE - left, y * TILE - top)
        for y in range(top // TILE, (top + HEIGHT - 1) // TILE + 1)
        for x in range(left // TILE, (left + WIDTH - 1) // TILE + 1)
    ]
    return MapPreview(tiles, settings.MAP_TILES_CREDIT)


def _pixels(position: Position) -> tuple[int, int]:
    """Where the position lies on the map of the whole world, in pixels from its upper left corner."""
    world = TILE * 2**ZOOM
    across = (position.longitude + 180) / 360 * world
    down = (1 - math.asinh(math.tan(math.radians(position.latitude))) / math.pi) / 2 * world
    return int(across), int(down)


def _address(x: int, y: int) -> str:
    address: str = settings.MAP_TILES
    return address.replace("{z}", str(ZOOM)).replace("{x}", str(x)).replace("{y}", str(y))
