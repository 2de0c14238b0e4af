"""Names of accounts of the first release come into their one form."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from cms.accounts.models import User
from tests.constraints import refuses
from tests.factories.accounts import StaffUserFactory


@pytest.mark.django_db(transaction=True)
def test_names_of_the_first_release_are_migrated() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([("accounts", "0001_initial")])
    people = [StaffUserFactory(username=name) for name in ("Anna", "ben")]

    executor.loader.build_graph()
    executor.migrate([("accounts", "0003_user_name_is_lower_case")])

    assert [User.objects.get(pk=user.pk).username for user in people] == ["anna", "ben"]
    refuses("user_name_is_lower_case", lambda: StaffUserFactory(username="Carl"))
