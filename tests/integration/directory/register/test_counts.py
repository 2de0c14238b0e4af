"""Public institutions of a district, counted for the home page."""

from __future__ import annotations

import pytest

from directory.register.models import Institution
from directory.register.queries.counts import PublicCounts, public_counts
from tests.factories.directory import DistrictFactory, InstitutionFactory

pytestmark = pytest.mark.django_db


def test_public_counts_are_of_the_district() -> None:
    district = DistrictFactory()
    shown = InstitutionFactory(district=district, public=True, inclusive_places=1)
    Institution.objects.filter(pk=shown.pk).update(is_demonstration=True)
    InstitutionFactory(district=district, public=True, inclusive_places=0)
    InstitutionFactory(district=district)
    InstitutionFactory(public=True, inclusive_places=0)

    assert public_counts(district) == PublicCounts(filed=2, demonstration=1, inclusive=1)
    assert public_counts() == PublicCounts(filed=3, demonstration=1, inclusive=1)
