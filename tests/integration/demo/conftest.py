"""An empty site and a filled one, made once a module; each test rolls back what it adds."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from tests.databases import OwnDatabase
from tests.factories.demo import MORNING, run_demo


@pytest.fixture(scope="module")
def site(django_db_setup: None, database: OwnDatabase, django_db_blocker: Any) -> Iterator[None]:
    """An empty site that has been set up."""
    with django_db_blocker.unblock(), time_machine.travel(MORNING, tick=False):
        call_command("setup_site", stdout=io.StringIO())
    yield
    with django_db_blocker.unblock():
        database.restore()


@pytest.fixture(scope="module")
def demo(site: None, django_db_blocker: Any) -> dict[str, Any]:
    """What the default run printed."""
    with django_db_blocker.unblock():
        return run_demo(MORNING)
