"""Great-circle distances in kilometres."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable

from directory.search.engine import EARTH_KM

_RADIAN = math.pi / 180


def distance_km(here: tuple[float, float], latitude: float, longitude: float) -> float:
    """Haversine distance between two WGS-84 positions."""
    across = math.sin((latitude - here[0]) * _RADIAN / 2) ** 2
    along = math.sin((longitude - here[1]) * _RADIAN / 2) ** 2
    half = across + math.cos(here[0] * _RADIAN) * math.cos(latitude * _RADIAN) * along
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def distances(
    here: tuple[float, float], slots: Iterable[int], latitudes: array[float], longitudes: array[float]
) -> dict[int, float]:
    """Slot → kilometres; every slot must have a position."""
    lat0, lng0 = here[0] * _RADIAN, here[1] * _RADIAN
    cos0, twice = math.cos(lat0), 2 * EARTH_KM
    sin, cos, asin, sqrt, radian = math.sin, math.cos, math.asin, math.sqrt, _RADIAN
    found = {}
    for slot in slots:
        lat = latitudes[slot] * radian
        half = sin((lat - lat0) / 2) ** 2 + cos0 * cos(lat) * sin((longitudes[slot] * radian - lng0) / 2) ** 2
        found[slot] = twice * asin(sqrt(half if half < 1.0 else 1.0))
    return found


def within_box(here: tuple[float, float], radius_km: float, slots: Iterable[int], latitudes: array[float]) -> list[int]:
    """Slots whose latitude alone does not rule them out: much cheaper than their distance."""
    reach = radius_km / EARTH_KM / _RADIAN * 1.0001
    low, high = here[0] - reach, here[0] + reach
    return [slot for slot in slots if low <= latitudes[slot] <= high]
