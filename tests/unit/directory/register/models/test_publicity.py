"""Which authorisations and titles count on a day, as the query and the row itself say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from directory.register.models import Authorisation, Title
from tests.factories.directory import AuthorisationFactory, TitleFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 26)
DAY = dt.timedelta(days=1)
LONG_AGO = dt.date(2025, 3, 1)


@pytest.mark.parametrize("factory", [AuthorisationFactory, TitleFactory])
@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ({"until_date": TODAY - DAY}, False),
        ({"until_date": TODAY}, True),
        ({"until_date": TODAY + DAY}, True),
        ({"until_date": None}, True),
        ({"from_date": TODAY - DAY}, True),
        ({"from_date": TODAY}, True),
        ({"from_date": TODAY + DAY}, False),
        ({"published_at": None}, False),
        ({"ended_date": TODAY, "ended_reason": "注销"}, False),
    ],
)
def test_row_counts_from_its_first_day_to_its_last(factory: Any, values: dict[str, Any], counts: bool) -> None:
    row = factory(**{"from_date": LONG_AGO, **values})

    assert row.is_live(TODAY) is counts
    assert list(type(row).objects.live(TODAY)) == ([row] if counts else [])


@pytest.mark.parametrize("model", [Authorisation, Title])
@pytest.mark.parametrize(("until", "has"), [(TODAY - DAY, True), (TODAY, False), (TODAY + DAY, False), (None, False)])
def test_row_runs_out_after_its_last_day(model: Any, until: dt.date | None, has: bool) -> None:
    assert model(until_date=until).has_run_out(TODAY) is has
