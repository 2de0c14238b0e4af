"""What an upper app tells the districts: which one is the site's own."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

# The slug of the site's own district for a request, "" if the site has none.
SiteDistrict = Callable[[HttpRequest], str]

_site_district: SiteDistrict | None = None


def register_site_district(fn: SiteDistrict) -> None:
    """Where the site says which district is its own."""
    global _site_district
    _site_district = fn


def site_district(request: HttpRequest) -> str:
    """The slug of the site's own district, "" if nobody says."""
    return _site_district(request) if _site_district is not None else ""
