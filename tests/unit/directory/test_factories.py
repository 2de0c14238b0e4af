from __future__ import annotations

import pytest

from tests.factories.directory import (
    AuthorisationFactory,
    CareProductFactory,
    ClassGroupFactory,
    ClosingDayFactory,
    InstitutionFactory,
    OpeningRuleFactory,
)

pytestmark = pytest.mark.django_db


def test_institution_stays_a_draft_without_authorisation() -> None:
    assert InstitutionFactory().is_public is False


def test_authorisation_makes_its_institution_public() -> None:
    institution = AuthorisationFactory().institution

    institution.refresh_from_db()
    assert (institution.is_public, institution.state) == (True, "active")


def test_every_factory_makes_a_valid_row() -> None:
    institution = InstitutionFactory(public=True)
    rule = OpeningRuleFactory(class_group=ClassGroupFactory(institution=institution))
    products = [
        CareProductFactory(institution=institution, **trait)
        for trait in ({}, {"hourly": True}, {"half_day": True}, {"temporary": True})
    ]

    for row in [institution, rule, *products, ClosingDayFactory(institution=institution)]:
        row.full_clean()
