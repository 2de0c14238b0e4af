"""Near what: a position, or a township's centre, so that the question works without JavaScript."""

from __future__ import annotations

import re
from dataclasses import dataclass

TOWNSHIP_CODE = re.compile(r"\d{9}", re.ASCII)
POSITION = re.compile(r"(-?\d{1,2}(?:\.\d{1,15})?),(-?\d{1,3}(?:\.\d{1,15})?)", re.ASCII)
# A rough box around the country: a position outside it is a slip of the hand.
LATITUDES, LONGITUDES = (3.0, 54.0), (73.0, 136.0)


@dataclass(frozen=True, slots=True)
class Near:
    """A township's code or a position, never both."""

    text: str
    code: str = ""
    position: tuple[float, float] | None = None


def read_near(value: str) -> Near | None:
    """``lat,lng`` in WGS-84 or a township code; None if it is neither, or lies outside the country."""
    text = value.replace("，", ",").replace(" ", "")
    if TOWNSHIP_CODE.fullmatch(text):
        return Near(text, code=text)
    match = POSITION.fullmatch(text)
    if match is None:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    if not (LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]):
        return None
    return Near(text, position=(latitude, longitude))
