"""`manage.py add_staff USERNAME --department CODE [--district SLUG]`: start an account by a one-time link."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from cms.accounts.signin.services.setup_links import SETUP_LINK_DAYS
from cms.core.calendar.times import now
from cms.core.errors import InvalidInput
from directory.districts.enums import Department
from directory.districts.models import District
from directory.districts.services.staff import start_post


class Command(BaseCommand):
    """Prints the link alone on standard output, and what it is for on standard error."""

    help = (
        "Give a user a post and print a one-time link to set password and second factor. Once more for the same user: "
        "a new link, and the old one stops working."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Checked in ``handle``, so that a mistake is answered with one sentence."""
        parser.add_argument("username")
        parser.add_argument("--department", required=True, help=", ".join(Department.values))
        parser.add_argument("--district", default="", help="slug of the district; none for site_editor")

    def handle(self, *args: Any, username: str, department: str, district: str, **options: Any) -> None:
        """Find the district, make the post and the link."""
        if department not in Department.values:
            raise CommandError(f"No such department: {department}. One of: {', '.join(Department.values)}.")
        place = self._district(department, district)
        try:
            token = start_post(district=place, department=department, username=username, now=now())
        except InvalidInput as refused:
            raise CommandError(str(refused)) from refused
        self.stderr.write(f"For {username.strip()}, good once and for {SETUP_LINK_DAYS} days:")
        self.stdout.write(settings.SITE_URL.rstrip("/") + reverse("accounts:setup-link", args=[token]))

    def _district(self, department: str, slug: str) -> District | None:
        if department == Department.SITE_EDITOR:
            if slug:
                raise CommandError("A site editor belongs to no district: leave out --district.")
            return None
        if not slug:
            raise CommandError(f"Name the district of {department} with --district. {self._known()}")
        found = District.objects.filter(slug=slug).first()
        if found is None:
            raise CommandError(f"No such district: {slug}. {self._known()}")
        return found

    def _known(self) -> str:
        slugs = District.objects.order_by("position", "pk").values_list("slug", flat=True)
        return f"One of: {', '.join(slugs)}." if slugs else "There is none yet: run setup_site first."
