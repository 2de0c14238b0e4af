"""A real Chromium against the real site: served by threads of this process, on a copy of the demo data."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.databases import SqliteDatabase, own_database
from tests.journeys.markup import JAR, MarkupChecker, markup_checker
from tests.journeys.visitor import NewVisitor, Visitor
from tests.journeys.world import fill

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WECHAT = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 "
    "Mobile Safari/537.36 MicroMessenger/8.0.50.2701(0x28003237) WeChat/arm64 NetType/4G Language/zh_CN"
)
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "user_agent": WECHAT,
    "has_touch": True,
    "is_mobile": True,
}
#: Milliseconds before something that does not come counts as absent; generous, for a busy machine.
PATIENCE = 15_000
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}


# The driver of the browser runs an event loop in this thread; Django would take that for an async view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a journey with transactions of its own."""
    for item in items:
        item.add_marker(pytest.mark.journey)


class NoStaticFiles(StaticFilesHandler):
    """Leaves the files to WhiteNoise, as in production."""

    def _should_handle(self, path: str) -> bool:
        return False


@pytest.fixture(scope="session")
def as_in_production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Collected files in one style sheet, and the page cache."""
    root: Path = tmp_path_factory.mktemp("static")
    files = {"BACKEND": "cms.core.web.static_storage.BundlingStaticFilesStorage"}
    with override_settings(
        STATIC_ROOT=root,
        STORAGES={**django_settings.STORAGES, "staticfiles": files},
        WHITENOISE_AUTOREFRESH=False,
        WHITENOISE_USE_FINDERS=False,
        PAGE_CACHE_SECONDS=30,
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Every journey begins with the demo data, made once a run; `django_db_setup` of the suite restores it."""
    database = own_database()
    if not isinstance(database, SqliteDatabase):
        raise pytest.UsageError("The journeys run in the embedded default: leave DATABASE_URL out.")
    with django_db_blocker.unblock():
        fill()
        database.keep()
        database.restore()


@pytest.fixture(scope="session")
def live_server(as_in_production: None) -> Iterator[LiveServer]:
    """The site on a port of the loopback interface."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = NoStaticFiles
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run; without one every journey is an error."""
    name = os.environ.get("CHROMIUM", "chromium")
    path = shutil.which(name)
    if path is None:
        raise pytest.UsageError(f"No {name} here: install Chromium or name one in CHROMIUM.")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def markup() -> Iterator[MarkupChecker]:
    """The checker of HTML; without it every journey is an error."""
    if not JAR.exists():
        raise pytest.UsageError("No checker of HTML here: run scripts/vnu, as make journeys does.")
    with markup_checker() as checker:
        yield checker


@pytest.fixture
def visitors(
    browser: Browser, markup: MarkupChecker, live_server: LiveServer, settings: Settings
) -> Iterator[NewVisitor]:
    """Makes visitors, each with a browser of its own; in the end none may have met an error unannounced."""
    settings.SITE_URL = live_server.url
    made: list[Visitor] = []

    def come(name: str, **options: Any) -> Visitor:
        context = browser.new_context(base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
        context.set_default_timeout(PATIENCE)
        scripted = options.get("java_script_enabled", True)
        made.append(Visitor(context, name=name, markup=markup, scripted=scripted))
        return made[-1]

    yield come
    for visitor in made:
        visitor.leave()
    troubles = [trouble for visitor in made for trouble in visitor.troubles]
    assert troubles == []


@pytest.fixture
def parent(visitors: NewVisitor) -> Visitor:
    """A phone, in WeChat."""
    return visitors("parent", **PHONE)


@pytest.fixture
def desk(visitors: NewVisitor) -> Visitor:
    """A computer in an office."""
    return visitors("desk", **DESK)


@pytest.fixture
def tablet(visitors: NewVisitor) -> Visitor:
    """A second phone, in another hand."""
    return visitors("tablet", **PHONE)


@pytest.fixture
def office(visitors: NewVisitor) -> Visitor:
    """A second computer, in another office."""
    return visitors("office", **DESK)


@pytest.fixture
def plain(visitors: NewVisitor) -> Visitor:
    """A phone whose browser runs no script."""
    return visitors("plain", java_script_enabled=False, **PHONE)
