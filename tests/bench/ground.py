"""The databases of a run: one town that parts share, or an empty site for a part that fills its own."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from tests.bench.callers import Parent
from tests.bench.inside import Child, collect, local_date, make_institutions, now, token_hash

ROOT = Path(__file__).resolve().parents[2]
#: So many institutions have eight weeks of cells, as the demo makes them: the samples, and one of them is booked.
SAMPLES = 24
#: The farthest day that a family may book by default.
DAYS_AHEAD = 14


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is told: everybody has places from ``first_day`` to ``last_day``, counted from today; ``rows`` is the
    size of the register that demo and import make, ``changes`` the single changes made to it.
    """

    institutions: int
    parents: int
    rows: int
    first_day: int
    last_day: int
    changes: int


@dataclass(frozen=True, slots=True)
class Ran:
    """A command of the site that has ended well."""

    seconds: float
    peak_megabytes: float
    output: str


@dataclass(slots=True)
class Ground:
    """Where the parts of a run stand."""

    options: Options
    tokens: list[str] = field(default_factory=list)

    def lay_town(self, *, places: bool) -> None:
        """The shared town with its parents; with ``places`` every institution can be booked in the days ahead."""
        self.lay_empty()
        collect()
        file = Path(tempfile.mkdtemp(prefix="tuoyu-bench-")) / "tokens"
        options = ["--institutions", str(SAMPLES), "--parents", str(self.options.parents), "--tokens", str(file)]
        with contextlib.redirect_stderr(io.StringIO()):
            call_command("demo", *options, verbosity=0, stdout=io.StringIO())
        self.tokens = file.read_text().split() if self.options.parents else []
        make_institutions(self.options.institutions, days=self.days() if places else ())
        call_command("search_index", rebuild=True, verbosity=0, stdout=io.StringIO())
        self.refresh_statistics()

    def days(self) -> list[dt.date]:
        """The days on which everybody has places."""
        today = local_date(now())
        return [today + dt.timedelta(days=n) for n in range(self.options.first_day, self.options.last_day + 1)]

    def refresh_statistics(self) -> None:
        """What the planner of PostgreSQL knows."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    def lay_empty(self) -> None:
        """A site that is set up and holds nothing. The second time it is a copy of the first."""
        database = SqliteFile() if connection.vendor == "sqlite" else PostgresDatabase()
        connections.close_all()
        if not database.has_template():
            database.start_over(from_template=False)
            call_command("migrate", verbosity=0, interactive=False)
            call_command("setup_site", verbosity=0, stdout=io.StringIO())
            connections.close_all()
            database.make_template()
        else:
            database.start_over(from_template=True)

    def parents(self, tokens: list[str]) -> list[Parent]:
        """Tokens with the public id of their child, by one query."""
        hashes = {token_hash(token): token for token in tokens}
        rows = Child.objects.filter(family__members__user__session_tokens__token_hash__in=hashes).values_list(
            "family__members__user__session_tokens__token_hash", "public_id"
        )
        return [Parent(hashes[index], child) for index, child in rows]


class SqliteFile:
    """The bench's own file and the empty one beside it."""

    def __init__(self) -> None:
        self.own = Path(str(connection.settings_dict["NAME"]))
        self.template = self.own.with_suffix(".empty")

    def has_template(self) -> bool:
        return self.template.exists()

    def make_template(self) -> None:
        shutil.copyfile(self.own, self.template)

    def start_over(self, *, from_template: bool) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.own}{ending}").unlink(missing_ok=True)
        if from_template:
            shutil.copyfile(self.template, self.own)


class PostgresDatabase:
    """The bench's own database and the empty one beside it, made in this run."""

    made: bool = False

    def __init__(self) -> None:
        self.address = os.environ["DATABASE_URL"]
        self.own = urlsplit(self.address).path.strip("/")
        self.template = f"{self.own}_empty"

    def has_template(self) -> bool:
        return PostgresDatabase.made

    def make_template(self) -> None:
        self._copy(self.own, self.template)
        PostgresDatabase.made = True

    def start_over(self, *, from_template: bool) -> None:
        self._copy(self.template if from_template else "template0", self.own)

    def _copy(self, source: str, target: str) -> None:
        server = urlunsplit(urlsplit(self.address)._replace(path="/postgres"))
        names = sql.Identifier(target), sql.Identifier(source)
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(names[0]))
            link.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))


def run_command(*arguments: str) -> Ran:
    """A command of the site in a process of its own, with the memory at its largest."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=errors,
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        for file in (output, errors):
            file.seek(0)
        if process.returncode:
            raise RuntimeError(f"{arguments[0]} ended with {process.returncode}: {errors.read()[-2000:]}")
        return Ran(seconds, usage.ru_maxrss / 1024, output.read())
