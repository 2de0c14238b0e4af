"""Which township a cell means: with 街道, 街道办事处, 办事处, 镇 or nothing after it, the district before it or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cms.core.text import matching_key
from directory.districts.positions import Position

_ENDING = re.compile(r"(街道办事处|街道办|办事处|街道|人民政府|镇政府|镇人民政府|地区办事处|镇|乡|办)$")


@dataclass(frozen=True, slots=True)
class TownshipName:
    """A township as the importer needs it."""

    pk: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class KnownDistrict:
    """What rows of one district are checked against."""

    pk: int
    slug: str
    code: str
    name: str
    full_name: str
    centre: Position | None
    radius_km: float
    townships: Sequence[TownshipName]

    def township(self, text: str) -> TownshipName | None:
        """The township that the text names, None if there is none or more than one."""
        key = matching_key(text)
        for prefix in _prefixes(self):
            key = key.removeprefix(prefix)
        exact = [each for each in self.townships if key in {matching_key(each.name), each.code}]
        if exact:
            return exact[0]
        alike = [each for each in self.townships if _base(matching_key(each.name)) == _base(key)]
        if len(alike) == 1:
            return alike[0]
        # 「湖北路街道某某社区」: the full name and more
        longer = [each for each in self.townships if key.startswith(matching_key(each.name))]
        return longer[0] if len(longer) == 1 else None

    def is_named(self, text: str) -> bool:
        """Whether the text names this district, with or without the city before it and 区 after it."""
        key = matching_key(text)
        return key.endswith(matching_key(self.name)) or key in {
            matching_key(self.name),
            matching_key(self.full_name),
            matching_key(self.name)[:-1],
            self.code,
            self.slug,
        }


def _prefixes(district: KnownDistrict) -> list[str]:
    full, name = matching_key(district.full_name), matching_key(district.name)
    province_or_city = full.removesuffix(name)
    return [full, province_or_city, name] if province_or_city else [full, name]


def _base(key: str) -> str:
    """Without the ending, unless nothing would be left."""
    shorter = _ENDING.sub("", key)
    return shorter or key


def districts_named(text: str, districts: Iterable[KnownDistrict]) -> list[KnownDistrict]:
    """The districts whose name is somewhere in the text (a title, an address, a file's name)."""
    return [each for each in districts if each.name in text or each.slug == text]
