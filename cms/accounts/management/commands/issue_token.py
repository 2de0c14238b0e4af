"""`manage.py issue_token PHONE_OR_USERNAME [--json]`: a session token, for checks and load tests."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from cms.accounts.family.queries.users import user_with_name, user_with_phone
from cms.accounts.models import User
from cms.accounts.phone import BadPhone, normalise_phone
from cms.accounts.ports import posts_of
from cms.accounts.signin.services.tokens import issue_token
from cms.core.calendar.times import now as clock


class Command(BaseCommand):
    """Prints the token alone, or `{"token": ...}`."""

    help = "Issue a session token for an existing user (never in production)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The number or the username, and whether to answer in JSON."""
        parser.add_argument("name", metavar="PHONE_OR_USERNAME")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse where the demo app is absent: production sends codes instead."""
        if not apps.is_installed("cms.demo"):
            raise CommandError("issue_token does not exist in production settings.")
        user = _find(options["name"])
        if user is None or not user.is_active:
            raise CommandError("No user has this number or username.")
        staff = posts_of(user).needs_second_factor
        token, _row = issue_token(user=user, label="issue_token", second_factor=staff, now=clock())
        self.stdout.write(json.dumps({"token": token}) if options["as_json"] else token)


def _find(name: str) -> User | None:
    """The user of a mobile number, else of a username."""
    try:
        found = user_with_phone(normalise_phone(name))
    except BadPhone:
        found = None
    return found or user_with_name(name)
