"""Positions: read as people copy them, brought from the systems of Chinese maps to WGS-84, compared with a district.

GCJ-02 shifts WGS-84 by a fixed formula (the national map offset); BD-09 shifts GCJ-02 again. Both are undone by
iteration, exact to well under a metre.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

EARTH_KM = 6371.0087714
# The box around the country with its seas.
CHINA_LATITUDES = (3.8, 53.6)
CHINA_LONGITUDES = (73.4, 135.1)
_AXIS = 6378245.0
_ECCENTRICITY = 0.006693421622965943
_BD_TURN = math.pi * 3000 / 180
_PLAIN = re.compile(r"[东西南北经纬度NSEWnsew:： ]*?([-−]?\d{1,3}(?:\.\d+)?) ?[°度]? ?[NSEWnsew]?")
_PARTS = re.compile(
    r"[东北经纬度NEne:： ]*?(\d{1,3}) ?[°度] ?(\d{1,2}(?:\.\d+)?) ?['′’分] ?"
    r"(?:(\d{1,2}(?:\.\d+)?) ?(?:[\"″”秒]|''|′′)?)? ?[NEne]?"
)
_PAIR = re.compile(r"[,，;；、/| ]+")
_RADIAN = math.pi / 180


class CoordinateSystem(models.TextChoices):
    """Where a position was read off."""

    WGS84 = "wgs84", gettext_lazy("WGS-84（国家测绘、GPS）")
    GCJ02 = "gcj02", gettext_lazy("GCJ-02（高德、腾讯地图）")
    BD09 = "bd09", gettext_lazy("BD-09（百度地图）")


class BadPosition(ValueError):
    """The text is no position; the message says how one is written."""


class Position(NamedTuple):
    """Latitude and longitude in decimal degrees."""

    latitude: float
    longitude: float


def read_degrees(text: str) -> float:
    """112.43, 112.43°, E112.43, 112°25′48″. Raises ``BadPosition``."""
    match = _PLAIN.fullmatch(text)
    if match:
        return float(match[1].replace("−", "-"))
    match = _PARTS.fullmatch(text)
    if match and float(match[2]) < 60 and float(match[3] or 0) < 60:
        return round(int(match[1]) + float(match[2]) / 60 + float(match[3] or 0) / 3600, 7)
    raise BadPosition(_("经纬度要填数字，例如 112.4312"))


def read_pair(text: str) -> Position:
    """Both numbers in either order: within the country the larger one is the longitude. Raises ``BadPosition``."""
    parts = [part for part in _PAIR.split(text.strip("()（）[]【】 ")) if part]
    try:
        first, second = (read_degrees(part) for part in parts)
    except ValueError:
        raise BadPosition(_("坐标要填经度和纬度两个数字，用逗号隔开，例如 112.4312,34.6651")) from None
    return Position(min(first, second), max(first, second))


def in_china(position: Position) -> bool:
    """Whether the point lies in the box around the country."""
    return (
        CHINA_LATITUDES[0] <= position.latitude <= CHINA_LATITUDES[1]
        and CHINA_LONGITUDES[0] <= position.longitude <= CHINA_LONGITUDES[1]
    )


def to_wgs84(position: Position, system: str) -> Position:
    """From ``wgs84`` (as it is), ``gcj02`` or ``bd09``; converted ones to seven decimals."""
    chosen = CoordinateSystem(system)
    if chosen == CoordinateSystem.WGS84:
        return position
    if chosen == CoordinateSystem.BD09:
        position = _undo(_gcj02_to_bd09, position)
    found = _undo(wgs84_to_gcj02, position)
    return Position(round(found.latitude, 7), round(found.longitude, 7))


def _undo(shift: Callable[[Position], Position], position: Position) -> Position:
    """The place that ``shift`` moves to ``position``, approached in turns."""
    guess = position
    for _turn in range(6):
        shifted = shift(guess)
        guess = Position(
            guess.latitude + position.latitude - shifted.latitude,
            guess.longitude + position.longitude - shifted.longitude,
        )
    return guess


def wgs84_to_gcj02(position: Position) -> Position:
    """The offset of Chinese maps."""
    x, y = position.longitude - 105.0, position.latitude - 35.0
    north, east = _northward(x, y), _eastward(x, y)
    radians = position.latitude / 180.0 * math.pi
    magic = 1 - _ECCENTRICITY * math.sin(radians) ** 2
    north = north * 180.0 / (_AXIS * (1 - _ECCENTRICITY) / (magic * math.sqrt(magic)) * math.pi)
    east = east * 180.0 / (_AXIS / math.sqrt(magic) * math.cos(radians) * math.pi)
    return Position(position.latitude + north, position.longitude + east)


def _waves(value: float, *pairs: tuple[float, float]) -> float:
    return sum(height * math.sin(value * math.pi * turn) for height, turn in pairs) * 2 / 3


def _northward(x: float, y: float) -> float:
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    shift += _waves(x, (20.0, 6.0), (20.0, 2.0))
    return shift + _waves(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))


def _eastward(x: float, y: float) -> float:
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    shift += _waves(x, (20.0, 6.0), (20.0, 2.0))
    return shift + _waves(x, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))


def _gcj02_to_bd09(position: Position) -> Position:
    x, y = position.longitude, position.latitude
    radius = math.hypot(x, y) + 0.00002 * math.sin(y * _BD_TURN)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * _BD_TURN)
    return Position(radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065)


def distance_km(here: tuple[float, float], latitude: float, longitude: float) -> float:
    """Haversine distance between two WGS-84 positions."""
    across = math.sin((latitude - here[0]) * _RADIAN / 2) ** 2
    along = math.sin((longitude - here[1]) * _RADIAN / 2) ** 2
    half = across + math.cos(here[0] * _RADIAN) * math.cos(latitude * _RADIAN) * along
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def outside_words(found: Position, *, centre: Position | None, radius_km: float, district: str) -> str:
    """What to say of a position that does not lie in the district; "" if it may."""
    away = 0.0 if centre is None else distance_km(centre, *found)
    if away <= radius_km:
        return ""
    message = _("这个位置离%(district)s中心约 %(km)d 公里，不在本区范围内，请核对")
    return message % {"district": district, "km": round(away)}
