"""Which institutions can be booked."""

from __future__ import annotations

import pytest

from booking.care.queries.offering import public_institution
from cms.core.errors import NotFound
from tests.factories.booking import open_house


@pytest.mark.django_db
def test_the_named_institution_is_found_among_others_while_it_is_public():
    other, made = open_house().institution, open_house().institution

    assert [public_institution(each.public_id) for each in (other, made)] == [other, made]
    type(made).objects.filter(pk=made.pk).update(is_public=False, state="ended")
    with pytest.raises(NotFound):
        public_institution(made.public_id)
