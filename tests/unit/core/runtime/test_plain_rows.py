from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection

from cms.core.runtime.plain_rows import Columns, read_moment
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


def test_row_is_read_from_its_first_column_or_from_a_later_one():
    made = InstitutionFactory()
    columns = Columns(Institution, "i", "id", "name")

    read = [columns.make([made.pk, made.name]), columns.make(["x", "y", made.pk, made.name], 2)]

    assert [(row.pk, row.name) for row in read] == [(made.pk, made.name)] * 2
    assert (len(columns), str(columns)) == (2, 'i."id", i."name"')


def test_misspelt_column_fails_at_once():
    with pytest.raises(FieldDoesNotExist):
        Columns(Institution, "i", "id", "nam")


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        (dt.datetime(2026, 11, 26, 2, 0), dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)),  # noqa: DTZ001  # as SQLite
        (dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC), dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)),
        (None, None),
    ],
)
def test_moments_are_in_utc(stored: dt.datetime | None, read: dt.datetime | None):
    assert read_moment(stored) == read
