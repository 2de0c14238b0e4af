"""Print fresh secrets for a new site's environment."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand

from cms.core.security.local_secrets import new_encryption_key


class Command(BaseCommand):
    """Nothing is stored: what is printed belongs in the environment of the site."""

    help = "Print a fresh SECRET_KEY and a fresh key for FIELD_ENCRYPTION_KEYS."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Both, as lines for an environment file."""
        self.stdout.write(f"SECRET_KEY={secrets.token_urlsafe(48)}")
        self.stdout.write(f"FIELD_ENCRYPTION_KEYS={new_encryption_key()}")
