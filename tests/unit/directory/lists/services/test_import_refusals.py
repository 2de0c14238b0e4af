"""Rows of a list that contradict the register are refused in words."""

from __future__ import annotations

import pytest

from tests.factories.directory import (
    InstitutionFactory,
)
from tests.factories.imports import CODE, FULL, ROW, changed_row, run
from tests.factories.lists import HEADER, codes, credit_code

pytestmark = pytest.mark.django_db


def refusals(rows, district) -> list[str]:
    return codes(run(rows, district).plan.errors)


def test_code_of_another_district_is_left_alone(district) -> None:
    InstitutionFactory(credit_code=CODE)

    assert refusals([FULL, ROW], district) == ["other_district"]


def test_name_and_address_with_another_code(district) -> None:
    InstitutionFactory(district=district, name="甲托育园", address="路1号", credit_code=credit_code(number=9))

    assert refusals([FULL, ROW], district) == ["credit_code_differs"]


def test_code_and_address_of_two_institutions(district) -> None:
    InstitutionFactory(district=district, credit_code=CODE)
    InstitutionFactory(district=district, name="甲托育园", address="路1号")

    assert refusals([FULL, ROW], district) == ["two_institutions"]


def test_two_rows_for_one_registered_institution(district) -> None:
    InstitutionFactory(district=district, name="旧名", address="路9号", credit_code=CODE)

    assert refusals([FULL, ROW, changed_row(机构名称="旧名", 机构住所="路9号", 统一社会信用代码=None)], district) == [
        "listed_twice"
    ]


def test_inclusive_places_beyond_the_registered_ones(district) -> None:
    InstitutionFactory(district=district, name="甲", address="路1号", places=10, inclusive_places=0)

    assert refusals([(*HEADER, "普惠托位数"), ("甲", "路1号", 11)], district) == ["inclusive_over_places"]


def test_inclusive_places_without_places_of_a_new_one(district) -> None:
    assert refusals([(*HEADER, "普惠托位数"), ("甲", "路1号", 11)], district) == ["inclusive_over_places"]


def test_code_against_the_registered_nature(district) -> None:
    InstitutionFactory(district=district, name="甲", address="路1号", nature="for_profit")

    assert refusals([(*HEADER, "统一社会信用代码"), ("甲", "路1号", credit_code("52"))], district) == [
        "nature_mismatch"
    ]
