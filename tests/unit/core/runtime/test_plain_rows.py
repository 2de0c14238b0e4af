from __future__ import annotations

import pytest
from django.db import connection

from cms.core.runtime.plain_rows import Columns
from directory.districts.models import Township
from directory.register.models import Institution
from tests.factories.directory import InstitutionFactory

pytestmark = pytest.mark.django_db


def test_whole_rows_are_what_the_model_would_read():
    made = InstitutionFactory(filed_modes=["hourly"])

    (read,) = Columns(Institution, "i").select("WHERE i.public_id = %s", [made.public_id])

    stored = Institution.objects.get(pk=made.pk)
    for field in Institution._meta.concrete_fields:
        assert getattr(read, field.attname) == getattr(stored, field.attname), field.attname


def test_columns_left_out_are_fetched_when_asked_for(django_assert_num_queries):
    made = InstitutionFactory()
    (read,) = Columns(Institution, "i", "id", "name").select("WHERE i.id = %s", [made.pk])

    with django_assert_num_queries(1):
        assert (read.name, read.address) == (made.name, made.address)


def test_outer_join_without_a_row_makes_nothing():
    made = InstitutionFactory(township=None)
    columns = Columns(Township, "t", "id", "name")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT i.id, {columns} FROM directory_institution i "  # noqa: S608  # names of the models
            "LEFT JOIN directory_township t ON t.id = i.township_id WHERE i.id = %s",
            [made.pk],
        )
        row = cursor.fetchone()

    assert columns.make(row, 1) is None
