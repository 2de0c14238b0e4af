"""Which institution a class may name as its host."""

from __future__ import annotations

import pytest

from parenting.classes.models import ClassSession
from tests.factories.directory import DistrictFactory, InstitutionFactory
from tests.integration.parenting.classes.test_admin import ADD, browser, clock, fields, staff_of

__all__ = ["clock"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("own", "public", "taken"), [(True, True, True), (True, False, False), (False, True, False)])
def test_a_host_is_a_public_institution_of_the_district(own, public, taken):
    district = DistrictFactory()
    host = InstitutionFactory(district=district if own else DistrictFactory(), public=public)

    answer = browser(staff_of(district)).post(ADD, fields(district, host=host.pk))

    assert list(ClassSession.objects.values_list("host", flat=True)) == ([host.pk] if taken else [])
    assert taken or "请选本区已公开的机构。" in answer.content.decode()
