"""Who may read from the copy of the database: figures, open data and exports, never what decides."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
READERS = {
    "directory/districts/queries/figures.py",
    "directory/districts/viewsets/listing.py",
    "directory/lists/queries/registers.py",
}
HELPER = "cms/core/runtime/replica.py"
#: Another way to a second database than the helper.
OTHER_WAY = re.compile(r"\.using\(|\busing=|connections\[|[\"']replica[\"']")
#: Where the copy's address is read, and Elasticsearch's connection.
ELSEWHERE = {"cms/core/runtime/env.py", "directory/search/elastic.py"}


def sources() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for app in ("cms", "directory", "booking", "parenting")
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    }


def test_only_figures_and_exports_read_from_the_copy() -> None:
    found = {name for name, text in sources().items() if "runtime.replica import" in text or "import replica" in text}

    assert found == READERS


def test_nobody_reaches_a_second_database_another_way() -> None:
    found = {name for name, text in sources().items() if OTHER_WAY.search(text)}

    assert found == ELSEWHERE | {HELPER}


def test_booking_and_accounts_know_of_no_copy() -> None:
    guilty = [
        name
        for name, text in sources().items()
        if name.startswith(("booking/", "parenting/", "cms/accounts/")) and "replica" in text
    ]

    assert guilty == []
