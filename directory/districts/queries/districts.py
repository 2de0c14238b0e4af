"""Which district a visitor's page speaks of, and its streets. Each process keeps them for a minute: every page asks."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest

from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.districts import ports
from directory.districts.models import District, PolicyDocument, Township
from directory.districts.queries.policies import policy_cards

KEPT_SECONDS = 60
MAX_KEPT = 32
_kept: dict[str, tuple[int, float, Any]] = {}
_lock = threading.Lock()


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
    """What pages say of a district; ``is_draft``: its plan is a consultation draft, as the policy page says."""

    pk: int
    slug: str
    name: str
    is_draft: bool
    streets: tuple[Street, ...]


def list_districts() -> dict[str, DistrictInfo]:
    """All districts by slug, in their order."""
    found: dict[str, DistrictInfo] = _keep("districts", _read)
    return found


def visitor_district(
    request: HttpRequest, wanted: str = "", *, districts: Mapping[str, DistrictInfo] | None = None
) -> DistrictInfo | None:
    """The district asked for, else the cookie's, else the site's own, else the first."""
    found = list_districts() if districts is None else districts
    for slug in (wanted, getattr(request, "district_slug", "")):
        if slug in found:
            return found[slug]
    return found.get(_own_slug(request)) or next(iter(found.values()), None)


def _own_slug(request: HttpRequest) -> str:
    ask = ports.site_district.get()
    if ask is None:
        return ""
    slug: str = _keep(f"own {request.META.get('HTTP_HOST', '')}", lambda: ask(request))
    return slug


def plan_is_draft(slug: str) -> bool:
    """Whether the plan of a district is a consultation draft: said wherever the district is named."""
    found = list_districts().get(slug)
    return found is not None and found.is_draft


def forget_kept_districts() -> None:
    """Read everything again (tests)."""
    with _lock:
        _kept.clear()


def _keep(name: str, make: Callable[[], Any]) -> Any:
    """What was made under the version of the public pages now current, for a minute at most."""
    version, now = versions.current(PUBLIC_PAGES), time.monotonic()
    kept = _kept.get(name)
    if kept is not None and kept[0] == version and kept[1] > now:
        return kept[2]
    made = make()
    with _lock:
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        _kept[name] = (version, now + KEPT_SECONDS, made)
    return made


def streets_by_code(districts: Mapping[str, DistrictInfo]) -> dict[str, Street]:
    """Every township of the districts."""
    return {street.code: street for district in districts.values() for street in district.streets}


def _read() -> dict[str, DistrictInfo]:
    streets: defaultdict[int, list[Street]] = defaultdict(list)
    for township in Township.objects.order_by("code"):
        latitude, longitude = township.centre_latitude, township.centre_longitude
        centre = None if latitude is None or longitude is None else (latitude, longitude)
        streets[township.district_id].append(Street(township.code, township.name, centre))
    districts = _with_plans()
    cards = policy_cards([row.plan_key for row in districts if row.plan_key])
    drafts = {key for key, card in cards.items() if card.is_draft}
    return {
        district.slug: DistrictInfo(
            district.pk, district.slug, district.name, district.plan_key in drafts, tuple(streets[district.pk])
        )
        for district in districts
    }


def _with_plans() -> list[Any]:
    plans = PolicyDocument.objects.filter(is_plan=True, district=OuterRef("pk")).values("pk")
    return list(District.objects.order_by("position", "pk").annotate(plan_key=Subquery(plans)))
