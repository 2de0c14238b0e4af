"""Whether the three services are where the environment says; one sentence for each that is not."""

from __future__ import annotations

import os
import sys
import urllib.request
from collections.abc import Callable

import psycopg
import redis

EXAMPLES = {
    "DATABASE_URL": "postgres://user@127.0.0.1:5432/name",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "ELASTICSEARCH_URL": "http://127.0.0.1:9200",
}


def postgresql(address: str) -> None:
    """Connect once."""
    if not address.startswith("postgres"):
        raise ValueError("not a postgres:// address")
    psycopg.connect(address, connect_timeout=5).close()


def redis_server(address: str) -> None:
    """Ask for a sign of life."""
    redis.Redis.from_url(address, socket_connect_timeout=5).ping()


def elasticsearch(address: str) -> None:
    """Ask for the health of the cluster."""
    if not address.startswith(("http://", "https://")):
        raise ValueError("not an http address")
    with urllib.request.urlopen(f"{address.rstrip('/')}/_cluster/health", timeout=5) as answer:  # noqa: S310
        answer.read()


PROBES: dict[str, Callable[[str], None]] = {
    "DATABASE_URL": postgresql,
    "REDIS_URL": redis_server,
    "ELASTICSEARCH_URL": elasticsearch,
}


def main() -> int:
    """Zero if all three answer."""
    problems = []
    for name, probe in PROBES.items():
        address = os.environ.get(name, "")
        if not address:
            problems.append(f"{name} is not set (for example {EXAMPLES[name]}).")
            continue
        try:
            probe(address)
        except (OSError, ValueError, psycopg.Error, redis.RedisError) as error:
            problems.append(f"{name}: nothing answers there ({type(error).__name__}).")
    for problem in problems:
        sys.stderr.write(f"test-services: {problem}\n")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
