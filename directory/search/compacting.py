"""Giving back the space that changes of the index leave behind: nightly, and only where it is worth the wait.

A set of slots is written again whenever one of its members changes, on PostgreSQL as a new row version. Vacuuming lets
the old space be used again; a table that many changes in a short time have blown up is rewritten, which keeps
readers out for the second or two that its live rows take.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import Length

from directory.search.models import SearchEntry, SearchPosting

#: A file or table below this size is left as it is.
WORTH_IT = 64 * 1024 * 1024
#: A file is mostly empty when one page in so many is free.
MOSTLY = 2
#: How many times the size of its rows a table may have (their keys and indexes included).
BLOWN_UP = 4


def compact(now: dt.datetime) -> int:
    """Give space back; returns the bytes by which the database became smaller. Not inside a transaction."""
    return _compact_sqlite() if connection.vendor == "sqlite" else _compact_postgresql()


def _compact_sqlite() -> int:
    """Free pages are used again by themselves; only a file that is mostly empty is rewritten."""
    _run("PRAGMA wal_checkpoint(TRUNCATE)")
    pages, free, size = (_answer(f"PRAGMA {name}") for name in ("page_count", "freelist_count", "page_size"))
    if free * size < WORTH_IT or free * MOSTLY < pages:
        return 0
    _run("VACUUM")
    return (pages - _answer("PRAGMA page_count")) * size


def _compact_postgresql() -> int:
    postings, entries = SearchPosting._meta.db_table, SearchEntry._meta.db_table
    _run(f"VACUUM (ANALYZE) {entries}")
    before = _answer(f"SELECT pg_total_relation_size('{postings}')")
    rows = SearchPosting.objects.aggregate(bytes=Sum(Length("data")))["bytes"] or 0
    if before < WORTH_IT or before < rows * BLOWN_UP:
        _run(f"VACUUM (ANALYZE) {postings}")
        return 0
    _run(f"VACUUM (FULL, ANALYZE) {postings}")
    return before - _answer(f"SELECT pg_total_relation_size('{postings}')")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _answer(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
