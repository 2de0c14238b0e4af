"""Fill the search index."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cms.core.calendar.times import now
from directory.search import indexing
from directory.search.engine import SearchUnavailable


class Command(BaseCommand):
    """Writes the database's index and, where one is configured, Elasticsearch's."""

    help = "Fill the search index."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--rebuild` builds a new index next to the old one and swaps them."""
        parser.add_argument("--rebuild", action="store_true", help="make the whole index again and swap it in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says what was done; an Elasticsearch that does not answer is an error after the database's part is done."""
        fill = indexing.rebuild if options["rebuild"] else indexing.index_everything
        try:
            done = fill(now=now(), progress=self._progress if options["verbosity"] else None)
        except SearchUnavailable as problem:
            raise CommandError(
                f"The database index is filled, but Elasticsearch did not answer ({problem}). "
                "The site searches by the database; run this again when the server is back."
            ) from problem
        where = "database and Elasticsearch" if done.elasticsearch else "database"
        self.stdout.write(f"{done.written} records written, {done.removed} removed ({where}).")

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} / {total}", ending="\n" if done >= total else "")
