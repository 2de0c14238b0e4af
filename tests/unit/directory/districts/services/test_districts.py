"""What staff correct of a district itself."""

from __future__ import annotations

import pytest
from wagtail.models import ModelLogEntry

from cms.core.errors import InvalidInput
from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.districts.services.districts import correct_district
from tests.factories.directory import DistrictFactory

pytestmark = pytest.mark.django_db


def test_a_district_is_corrected_from_what_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    bumped: list[str] = []
    monkeypatch.setattr(versions, "bump", bumped.append)
    district = DistrictFactory(full_name="旧名", radius_km=30.5)
    stale = type(district).objects.get(pk=district.pk)
    correct_district(district=district, values={"full_name": "新名"})

    changed = correct_district(district=stale, values={"radius_km": 25})

    assert (changed.full_name, changed.radius_km) == ("新名", 25)
    assert [row.data["changes"] for row in ModelLogEntry.objects.order_by("pk")] == [
        {"full_name": ["旧名", "新名"]},
        {"radius_km": ["30.5", "25"]},
    ]
    assert bumped == [PUBLIC_PAGES] * 2


def test_a_district_needs_a_name() -> None:
    district = DistrictFactory()

    with pytest.raises(InvalidInput) as caught:
        correct_district(district=district, values={"name": ""})

    assert list(caught.value.fields) == ["name"]
