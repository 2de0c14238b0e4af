"""One migrated template database a set of migrations; every test process works on its own copy of it.

Migrating takes some twenty seconds, copying a file a few milliseconds. A test with its own transactions gets
a fresh copy afterwards instead of a flush, so what migrations wrote (root page, groups) is always there.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

FOLDER = Path(settings.BASE_DIR) / ".pytest_cache" / "databases"


def migrations_digest() -> str:
    """A word that changes whenever a migration of any installed app does."""
    digest = hashlib.sha256(settings.LANGUAGE_CODE.encode())
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        for path in sorted((Path(config.path) / "migrations").glob("*.py")):
            digest.update(f"{config.label}/{path.name}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def own_suffix() -> str:
    """What tells this process's database from another's."""
    given = os.environ.get("TEST_DB_SUFFIX", "")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return "_".join(part for part in (given, worker) if part)


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """Only one process at a time inside."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def migrate_into(name: str) -> None:
    """Run every migration in the database of that name."""
    connections.close_all()
    connection.settings_dict["NAME"] = name
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    connections.close_all()


class SqliteDatabase:
    """A file copied from the template file."""

    def __init__(self) -> None:
        self.template = FOLDER / f"template_{migrations_digest()}.sqlite3"
        self.own = FOLDER / f"test_{own_suffix()}_{os.getpid()}.sqlite3"
        self.origin = self.own.with_suffix(".origin")
        self.kept = self.own.with_suffix(".kept")

    def prepare(self) -> None:
        """Make the template if it is absent, then this process's copy."""
        with locked("sqlite"):
            if not self.template.exists():
                for old in FOLDER.glob("template_*.sqlite3*"):
                    old.unlink()
                draft = self.template.with_suffix(".draft")
                draft.unlink(missing_ok=True)
                migrate_into(str(draft))
                draft.rename(self.template)
            # A name of its own for the same file: another run with newer migrations may remove the template.
            self.origin.unlink(missing_ok=True)
            self.origin.hardlink_to(self.template)
            self.restore()
        connection.settings_dict["NAME"] = str(self.own)

    def restore(self) -> None:
        """Put a fresh copy in place; whoever still has the old file open keeps the old file."""
        connections.close_all()
        fresh = self.own.with_suffix(".fresh")
        shutil.copyfile(self.kept if self.kept.exists() else self.origin, fresh)
        self.remove_side_files()
        fresh.replace(self.own)

    def keep(self) -> None:
        """From now on `restore` puts back what stands in the database at this moment."""
        connections.close_all()
        shutil.copyfile(self.own, self.kept)

    def forget(self) -> None:
        """Back to the migrated database, without what was kept."""
        self.kept.unlink(missing_ok=True)
        self.restore()

    def remove_side_files(self) -> None:
        """Without the log of the file before."""
        for ending in ("-wal", "-shm"):
            self.own.with_name(self.own.name + ending).unlink(missing_ok=True)

    def remove(self) -> None:
        """At the end of the run."""
        connections.close_all()
        for path in (self.own, self.origin, self.kept):
            path.unlink(missing_ok=True)
        self.remove_side_files()


class PostgresqlDatabase:
    """A database created from a template database on the same server."""

    def __init__(self) -> None:
        self.template = f"tuoyu_template_{migrations_digest()}"
        self.own = f"tuoyu_test_{own_suffix()}_{os.getpid()}"
        self.kept = f"{self.own}_kept"
        self.server = dict(connection.settings_dict)

    def prepare(self) -> None:
        """Make the template if it is absent, then this process's copy."""
        with locked("postgresql"):
            if not self._exists(self.template):
                self._drop_old_templates()
                draft = f"{self.template}_draft"
                self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", draft)
                self._run("CREATE DATABASE {}", draft)
                migrate_into(draft)
                self._run("ALTER DATABASE {} RENAME TO {}", draft, self.template)
            self.restore()
        connection.settings_dict["NAME"] = self.own

    def restore(self) -> None:
        """Replace this process's database by a fresh copy."""
        connections.close_all()
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.own)
        origin = self.kept if self._exists(self.kept) else self.template
        self._run("CREATE DATABASE {} TEMPLATE {}", self.own, origin)

    def keep(self) -> None:
        """From now on `restore` puts back what stands in the database at this moment."""
        connections.close_all()
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.kept)
        self._run("CREATE DATABASE {} TEMPLATE {}", self.kept, self.own)

    def forget(self) -> None:
        """Back to the migrated database, without what was kept."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.kept)
        self.restore()

    def remove(self) -> None:
        """At the end of the run."""
        connections.close_all()
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.own)
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.kept)

    def _drop_old_templates(self) -> None:
        """All but the newest two: another run in a second checkout may still use one."""
        with self._connect() as server:
            rows = server.execute("SELECT datname FROM pg_database ORDER BY oid DESC").fetchall()
        templates = [name for (name,) in rows if name.startswith("tuoyu_template_")]
        for name in templates[2:]:
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            dbname=self.server["NAME"],
            user=self.server["USER"] or None,
            password=self.server["PASSWORD"] or None,
            host=self.server["HOST"] or None,
            port=self.server["PORT"] or None,
            autocommit=True,
        )

    def _exists(self, name: str) -> bool:
        with self._connect() as server:
            return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def _run(self, statement: str, *names: str) -> None:
        with self._connect() as server:
            server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


OwnDatabase = SqliteDatabase | PostgresqlDatabase


def own_database() -> OwnDatabase:
    """The kind that the settings name."""
    return SqliteDatabase() if connection.vendor == "sqlite" else PostgresqlDatabase()
