"""Fixtures every test may use; an app's own stand beside its tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connections
from django.test import TransactionTestCase

from cms.accounts.signin import api_limits
from cms.core.runtime import versions
from cms.core.runtime.kernel_ports import OutboxHandler, outbox_handlers
from cms.core.runtime.ports import ManyPort
from cms.core.web import page_cache
from cms.pages import frame
from directory.districts.queries import districts
from tests.databases import OwnDatabase, own_database
from tests.mirrors import Unreachable, named_copy

T = TypeVar("T")


@pytest.fixture(scope="session")
def database(django_test_environment: None) -> OwnDatabase:
    """What this process works on; `restore` throws away what a module has committed for its tests."""
    return own_database()


@pytest.fixture(scope="session")
def django_db_setup(database: OwnDatabase, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """This process's own copy of the migrated template, renewed after each test with own transactions."""
    with django_db_blocker.unblock():
        database.prepare()
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda case: database.restore()
    yield
    TransactionTestCase._fixture_teardown = flush
    with django_db_blocker.unblock():
        database.remove()


@pytest.fixture(scope="module")
def lay(
    django_db_setup: None, database: OwnDatabase, django_db_blocker: Any
) -> Iterator[Callable[[Callable[[], T]], T]]:
    """`lay(make)` commits what ``make`` writes, once a module: each test begins there and rolls its own rows back.

    For what is dear and the same before every test. A test gets copies of the rows it may change.
    """

    def lay(make: Callable[[], T]) -> T:
        if connections[DEFAULT_DB_ALIAS].in_atomic_block:
            raise pytest.UsageError("Ask for this fixture before the test begins: `usefixtures` on its module.")
        with django_db_blocker.unblock():
            made = make()
            database.keep()
        return made

    yield lay
    with django_db_blocker.unblock():
        database.forget()


@pytest.fixture(autouse=True)
def fresh_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees what another left in the caches of the process, and no version is asked for again as time passes."""
    monkeypatch.setattr(versions, "clock", lambda: 0.0)
    cache.clear()
    page_cache.store.clear()
    frame.forget_kept_frames()
    districts.forget_kept_districts()
    versions.forget_seen()
    api_limits.forget_calls()


@pytest.fixture
def handlers() -> Iterator[ManyPort[OutboxHandler]]:
    """The outbox knows no topics but those that the test registers."""
    with outbox_handlers.replaced_by():
        yield outbox_handlers


@pytest.fixture
def mirror(db: None) -> Iterator[None]:
    """A copy of the database for reading: the same connection under its name, so rows of the test are there."""
    with named_copy(connections[DEFAULT_DB_ALIAS]):
        yield


@pytest.fixture
def unreachable(db: None) -> Iterator[None]:
    """A copy that refuses whoever asks it."""
    with named_copy(Unreachable()):
        yield


@pytest.fixture
def media_root(tmp_path: Path) -> Iterator[Path]:
    """A folder of its own for uploaded files."""
    before = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = tmp_path / "media"
    yield settings.MEDIA_ROOT
    settings.MEDIA_ROOT = before
