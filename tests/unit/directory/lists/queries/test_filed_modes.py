"""A list adds no mode that the district does not have, and takes none away that is still offered."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.districts.models import District
from directory.lists.importing.checking import check_list
from directory.lists.importing.entries import ListContext
from directory.lists.importing.files import read_file
from directory.lists.queries.import_plan import ImportPlan, plan_import
from directory.lists.queries.registers import known_districts
from tests.factories.directory import (
    CareProductFactory,
    DistrictFactory,
    InstitutionFactory,
    RuleFactory,
    TownshipFactory,
)
from tests.factories.lists import HEADER, xlsx

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def district() -> District:
    """Its rule names hourly care and the half month."""
    made = DistrictFactory(slug="huyi", code="610118", name="鄠邑区", full_name="西安市鄠邑区")
    TownshipFactory(district=made, name="甘亭街道")
    RuleFactory(district=made, kind="care_modes", value=["half_month", "hourly"])
    return made


def plan_of(district: District, *modes: str) -> ImportPlan:
    """A row for each cell of modes; the first is that of 「甲」."""
    (known,) = known_districts([district])
    rows = [(f"{'甲乙丙丁'[number]}", "路1号", "甘亭", words) for number, words in enumerate(modes)]
    book = read_file(xlsx([(*HEADER, "街道", "服务形式"), *rows]), "名单.xlsx")
    checked = check_list(book, context=ListContext((known,), NOW.date(), chosen=known), file_name="名单.xlsx")
    return plan_import(checked, now=NOW)


def faults(plan: ImportPlan) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.value, problem.message) for problem in plan.errors]


def house(district: District, **values: Any) -> Any:
    return InstitutionFactory(
        district=district, township=district.townships.get(), name="甲", address="路1号", **values
    )


def test_new_row_within_the_district_is_good(district: District) -> None:
    plan = plan_of(district, "计时托、半月托", "")

    assert (faults(plan), [row.outcome for row in plan.rows]) == ([], ["new", "new"])


def test_row_beyond_the_district_is_an_error_with_what_there_is(district: District) -> None:
    plan = plan_of(district, "全日托、计时托", "计时托")

    words = "鄠邑区的规定里没有全日托；有：计时托、半月托。规定有变化请先在后台「规定与指标」里改"
    assert [(code, message) for code, _value, message in faults(plan)] == [("mode_not_in_district", words)]
    assert [row.outcome for row in plan.rows] == ["bad", "new"]


def test_what_is_filed_already_stays_and_nothing_is_added(district: District) -> None:
    house(district, filed_modes=["full_day"])

    kept, added = plan_of(district, "全日托、计时托"), plan_of(district, "全日托、临时托")

    assert [row.outcome for row in (*kept.rows, *added.rows)] == ["changed", "bad"]
    assert [code for code, _value, _words in faults(added)] == ["mode_not_in_district"]


def test_mode_that_is_offered_is_not_left_out(district: District) -> None:
    institution = house(district, filed_modes=["full_day", "hourly"])
    CareProductFactory(institution=institution, mode="hourly")
    CareProductFactory(institution=institution, mode="half_month", active=False)
    CareProductFactory(mode="full_day")

    narrower, same = plan_of(district, "全日托"), plan_of(district, "计时托")

    assert [(code, words) for code, _value, words in faults(narrower)] == [
        ("mode_still_offered", "机构还在提供计时托，请先请机构停用这几项收费，或在名单里补上")
    ]
    assert ([row.outcome for row in same.rows], faults(same)) == (["changed"], [])


@pytest.mark.parametrize("count", [1, 3])
def test_modes_are_read_in_the_same_number_of_queries(district: District, count: int) -> None:
    house(district)
    with CaptureQueriesContext(connection) as queries:
        plan_of(district, *["计时托"] * count)

    kinds = [query["sql"] for query in queries if "districts_rule" in query["sql"] or "careproduct" in query["sql"]]
    assert len(kinds) == 2
