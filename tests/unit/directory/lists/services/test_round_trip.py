"""What is exported and imported again is unchanged, whatever staff have typed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from directory.lists.importing.checked_file import checked_workbook
from directory.lists.importing.column_names import COLUMNS, label_of
from directory.lists.importing.columns import recognise
from directory.lists.importing.files import read_file
from directory.lists.importing.writing import REGISTER_COLUMNS, register_workbook
from directory.lists.queries.registers import register_rows
from directory.lists.services.import_list import Imported
from directory.register.forms.institutions import InstitutionForm
from directory.register.models import Institution
from tests.factories.directory import AuthorisationFactory, InstitutionFactory, TownshipFactory
from tests.factories.imports import listed, outcome, run
from tests.factories.lists import sheet_values

pytestmark = pytest.mark.django_db


def exported(district) -> bytes:
    return register_workbook(register_rows([district]), title="名册")


def again(district) -> Imported:
    return run(exported(district), district)


@pytest.mark.parametrize(
    "values",
    [
        {"name": "向日葵　 托育园"},
        {"name": "小满\u200b托育园 "},
        {"name": "⻘年园（一）", "address": "湖北路１２号 二楼"},
        {"name": "甲_x000D_园"},
        {"name": "合计", "credit_code": "91110000600037341L"},
        {"name": "注册园", "address": "说明路1号"},
        {"name": "-园", "address": "+路1号"},
        {"head_name": "张　三"},
        {"head_name": "Anna  Li"},
        {"phone": "0379-64910000"},
        {"phone": "64910000"},
        {"phone": "0379-64910000、13800138000"},
        {"nature": "public", "places": 0, "inclusive_places": 0},
        {"filed_modes": ["hourly", "full_day", "half_month"]},
        {"filed_modes": []},
        {"latitude": 34.6612345, "longitude": 112.4123456},
        {"latitude": None, "longitude": None},
    ],
)
def test_institution_as_staff_typed_it(district, values: dict[str, Any]) -> None:
    InstitutionFactory(district=district, township=TownshipFactory(district=district, name="周山路街道"), **values)

    imported = again(district)

    assert imported.plan.errors == []
    assert outcome(imported) == (0, 0, 1, 0, False)


@pytest.mark.parametrize(
    "values",
    [
        {"number": "0012345678901234567"},
        {"number": "洛涧 备（2024）1号"},
        {"number": "2024-03"},
        {"number": ""},
        {"from_date": dt.date(2000, 1, 1)},
        {"office": "涧西区卫健委 托育科"},
    ],
)
def test_filing_as_staff_typed_it(district, values: dict[str, Any]) -> None:
    institution = InstitutionFactory(district=district, public=True)
    institution.authorisations.update(**values)

    assert outcome(again(district)) == (0, 0, 1, 0, False)


def test_whole_register_with_an_ended_filing(district) -> None:
    InstitutionFactory(district=district)
    InstitutionFactory(district=district, public=True)
    ended = InstitutionFactory(district=district, name="丙")
    AuthorisationFactory(institution=ended, ended_date=dt.date(2026, 1, 1), ended_reason="停办")

    assert outcome(again(district)) == (0, 0, 3, 0, False)


def test_checked_file_of_an_export_is_unchanged_too(district) -> None:
    InstitutionFactory(district=district, name="⻘年园")
    content = exported(district)

    made = checked_workbook(read_file(content, "名册.xlsx"), listed(content, district))

    assert outcome(run(made, district)) == (0, 0, 1, 0, False)


def test_every_name_that_the_form_gives_its_fields_is_known_to_the_importer() -> None:
    fields = {name: field for name, field in InstitutionForm.base_fields.items() if not name.startswith("map_")}
    labels = {name: str(field.label) for name, field in fields.items()}
    found = {name: recognise(label) for name, label in labels.items()}

    assert {name: match and match[0] for name, match in found.items()} == {name: name for name in labels}


def test_export_and_importer_call_a_column_the_same(district) -> None:
    assert sheet_values(exported(district))[0] == tuple(label_of(name) for name, _width in REGISTER_COLUMNS)
    assert label_of("township") == str(Institution._meta.get_field("township").verbose_name)
    assert {name for name, _width in REGISTER_COLUMNS} <= COLUMNS.keys()
