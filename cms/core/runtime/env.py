"""Typed access to environment variables.

Every problem is one `EnvironmentProblem` whose text names the variable and says what to do, so that a wrong
environment stops the start with one clear sentence.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ENCRYPTION_KEY_BYTES = 32
SQLITE_BUSY_SECONDS = 20
CONNECTION_SECONDS = 600
REPLICA = "REPLICA_DATABASE_URL"
YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}


class EnvironmentProblem(ImproperlyConfigured):
    """A variable is missing or malformed; the message is ready to be shown to whoever starts the site."""


def text(name: str, default: str | None = None, *, hint: str = "") -> str:
    """The variable's text, else `default`; without a default an absent or empty variable is a problem."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is not None:
        return default
    raise EnvironmentProblem(f"{name} is not set{': ' + hint if hint else ''}.")


def flag(name: str, default: bool = False) -> bool:
    """The variable as yes or no."""
    value = os.environ.get(name)
    if value is None:
        return default
    lowered = value.strip().lower()
    if lowered not in YES | NO:
        raise EnvironmentProblem(f"{name} must be true or false, not {value!r}.")
    return lowered in YES


def whole_number(name: str, default: int) -> int:
    """The variable as a whole number of zero or more."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal():
        raise EnvironmentProblem(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def words(name: str, default: list[str] | None = None, *, hint: str = "") -> list[str]:
    """The variable split at commas, blanks dropped."""
    given = text(name, None if default is None else ",".join(default), hint=hint)
    return [word.strip() for word in given.split(",") if word.strip()]


def pairs(name: str) -> dict[str, str]:
    """`a=1,b=2` as a dictionary; empty if absent."""
    found = {}
    for word in words(name, []):
        key, equals, value = word.partition("=")
        if not (key and equals and value):
            raise EnvironmentProblem(f"{name} must look like a=1,b=2; {word!r} does not.")
        found[key.strip()] = value.strip()
    return found


def service_address(name: str, *, schemes: tuple[str, ...]) -> str:
    """Address of an optional service, "" when the variable is absent; another scheme is a problem."""
    value = text(name, "")
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in schemes or not (parts.hostname or parts.path):
        raise EnvironmentProblem(f"{name} must start with {' or '.join(s + '://' for s in schemes)}.")
    return value


def encryption_keys(name: str = "FIELD_ENCRYPTION_KEYS", default: list[str] | None = None) -> list[str]:
    """Key ring for encrypted fields: url-safe base64 of 32 bytes each, comma separated, the newest first."""
    keys = words(name, default, hint="comma-separated keys, each made by `python manage.py make_key`")
    for position, key in enumerate(keys, start=1):
        try:
            raw = base64.urlsafe_b64decode(key.encode())
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != ENCRYPTION_KEY_BYTES:
            raise EnvironmentProblem(f"{name}: key {position} is not the url-safe base64 of 32 bytes.")
    if not keys:
        raise EnvironmentProblem(f"{name} holds no key.")
    return keys


def is_loopback(host: str) -> bool:
    """Whether the host name or address is this machine's own loopback interface."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def site_url(name: str = "SITE_URL", default: str | None = None) -> str:
    """The site's own address without a trailing slash: http or https, a host, nothing after it."""
    value = text(name, default, hint="the address visitors use, for example https://tuoyu.example.cn").rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise EnvironmentProblem(f"{name} must be http:// or https:// and a host name, not {value!r}.")
    return value


def databases(default: str | None = None, *, base_dir: Path) -> dict[str, dict[str, Any]]:
    """The site's database and, where `REPLICA_DATABASE_URL` names one, the copy from which figures and exports read."""
    found = {"default": database(default=default, base_dir=base_dir)}
    if text(REPLICA, ""):
        replica = database(REPLICA, base_dir=base_dir) | {"TEST": {"MIRROR": "default"}}
        if replica["ENGINE"] != found["default"]["ENGINE"]:
            raise EnvironmentProblem(f"{REPLICA} must be of the same kind as DATABASE_URL: a copy of it.")
        found["replica"] = replica
    return found


def database(name: str = "DATABASE_URL", default: str | None = None, *, base_dir: Path) -> dict[str, Any]:
    """Django's settings of one database from an address.

    `sqlite:///relative.sqlite3`, `sqlite:////absolute.sqlite3` or `postgres://user:password@host:5432/name`.
    """
    value = text(name, default, hint="for example postgres://user:password@127.0.0.1:5432/tuoyu")
    parts = urlsplit(value)
    if parts.scheme == "sqlite":
        return _sqlite(name, parts.path, base_dir)
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(name, value)
    raise EnvironmentProblem(f"{name} must start with sqlite:/// or postgres://.")


def _sqlite(name: str, path: str, base_dir: Path) -> dict[str, Any]:
    if len(path) < 2:
        raise EnvironmentProblem(f"{name} names no file: sqlite:///var/site.sqlite3 is one.")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(base_dir / path[1:]) if not path.startswith("//") else path[1:],
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "OPTIONS": {
            # A writer asks for the lock when it begins, so it waits instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_BUSY_SECONDS,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728"
            ),
        },
    }


def _postgresql(name: str, value: str) -> dict[str, Any]:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise EnvironmentProblem(f"{name}: the port is not a number.") from None
    database_name = unquote(parts.path.lstrip("/"))
    if not database_name:
        raise EnvironmentProblem(f"{name} names no database after the host.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    # Nobody waits longer than two seconds for a row: the engine answers "busy" instead.
    options.setdefault("options", "-c lock_timeout=2000")
    # The same few statements over and over: the server parses and plans each once a connection (docs/adr/0081).
    options |= {"server_side_binding": True, "prepare_threshold": 5}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
