"""Great-circle distances of many places at once, in kilometres."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable

from directory.districts.positions import EARTH_KM

_RADIAN = math.pi / 180


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
