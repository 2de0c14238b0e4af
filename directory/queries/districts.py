"""Which district a visitor's page speaks of, and its streets. Kept for a minute: every page asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from cms.core import versions
from cms.core.page_cache import PUBLIC_PAGES
from directory import extension
from directory.models import District, Township

KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Street:
    """A township with its centre, None where nobody knows it yet."""

    code: str
    name: str
    centre: tuple[float, float] | None

    @property
    def short_name(self) -> str:
        """「珠江路」 for 「珠江路街道」, as people say it."""
        return self.name.removesuffix("街道") if len(self.name) > 3 else self.name


@dataclass(frozen=True, slots=True)
class DistrictInfo:
    """What pages say of a district; ``is_draft``: its plan is a consultation draft."""

    pk: int
    slug: str
    name: str
    is_draft: bool
    streets: tuple[Street, ...]


def list_districts() -> dict[str, DistrictInfo]:
    """All districts by slug, in their order."""
    key = f"directory:districts:{versions.current(PUBLIC_PAGES)}"
    kept: dict[str, DistrictInfo] | None = cache.get(key)
    if kept is None:
        kept = _read()
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def visitor_district(
    request: HttpRequest, wanted: str = "", *, districts: Mapping[str, DistrictInfo] | None = None
) -> DistrictInfo | None:
    """The district asked for, else the cookie's, else the site's own, else the first (design.md 4)."""
    found = list_districts() if districts is None else districts
    for slug in (wanted, getattr(request, "district_slug", "")):
        if slug in found:
            return found[slug]
    return found.get(_own_slug(request)) or next(iter(found.values()), None)


def _own_slug(request: HttpRequest) -> str:
    key = f"directory:own:{versions.current(PUBLIC_PAGES)}:{request.META.get('HTTP_HOST', '')}"
    slug: str | None = cache.get(key)
    if slug is None:
        slug = extension.site_district(request)
        cache.set(key, slug, KEPT_SECONDS)
    return slug


def streets_by_code(districts: Mapping[str, DistrictInfo]) -> dict[str, Street]:
    """Every township of the districts."""
    return {street.code: street for district in districts.values() for street in district.streets}


def _read() -> dict[str, DistrictInfo]:
    streets: defaultdict[int, list[Street]] = defaultdict(list)
    for township in Township.objects.order_by("code"):
        latitude, longitude = township.centre_latitude, township.centre_longitude
        centre = None if latitude is None or longitude is None else (latitude, longitude)
        streets[township.district_id].append(Street(township.code, township.name, centre))
    return {
        district.slug: DistrictInfo(
            district.pk, district.slug, district.name, district.is_draft, tuple(streets[district.pk])
        )
        for district in District.objects.order_by("position", "pk")
    }
