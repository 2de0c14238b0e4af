"""What waits for the staff of a district, at its edges and with the second of two."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.accounts.models import User
from cms.core.models import CalendarDay
from directory.districts.models import District
from directory.register.models import Institution
from directory.register.queries.counts import PublicCounts, Waiting, public_counts, waiting_for
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import (
    DistrictFactory,
    DistrictStaffFactory,
    InstitutionFactory,
    InstitutionMemberFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 10, 26, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 10, 26)
NOTHING = Waiting(
    drafts=0,
    rectification=0,
    overdue_rectification=0,
    expiring=0,
    not_ended=0,
    without_manager=0,
    missing_year=None,
)


@pytest.fixture
def district() -> District:
    CalendarDay.objects.create(date=dt.date(2026, 1, 1), kind="holiday", name="元旦", source="通知")
    return DistrictFactory()


@pytest.fixture
def person(district: District) -> User:
    return DistrictStaffFactory(district=district, user=StaffUserFactory()).user


def waiting(person: User, today: dt.date = TODAY) -> Waiting:
    with time_machine.travel(NOW, tick=False):
        return waiting_for(person, today=today)


def managed(district: District) -> Institution:
    institution = InstitutionFactory(district=district, public=True)
    InstitutionMemberFactory(institution=institution, user=StaffUserFactory())
    return institution


def test_nothing_waits_where_all_is_well(district: District, person: User) -> None:
    managed(district)

    assert waiting(person) == NOTHING


def test_a_former_manager_beside_a_caregiver_is_no_manager(district: District, person: User) -> None:
    institution = InstitutionFactory(district=district, public=True)
    InstitutionMemberFactory(institution=institution, user=StaffUserFactory(), ended_at=NOW)
    InstitutionMemberFactory(institution=institution, user=StaffUserFactory(), role="caregiver")

    assert waiting(person).without_manager == 1


def test_a_manager_of_another_institution_does_not_count(district: District, person: User) -> None:
    managed(district)
    InstitutionFactory(district=district, public=True)
    InstitutionFactory(district=district)

    found = waiting(person)

    assert (found.without_manager, found.drafts) == (1, 1)


def test_rectification_is_overdue_after_its_last_day(district: District, person: User) -> None:
    for until in (dt.date(2026, 10, 25), TODAY, None):
        institution = managed(district)
        Institution.objects.filter(pk=institution.pk).update(
            state="under_rectification",
            rectification_from_date=dt.date(2026, 10, 1),
            rectification_until_date=until,
        )

    found = waiting(person)

    assert (found.rectification, found.overdue_rectification) == (3, 1)


@pytest.mark.parametrize(("days", "expiring", "not_ended"), [(-1, 0, 1), (0, 1, 0), (59, 1, 0), (60, 1, 0), (61, 0, 0)])
def test_what_runs_out_within_sixty_days(
    district: District, person: User, days: int, expiring: int, not_ended: int
) -> None:
    institution = managed(district)
    institution.authorisations.update(until_date=TODAY + dt.timedelta(days=days))

    found = waiting(person)

    assert (found.expiring, found.not_ended) == (expiring, not_ended)


def test_what_was_ended_or_is_elsewhere_does_not_wait(district: District, person: User) -> None:
    past = dt.date(2026, 10, 1)
    ended = managed(district)
    ended.authorisations.update(until_date=past, ended_date=past, ended_reason="有效期已满")
    other = InstitutionFactory(public=True)
    other.authorisations.update(until_date=past)

    assert (waiting(person).expiring, waiting(person).not_ended) == (0, 0)


@pytest.mark.parametrize(
    ("today", "missing"),
    [(dt.date(2026, 10, 31), None), (dt.date(2026, 11, 1), 2027), (dt.date(2027, 1, 1), 2027)],
)
def test_next_years_calendar_is_due_in_november(person: User, today: dt.date, missing: int | None) -> None:
    assert waiting(person, today).missing_year == missing


def test_public_counts_are_of_the_district(district: District) -> None:
    shown = InstitutionFactory(district=district, public=True, inclusive_places=1)
    Institution.objects.filter(pk=shown.pk).update(is_demonstration=True)
    InstitutionFactory(district=district, public=True, inclusive_places=0)
    InstitutionFactory(district=district)
    InstitutionFactory(public=True, inclusive_places=0)

    assert public_counts(district) == PublicCounts(filed=2, demonstration=1, inclusive=1)
    assert public_counts() == PublicCounts(filed=3, demonstration=1, inclusive=1)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(district: District, person: User, count: int) -> None:
    for _ in range(count):
        managed(district)

    with CaptureQueriesContext(connection) as queries:
        waiting(person)

    assert len(queries) == 4
