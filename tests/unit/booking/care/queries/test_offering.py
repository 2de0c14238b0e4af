"""Which institutions and products can be booked."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.queries.offering import products_of, public_institution
from cms.core.errors import NotFound
from tests.factories.booking import full_house, open_house
from tests.factories.directory import CareProductFactory


@pytest.mark.django_db
def test_the_named_institution_is_found_among_others_while_it_is_public():
    other, made = open_house().institution, open_house().institution

    assert [public_institution(each.public_id) for each in (other, made)] == [other, made]
    type(made).objects.filter(pk=made.pk).update(is_public=False, state="ended")
    with pytest.raises(NotFound):
        public_institution(made.public_id)


@pytest.mark.django_db
def test_products_are_those_offered_cheapest_and_then_earliest_first():
    house = full_house()
    made = house.institution
    CareProductFactory(institution=made, hourly=True, starts=dt.time(7), ends=dt.time(8))
    CareProductFactory(institution=made, mode="half_month", fee=1)
    CareProductFactory(institution=made, fee=2, active=False)

    found = products_of(made)

    assert [(each.fee, each.starts.hour) for each in found] == [
        (700, 8),
        (900, 7),
        (900, 8),
        (2000, 8),
        (3000, 8),
        (4500, 8),
        (8000, 8),
    ]
