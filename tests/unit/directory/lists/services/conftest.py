"""The district whose lists are imported."""

from __future__ import annotations

import pytest

from directory.districts.models import District
from tests.factories.directory import DistrictFactory, TownshipFactory


@pytest.fixture
def district() -> District:
    made = DistrictFactory(slug="jianxi", code="410305", name="涧西区", full_name="洛阳市涧西区")
    TownshipFactory(district=made, name="工农街道")
    TownshipFactory(district=made, name="湖北路街道")
    return made
