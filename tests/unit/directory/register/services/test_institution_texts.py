"""Texts that staff type or paste into the register become what the importer would make of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from cms.core.errors import InvalidInput
from directory.register.models import Institution
from directory.register.services import institutions
from tests.factories.directory import DistrictFactory, InstitutionFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


def create(**values: Any) -> Institution:
    given = {"name": "示例·小满托育园", "address": "珠江路1号"} | values
    return institutions.create_institution(district=DistrictFactory(), values=given, now=NOW)


def test_texts_are_tidied() -> None:
    made = create(
        name=" ⻘年\u200b　园（一） ", address="珠江路１号\n二楼", phone="\u202d0379-64910000\u202c", head_name="张　三"
    )

    assert (made.name, made.address, made.phone, made.head_name) == (
        "青年 园（一）",
        "珠江路1号二楼",
        "0379-64910000",
        "张 三",
    )


@pytest.mark.parametrize(
    "typed",
    ["52410702000000000L", "５２４１０７０２０００００００００ｌ", "52410702-000000000 L", "\ufeff52410702000000000L"],
)
def test_credit_code_is_read_as_people_paste_it(typed: str) -> None:
    assert create(credit_code=typed).credit_code == "52410702000000000L"


def test_name_of_what_nobody_sees_is_no_name() -> None:
    with pytest.raises(InvalidInput) as caught:
        create(name="\u200b\u3164")

    assert list(caught.value.fields) == ["name"]


def test_correction_that_changes_nothing_anybody_sees_is_no_change() -> None:
    institution = InstitutionFactory(name="小满托育园", credit_code="52410702000000000L")

    institutions.correct_institution(
        institution=institution, values={"name": "小满托育园\u200b ", "credit_code": "52410702000000000l"}, now=NOW
    )

    assert ModelLogEntry.objects.get(action="wagtail.edit").data == {"changes": {}}
    institution.refresh_from_db()
    assert (institution.name, institution.credit_code) == ("小满托育园", "52410702000000000L")


def test_what_is_not_corrected_stays_as_it_is() -> None:
    institution = InstitutionFactory(name="小满　托育园", credit_code="52410702000000000L")

    institutions.correct_institution(institution=institution, values={"places": 62}, now=NOW)

    institution.refresh_from_db()
    assert (institution.name, institution.credit_code, institution.places) == ("小满　托育园", "52410702000000000L", 62)


def test_credit_code_that_is_emptied_is_none() -> None:
    institution = InstitutionFactory(credit_code="52410702000000000L")

    institutions.correct_institution(institution=institution, values={"credit_code": None}, now=NOW)

    institution.refresh_from_db()
    assert institution.credit_code is None
