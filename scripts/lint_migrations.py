"""Refuse migrations that would lock or break a running site; `ACCEPTED` names those that stay, each with its reason.

Over PostgreSQL (`DATABASE_URL`) the statements are those of production. Without it SQLite's are checked, where every
change of a table copies it: the linter's rule about NOT NULL would object to each copy, so it is left out there.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")

import django  # noqa: E402
from django.apps import apps  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations import Migration  # noqa: E402
from django_migration_linter import MigrationLinter  # noqa: E402
from django_migration_linter.sql_analyser.base import Issue  # noqa: E402

#: (app label, migration) → why it may stay although the linter objects.
ACCEPTED = {
    ("booking", "0002_initial"): "the first release: its tables are made in the same step and are empty",
    ("directory", "0002_initial"): "the first release: its tables are made in the same step and are empty",
    (
        "booking",
        "0007_district_and_start_needed",
    ): "filled by 0004 to 0006; the site stands still while it migrates",
    (
        "directory",
        "0005_closing_parts",
    ): "an institution closes a few days a year: the table is small and locked for a moment",
    (
        "parenting",
        "0006_signup_district_needed",
    ): "filled by 0003 to 0005; the site stands still while it migrates",
    (
        "accounts",
        "0005_family_invite_may_fetch",
    ): "only SQLite, which copies the table, makes its constraint again; PostgreSQL adds a column with a default",
    (
        "directory",
        "0008_facts_are_rules",
    ): "carried over by districts 0002; the site stands still while it migrates",
    (
        "directory",
        "0012_product_without_fee",
    ): "carried over by 0010 and 0011; the site stands still while it migrates",
    (
        "directory",
        "0014_people_have_names",
    ): "only SQLite, which copies the table, makes its constraint again; PostgreSQL adds columns with a default",
    (
        "directory",
        "0015_head_name_room",
    ): "PostgreSQL makes a text column longer without reading the table",
    (
        "directory",
        "0016_posts_of_offices",
    ): "a district has a handful of staff: the table is small and locked for a moment",
}
ONLY_SQLITE = ["NOT_NULL"]


class Collector(MigrationLinter):
    """Collects the messages about one migration after the other instead of printing them."""

    def __init__(self, left_out: list[str]) -> None:
        super().__init__(no_cache=True, no_output=True, exclude_migration_tests=left_out)
        self.messages: list[str] = []

    def print_errors(self, errors: list[Issue]) -> None:
        """Called for each migration that has errors."""
        self.messages += [error.message for error in errors]

    def objections_to(self, migration: Migration) -> list[str]:
        """The messages about this migration; empty if it may stay."""
        self.messages = []
        before = self.nb_erroneous
        self.lint_migration(migration)
        return self.messages if self.nb_erroneous > before else []


def own_labels() -> set[str]:
    """The labels of the apps in this repository."""
    paths = {config.label: Path(config.path) for config in apps.get_app_configs()}
    return {label for label, path in paths.items() if path.is_relative_to(ROOT) and "site-packages" not in path.parts}


def find_objections() -> dict[tuple[str, str], list[str]]:
    """The migrations the linter objects to, those of ``ACCEPTED`` included, with its messages."""
    is_sqlite = connection.vendor == "sqlite"
    if is_sqlite:
        connection.settings_dict["NAME"] = ":memory:"
    linter = Collector(ONLY_SQLITE if is_sqlite else [])
    own = own_labels()
    on_disk = sorted(linter.migration_loader.disk_migrations.items())
    found = {key: linter.objections_to(migration) for key, migration in on_disk if key[0] in own}
    return {key: messages for key, messages in found.items() if messages}


def main() -> int:
    """Zero if the linter objects to nothing but what was accepted, and every accepted migration exists."""
    django.setup()
    logging.disable(logging.INFO)
    found = find_objections()
    problems = [f"{label} {name}: {'; '.join(found[label, name])}" for label, name in found.keys() - ACCEPTED.keys()]
    problems += [
        f"{label} {name} is accepted but does not exist."
        for label, name in ACCEPTED
        if not (Path(apps.get_app_config(label).path) / "migrations" / f"{name}.py").exists()
    ]
    for problem in sorted(problems):
        sys.stderr.write(f"migrations: {problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
