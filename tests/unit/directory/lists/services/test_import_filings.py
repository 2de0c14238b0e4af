"""What a list does to filings: added, corrected, published, never brought back."""

from __future__ import annotations

import datetime as dt

import pytest

from directory.lists.queries.import_plan import plan_import
from directory.register.models import Authorisation, Institution
from tests.factories.directory import (
    AuthorisationFactory,
    InstitutionFactory,
)
from tests.factories.imports import FULL, NOW, ROW, changed_row, listed, outcome, run
from tests.factories.lists import HEADER, codes

pytestmark = pytest.mark.django_db


def test_filing_of_a_draft_is_added(district) -> None:
    run([FULL, changed_row(备案编号=None, 备案日期=None)], district)

    imported = run([FULL, ROW], district)

    assert outcome(imported) == (0, 1, 0, 0, True)
    assert Institution.objects.get().is_public is True


def test_corrected_filing_stays_one(district) -> None:
    run([FULL, ROW], district)

    run([FULL, changed_row(备案编号="B9")], district)

    assert Authorisation.objects.get().number == "B9"


def test_unpublished_filing_is_published(district) -> None:
    institution = InstitutionFactory(district=district, name="甲", address="路1号")
    AuthorisationFactory(institution=institution, number="B1", published_at=None, publish=False)

    run([(*HEADER, "备案编号"), ("甲", "路1号", "B1")], district)

    institution.refresh_from_db()
    assert institution.is_public is True
    assert institution.authorisations.get().published_at == NOW


@pytest.mark.parametrize(
    ("until", "published"), [(dt.date(2026, 11, 21), False), (NOW.date(), True), (dt.date(2026, 11, 23), True)]
)
def test_a_corrected_number_brings_back_nothing_that_ran_out(district, until, published) -> None:
    institution = InstitutionFactory(district=district, name="甲", address="路1号")
    AuthorisationFactory(institution=institution, number="B1", until_date=until, published_at=None, publish=False)

    imported = run([(*HEADER, "备案编号"), ("甲", "路1号", "B9")], district)

    institution.refresh_from_db()
    filing = institution.authorisations.get()
    assert (filing.number, filing.published_at) == ("B9", NOW if published else None)
    assert (institution.state, institution.is_public) == (("active", True) if published else ("draft", False))
    assert outcome(imported) == (0, 1, 0, 0, True)


@pytest.mark.parametrize(
    ("until", "published"),
    [(dt.date(2026, 11, 21), False), (NOW.date(), True), (dt.date(2026, 11, 23), True), (None, True)],
)
def test_an_unpublished_filing_that_ran_out_is_left_alone(district, until, published) -> None:
    institution = InstitutionFactory(district=district, name="甲", address="路1号")
    AuthorisationFactory(institution=institution, number="B1", until_date=until, published_at=None, publish=False)

    imported = run([(*HEADER, "备案编号"), ("甲", "路1号", "B1")], district)

    assert outcome(imported) == ((0, 1, 0, 0, True) if published else (0, 0, 1, 0, False))
    assert imported.plan.rows[0].changes == ({"published": ["", "公开"]} if published else {})


def test_corrected_filing_keeps_the_moment_of_publication(district) -> None:
    institution = InstitutionFactory(district=district, name="甲", address="路1号")
    AuthorisationFactory(institution=institution, number="B1", published_at=NOW - dt.timedelta(days=90))

    run([(*HEADER, "备案编号"), ("甲", "路1号", "B9")], district)

    assert institution.authorisations.get().published_at == NOW - dt.timedelta(days=90)


def test_rows_that_bring_an_authorisation_are_told_from_those_that_correct_one(district) -> None:
    run([FULL, ROW], district)
    InstitutionFactory(district=district, name="丙", address="路3号")
    rows = [
        (*HEADER, "备案编号"),
        ("甲托育园", "路1号", "B9"),
        ("乙", "路2号", "B2"),
        ("丙", "路3号", "B3"),
        ("丁", "路4号", None),
    ]

    plan = plan_import(listed(rows, district), now=NOW)

    assert [(row.outcome, row.grants) for row in plan.rows] == [
        ("changed", False),
        ("new", True),
        ("changed", True),
        ("new", False),
    ]


def test_the_open_filing_is_corrected_not_an_ended_one(district) -> None:
    institution = InstitutionFactory(district=district, name="甲", address="路1号")
    AuthorisationFactory(institution=institution, number="B1", ended_date=dt.date(2025, 6, 1), ended_reason="换发")
    AuthorisationFactory(institution=institution, number="B2")

    run([(*HEADER, "备案编号"), ("甲", "路1号", "B3")], district)

    assert list(institution.authorisations.order_by("pk").values_list("number", flat=True)) == ["B1", "B3"]


def test_ended_filing_is_not_brought_back(district) -> None:
    institution = InstitutionFactory(district=district, name="甲", address="路1号")
    AuthorisationFactory(institution=institution, number="B1", ended_date=dt.date(2026, 1, 1), ended_reason="注销")

    imported = run([(*HEADER, "备案编号"), ("甲", "路1号", "B1")], district)

    assert outcome(imported) == (0, 0, 1, 0, False)
    assert "filing_ended" in codes(imported.plan.warnings)
    institution.refresh_from_db()
    assert institution.is_public is False


def test_new_filing_after_an_ended_one(district) -> None:
    institution = InstitutionFactory(district=district, name="甲", address="路1号")
    AuthorisationFactory(institution=institution, number="B1", ended_date=dt.date(2026, 1, 1), ended_reason="注销")

    run([(*HEADER, "备案编号", "备案日期"), ("甲", "路1号", "B2", "2026-05-01")], district)

    institution.refresh_from_db()
    assert institution.is_public is True


def test_ended_institution_is_not_opened(district) -> None:
    InstitutionFactory(district=district, name="甲", address="路1号", state=Institution.State.ENDED)

    imported = run([(*HEADER, "备案编号"), ("甲", "路1号", "B1")], district)

    assert "institution_ended" in codes(imported.plan.warnings)
    assert Authorisation.objects.count() == 0


def refusals(rows, district) -> list[str]:
    return codes(run(rows, district).plan.errors)


def test_filing_date_after_its_registered_end(district) -> None:
    AuthorisationFactory(
        institution__district=district,
        institution__name="甲",
        institution__address="路1号",
        until_date=dt.date(2026, 3, 1),
    )

    assert refusals([(*HEADER, "备案日期"), ("甲", "路1号", "2026-05-01")], district) == ["date_after_end"]


def test_ended_filing_without_a_number_is_known_by_its_day(district) -> None:
    institution = InstitutionFactory(district=district, name="甲", address="路1号")
    AuthorisationFactory(institution=institution, number="", ended_date=dt.date(2026, 1, 1), ended_reason="注销")

    imported = run([(*HEADER, "备案日期"), ("甲", "路1号", "2025-03-01")], district)

    assert "filing_ended" in codes(imported.plan.warnings)
