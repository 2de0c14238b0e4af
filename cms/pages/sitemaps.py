"""What search engines are told about."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse
from wagtail.contrib.sitemaps import Sitemap as PageSitemap

from cms.core.calendar.times import now
from directory.districts.queries.districts import DistrictInfo, list_districts
from directory.register.models import Institution
from parenting.classes.models import ClassSession
from parenting.classes.queries.sessions import published

__all__ = ["ClassSessionSitemap", "DistrictSitemap", "InstitutionSitemap", "PageSitemap"]


class DistrictSitemap(Sitemap[DistrictInfo]):
    """What holds in each district."""

    def items(self) -> list[DistrictInfo]:
        """All districts, in their order."""
        return list(list_districts().values())

    def location(self, item: DistrictInfo) -> str:
        """The district's page."""
        return reverse("district-detail", args=[item.slug])


class InstitutionSitemap(Sitemap[Institution]):
    """Public institutions."""

    limit = 5000

    def items(self) -> QuerySet[Institution]:
        """Those the list shows."""
        return Institution.objects.filter(is_public=True).only("public_id", "changed_at").order_by("pk")

    def lastmod(self, item: Institution) -> dt.datetime:
        """When the institution itself was last written."""
        return item.changed_at


class ClassSessionSitemap(Sitemap[ClassSession]):
    """Classes still to come."""

    def items(self) -> QuerySet[ClassSession]:
        """Published ones."""
        return published().filter(places__starts_at__gt=now()).order_by("places__starts_at", "pk")

    def location(self, item: Any) -> str:
        """The session's own page."""
        return str(item.get_absolute_url())
