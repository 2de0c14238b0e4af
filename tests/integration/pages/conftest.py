"""A site that is set up, for the tests of the admin's pages."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.management import call_command


@pytest.fixture(scope="module")
def laid_site(lay: Callable[[Callable[[], None]], None]) -> None:
    """What `manage.py setup_site` makes."""
    lay(lambda: call_command("setup_site", stdout=io.StringIO()))
