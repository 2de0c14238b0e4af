from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cms.pages.models import PolicyNotPublic, PolicyPage
from tests.factories.pages import make_policy, make_site

State = PolicyPage.State
# Making a page object looks up its content type.
pytestmark = pytest.mark.django_db


def policy(**fields):
    return PolicyPage(title="方案", issuer="区政府", **fields)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"stage": "draft", "issued_date": dt.date(2020, 1, 1)}, State.DRAFT),
        ({}, State.UNKNOWN),
        ({"validity_years": 5}, State.UNKNOWN),
        ({"issued_date": dt.date(2022, 11, 15)}, State.IN_FORCE),
        ({"issued_date": dt.date(2021, 11, 23), "validity_years": 5}, State.IN_FORCE),
        ({"issued_date": dt.date(2021, 11, 22), "validity_years": 5}, State.EXPIRED),
        ({"issued_date": dt.date(2026, 11, 1), "effective_date": dt.date(2027, 1, 1)}, State.NOT_YET),
        ({"issued_date": dt.date(2022, 1, 1), "superseded_by_id": 7}, State.SUPERSEDED),
    ],
)
def test_state_on_a_day(fields, state):
    assert policy(**fields).state_on(dt.date(2026, 11, 22)) == state


def test_expiry_counts_from_the_effective_date():
    made = policy(issued_date=dt.date(2021, 12, 3), effective_date=dt.date(2022, 1, 1), validity_years=5)

    assert made.expires_date == dt.date(2027, 1, 1)


def test_expiry_of_a_leap_day_is_the_first_of_march():
    assert policy(issued_date=dt.date(2024, 2, 29), validity_years=1).expires_date == dt.date(2025, 3, 1)


@pytest.mark.parametrize(
    ("issued", "years", "state"),
    [
        (dt.date(9898, 6, 1), 101, State.NOT_YET),
        (dt.date(2026, 1, 1), 7973, State.IN_FORCE),
        (dt.date(2026, 1, 1), 7974, State.IN_FORCE),
        (dt.date(2024, 2, 29), 8000, State.IN_FORCE),
    ],
)
def test_validity_beyond_the_calendar_has_no_end(issued: dt.date, years: int, state: PolicyPage.State):
    assert policy(issued_date=issued, validity_years=years).state_on(dt.date(2026, 2, 1)) == state


@pytest.mark.parametrize(("years", "fields"), [(1, []), (100, []), (101, ["validity_years"])])
def test_validity_is_a_century_at_most(years: int, fields: list[str]):
    page = policy(validity_years=years, slug="a", disclosure="proactive")

    try:
        page.clean_fields(exclude={"path", "depth", "content_type"})
        refused = {}
    except ValidationError as error:
        refused = error.message_dict

    assert list(refused) == fields


def test_expiry_without_a_date_computes_nothing():
    assert policy(validity_years=5).expires_date is None


def test_publishing_what_is_not_for_disclosure_is_refused():
    make_site()
    page = make_policy(disclosure="on_request", live=False)

    with pytest.raises(PolicyNotPublic):
        page.save_revision().publish()

    page.refresh_from_db()
    assert page.live is False


def test_publishing_what_is_for_disclosure_works():
    make_site()
    page = make_policy(live=False)

    page.save_revision().publish()

    page.refresh_from_db()
    assert page.live is True


@pytest.mark.parametrize(
    "fields",
    [{"issued_date": dt.date(2026, 1, 2), "effective_date": dt.date(2026, 1, 1)}, {"validity_years": 0}],
)
def test_database_refuses_impossible_dates(fields):
    make_site()
    page = make_policy()

    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyPage.objects.filter(pk=page.pk).update(**fields)
