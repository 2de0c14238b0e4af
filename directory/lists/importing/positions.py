"""Coordinates: read from cells, brought from the systems of Chinese maps to WGS-84, compared with a district.

GCJ-02 shifts WGS-84 by a fixed formula (the national map offset); BD-09 shifts GCJ-02 again. Both are undone by
iteration, exact to well under a metre.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from directory.lists.importing.problems import BadCell
from directory.lists.importing.text import Value, clean_text, is_nothing, refuse_formula

SYSTEMS = ("wgs84", "gcj02", "bd09")
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


class Position(NamedTuple):
    """Latitude and longitude in decimal degrees."""

    latitude: float
    longitude: float


def parse_degrees(value: Value) -> float | None:
    """Degrees in a cell (112.43, 112.43°, E112.43, 112°25′48″); None for an empty one. Raises ``BadCell``."""
    refuse_formula(value)
    if isinstance(value, (dt.datetime, dt.date, dt.time, dt.timedelta, bool)):
        raise BadCell("position_bad", _("经纬度要填数字，例如 112.4312"))
    text = clean_text(value)
    if is_nothing(text):
        return None
    match = _PLAIN.fullmatch(text)
    if match:
        return float(match[1].replace("−", "-"))
    match = _PARTS.fullmatch(text)
    if match and float(match[2]) < 60 and float(match[3] or 0) < 60:
        return round(int(match[1]) + float(match[2]) / 60 + float(match[3] or 0) / 3600, 7)
    raise BadCell("position_bad", _("经纬度要填数字，例如 112.4312"))


def parse_pair(value: Value) -> Position | None:
    """Both in one cell, in either order: within the country the larger number is the longitude."""
    refuse_formula(value)
    text = clean_text(value).strip("()（）[]【】 ")
    if is_nothing(text):
        return None
    parts = [part for part in _PAIR.split(text) if part]
    if len(parts) != 2:
        raise BadCell("position_bad", _("坐标要填经度和纬度两个数字，用逗号隔开，例如 112.4312,34.6651"))
    first, second = parse_degrees(parts[0]), parse_degrees(parts[1])
    if first is None or second is None:
        raise BadCell("position_bad", _("坐标要填经度和纬度两个数字，用逗号隔开，例如 112.4312,34.6651"))
    return Position(min(first, second), max(first, second))


def in_china(position: Position) -> bool:
    """Whether the point lies in the box around the country."""
    return (
        CHINA_LATITUDES[0] <= position.latitude <= CHINA_LATITUDES[1]
        and CHINA_LONGITUDES[0] <= position.longitude <= CHINA_LONGITUDES[1]
    )


def to_wgs84(position: Position, system: str) -> Position:
    """From ``wgs84`` (as it is), ``gcj02`` or ``bd09``; converted ones to seven decimals."""
    if system == "wgs84":
        return position
    if system == "bd09":
        position = _bd09_to_gcj02(position)
    elif system != "gcj02":
        raise ValueError(system)
    guess = position
    for _turn in range(6):
        shifted = wgs84_to_gcj02(guess)
        guess = Position(
            guess.latitude + position.latitude - shifted.latitude,
            guess.longitude + position.longitude - shifted.longitude,
        )
    return Position(round(guess.latitude, 7), round(guess.longitude, 7))


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


def _bd09_to_gcj02(position: Position) -> Position:
    guess = position
    for _turn in range(6):
        shifted = _gcj02_to_bd09(guess)
        guess = Position(
            guess.latitude + position.latitude - shifted.latitude,
            guess.longitude + position.longitude - shifted.longitude,
        )
    return guess


def _gcj02_to_bd09(position: Position) -> Position:
    x, y = position.longitude, position.latitude
    radius = math.hypot(x, y) + 0.00002 * math.sin(y * _BD_TURN)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * _BD_TURN)
    return Position(radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065)
