"""Reading from the copy, writing to the database."""

from __future__ import annotations

import pytest
from django.db import DEFAULT_DB_ALIAS, connections, router

from cms.core.models import CalendarDay
from cms.core.runtime.replica import ALIAS, from_replica
from directory.districts.models import District
from tests.factories.directory import DistrictFactory
from tests.mirrors import Unreachable

pytestmark = pytest.mark.django_db


def test_without_a_copy_the_database_is_read() -> None:
    district = DistrictFactory()

    rows = from_replica(District.objects.filter(pk=district.pk))

    assert (rows.db, list(rows)) == (DEFAULT_DB_ALIAS, [district])


def test_with_a_copy_it_is_read_and_what_hangs_on_its_rows_too(mirror: None) -> None:
    district = DistrictFactory()

    found = from_replica(District.objects.filter(pk=district.pk)).get()

    assert (found._state.db, found.rules.all().db, found.townships.all().db) == (ALIAS, ALIAS, ALIAS)
    assert District.objects.get(pk=district.pk)._state.db == DEFAULT_DB_ALIAS


def test_what_was_read_from_the_copy_is_written_to_the_database(mirror: None) -> None:
    district = DistrictFactory()
    found = from_replica(District.objects.filter(pk=district.pk)).get()
    connections[ALIAS] = Unreachable()

    found.name = "新名"
    found.save()

    assert District.objects.get(pk=district.pk).name == "新名"


@pytest.mark.parametrize(("alias", "allowed"), [(DEFAULT_DB_ALIAS, True), (ALIAS, False)])
def test_copy_is_never_migrated(alias: str, allowed: bool) -> None:
    assert router.allow_migrate(alias, "core") is allowed
    assert router.db_for_write(CalendarDay) == DEFAULT_DB_ALIAS
