"""Rectification: from when it stops bookings, and what it needs to begin and to end."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.errors import InvalidInput
from directory.register.services import institutions
from directory.register.services.standing import ReasonMissing
from tests.factories.directory import InstitutionFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 26)


def test_rectification_stops_bookings_and_stays_public(told: list[str]) -> None:
    institution = InstitutionFactory(public=True)

    institutions.start_rectification(
        institution=institution, kind="closes", reason="晨检缺记录", until_date=TODAY, now=NOW
    )

    institution.refresh_from_db()
    assert (institution.state, institution.is_public) == ("under_rectification", True)
    assert (institution.takes_bookings, institution.rectification_from_date) == (False, TODAY)
    assert told == ["lost"]


def test_rectification_ends_with_a_note(told: list[str]) -> None:
    institution = InstitutionFactory(public=True)
    institutions.start_rectification(
        institution=institution, kind="closes", reason="晨检缺记录", until_date=None, now=NOW
    )

    with pytest.raises(ReasonMissing):
        institutions.end_rectification(institution=institution, note=" ", now=NOW)
    institutions.end_rectification(institution=institution, note="11月26日复查合格", now=NOW)

    institution.refresh_from_db()
    assert (institution.state, institution.rectification_reason) == ("active", "")
    assert told == ["lost", "reopened"]


def test_rectification_only_of_what_is_public_and_only_once() -> None:
    with pytest.raises(institutions.NotPublic):
        institutions.start_rectification(
            institution=InstitutionFactory(), kind="closes", reason="x", until_date=None, now=NOW
        )
    twice = InstitutionFactory(public=True)
    institutions.start_rectification(institution=twice, kind="closes", reason="x", until_date=TODAY, now=NOW)
    with pytest.raises(institutions.UnderRectification):
        institutions.start_rectification(institution=twice, kind="closes", reason="y", until_date=None, now=NOW)
    twice.refresh_from_db()
    assert (twice.rectification_reason, twice.rectification_until_date) == ("x", TODAY)
    with pytest.raises(institutions.NotUnderRectification):
        institutions.end_rectification(institution=InstitutionFactory(public=True), note="x", now=NOW)


@pytest.mark.parametrize(("reason", "until"), [(" ", None), ("x", dt.date(2026, 11, 25))])
def test_rectification_needs_a_reason_and_a_coming_deadline(reason: str, until: dt.date | None) -> None:
    with pytest.raises(InvalidInput):
        institutions.start_rectification(
            kind="closes", institution=InstitutionFactory(public=True), reason=reason, until_date=until, now=NOW
        )
