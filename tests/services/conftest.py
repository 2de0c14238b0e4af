"""A missing service is an error here, never a skip."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

NEEDED = ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything below this folder needs the services."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.services)


@pytest.fixture(scope="session", autouse=True)
def services_are_named() -> None:
    """Fail at once if an address is missing, so that nothing runs on SQLite by mistake."""
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        pytest.fail(f"{', '.join(missing)} not set: run make test-services with the three addresses.", pytrace=False)
