"""What an empty site needs; part of every start, changes nothing that people have entered since."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms.accounts.family.services.consents import publish_consent_texts
from cms.core.calendar.services import setup_calendar
from cms.core.calendar.times import now
from cms.pages.services.permissions import setup_site_editors
from cms.pages.services.setup import setup_pages
from directory.districts.services.setup import setup_districts, setup_offices

DEFAULT_DISTRICT = "jianxi"


class Command(BaseCommand):
    """`manage.py setup_site`: districts, townships, calendar, groups, consent texts, root and index pages."""

    help = "Create what an empty site needs; idempotent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Only the first run uses the district: later the site's settings decide."""
        parser.add_argument("--district", default=DEFAULT_DISTRICT, help="slug of the site's own district")

    def handle(self, *args: Any, district: str, **options: Any) -> None:
        """Every step is a service and may run again."""
        districts = {row.slug: row for row in setup_districts()}
        if district not in districts:
            raise CommandError(f"No such district: {district}. One of: {', '.join(districts)}.")
        setup_calendar()
        publish_consent_texts(now())
        setup_pages(site_name=settings.WAGTAIL_SITE_NAME, site_url=settings.SITE_URL, district=districts[district])
        setup_offices(now=now())
        setup_site_editors()
        self.stdout.write("The site is set up.")
