"""``python -m tests.bench``: prepare a database of its own, measure, print the table, write ``bench.json``."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
NAME = "tuoyu_bench"


def prepare_address() -> None:
    """A database of the bench's own beside the given one, empty; without one, a file in the temporary folder."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        parts = urlsplit(given)
        with psycopg.connect(given, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{NAME}"))
        return
    folder = tempfile.mkdtemp(prefix="tuoyu-bench-")
    os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
    for name in ("REDIS_URL", "ELASTICSEARCH_URL"):
        os.environ.pop(name, None)


def main() -> None:
    """Everything, in the order in which the data grows."""
    prepare_address()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
    django.setup()
    # The models can be imported only now.
    report = importlib.import_module("tests.bench.run").run()
    report.write(ROOT / "bench.json")
    missed = [row for row in report.rows if row.reached is False]
    sys.stdout.write(f"\n{len(report.rows)} figures, {len(missed)} not reached. bench.json is written.\n")


if __name__ == "__main__":
    main()
