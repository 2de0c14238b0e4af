"""Who works in a district's office, and the browser they use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from directory.districts.models import District
from directory.districts.services.setup import setup_districts, setup_offices
from tests.factories.staff import client_of


@pytest.fixture(scope="module")
def laid_districts(lay: Callable[[Callable[[], None]], None]) -> None:
    """The five districts with their offices."""

    def make() -> None:
        setup_districts()
        setup_offices(now=timezone.now())

    lay(make)


@pytest.fixture
def jianxi(laid_districts: None) -> District:
    return District.objects.get(slug="jianxi")


@pytest.fixture
def staff(jianxi: District) -> Client:
    """A signed-in member of the district's health commission."""
    return client_of(jianxi, "health_commission")
