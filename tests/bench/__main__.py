"""``python -m tests.bench``: a database of its own, the chosen parts, the table, and ``bench.json``."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from psycopg import sql

from tests.bench.compare import as_table
from tests.bench.parts import LARGE, SMALL, UnknownPart, chosen
from tests.bench.report import read_rows

ROOT = Path(__file__).resolve().parents[2]
NAME = os.environ.get("BENCH_DATABASE", "tuoyu_bench")


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line; sizes differ between the bench and the large one."""
    parser = argparse.ArgumentParser(prog="make bench", description=parts_in_words())
    parser.add_argument("parts", nargs="*", metavar="PART", help="only these parts")
    parser.add_argument("--large", action="store_true", help="the large bench (make bench-large)")
    parser.add_argument("--institutions", type=int, help="institutions of the town (1,000; large 10,000)")
    parser.add_argument("--rows", type=int, default=126_000, help="rows of the register that demo and import make")
    parser.add_argument("--changes", type=int, default=20, help="single changes of that register")
    parser.add_argument("--parents", type=int, default=900, help="parents of the town")
    parser.add_argument("--days", type=int, help="last day ahead on which all have places (14; large: the asked one)")
    parser.add_argument("--output", type=Path, default=ROOT / "bench.json", help="where the rows go")
    parser.add_argument("--against", type=Path, help="an earlier bench.json to compare with")
    options = parser.parse_args(arguments)
    options.institutions = options.institutions or (10_000 if options.large else 1_000)
    try:
        options.parts = chosen(LARGE if options.large else SMALL, options.parts)
    except UnknownPart as error:
        parser.error(str(error))
    return options


def parts_in_words() -> str:
    """What there is to choose from."""
    small, large = ("; ".join(f"{part.name}: {part.about}" for part in parts) for parts in (SMALL, LARGE))
    return f"Parts of the bench: {small}. Parts of the large one: {large}."


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
    """Everything chosen."""
    options = read_arguments(sys.argv[1:])
    before = read_rows(options.against) if options.against else None
    prepare_address()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    os.environ["BENCH_RUN"] = f"{NAME}-{os.getpid()}"
    os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
    os.environ.setdefault("DEBUG", "false")
    django.setup()
    # The models can be imported only now.
    report = importlib.import_module("tests.bench.run").run(options)
    report.write(options.output)
    sys.stdout.write(f"\n{len(report.rows)} figures, {len(report.missed())} not reached. Written: {options.output}\n")
    if before is not None:
        sys.stdout.write("\n" + as_table(before, report.rows))


if __name__ == "__main__":
    main()
