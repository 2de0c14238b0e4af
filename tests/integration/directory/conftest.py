"""Who works in a district's office, and the browser they use."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from directory.districts.models import District
from directory.districts.services.setup import setup_districts, setup_offices
from tests.factories.staff import client_of


@pytest.fixture
def jianxi() -> District:
    setup_districts()
    setup_offices(now=timezone.now())
    return District.objects.get(slug="jianxi")


@pytest.fixture
def staff(jianxi: District) -> Client:
    """A signed-in member of the district's health commission."""
    return client_of(jianxi, "health_commission")
