"""Which classes an institution runs."""

from __future__ import annotations

import pytest

from booking.places.queries.buckets import kinds_run
from tests.factories.booking import full_house


@pytest.mark.django_db
def test_kinds_run_are_those_of_the_institution_that_are_open():
    house = full_house()
    house.groups["infant"].active = False
    house.groups["infant"].save()

    assert kinds_run(house.institution) == {"toddler", "mixed"}
    assert kinds_run(house.other.institution) == {"toddler"}
