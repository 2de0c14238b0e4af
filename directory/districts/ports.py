"""What upper apps answer to the districts: which one is the site's own."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from cms.core.runtime.ports import Port

#: The slug of the site's own district for a request, "" if the site has none.
site_district: Port[Callable[[HttpRequest], str]] = Port(
    "districts.site_district", asks="Which district does this site speak of?"
)
