"""`manage.py reset_second_factor USERNAME`: for staff who lost phone and recovery codes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cms.accounts.family.queries.users import user_with_name
from cms.accounts.signin.services.second_factor import reset_factors


class Command(BaseCommand):
    """The person's identity was checked by other means; the next sign-in asks to enrol again."""

    help = "Remove a user's second factors and end all their sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The username."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove and say how many."""
        user = user_with_name(options["username"])
        if user is None:
            raise CommandError("There is no such user.")
        removed = reset_factors(user=user)
        self.stdout.write(f"{removed} factors removed.")
