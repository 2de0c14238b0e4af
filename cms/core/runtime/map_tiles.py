"""The source of map tiles that an operator may name, read from the environment."""

from __future__ import annotations

from urllib.parse import urlsplit

from cms.core.runtime.env import EnvironmentProblem, text

SYSTEMS = ("wgs84", "gcj02")
_PARTS = ("{z}", "{x}", "{y}")


def tile_address(name: str) -> str:
    """Address of a tile with {z}, {x} and {y} in it; "" when the variable is absent."""
    value = text(name, "")
    if value and not (urlsplit(value).scheme == "https" and all(part in value for part in _PARTS)):
        raise EnvironmentProblem(f"{name} must be an https address with {{z}}, {{x}} and {{y}}, not {value!r}.")
    return value


def tile_system(name: str) -> str:
    """The system in which the source draws its maps."""
    value = text(name, SYSTEMS[0])
    if value not in SYSTEMS:
        raise EnvironmentProblem(f"{name} must be {' or '.join(SYSTEMS)}, not {value!r}.")
    return value


def origins(address: str) -> list[str]:
    """The origin of an address as a content policy names it; none without an address."""
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
