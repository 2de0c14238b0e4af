"""What a list would change, at the edges of every comparison."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from directory.districts.models import District
from directory.lists.importing.checking import check_list
from directory.lists.importing.entries import ListContext
from directory.lists.importing.files import read_file
from directory.lists.queries import import_plan
from directory.lists.queries.import_matching import institutions_meant
from directory.lists.queries.import_plan import ImportPlan, plan_import
from directory.lists.queries.registers import authorisations_of, known_districts, register_rows
from directory.register.models import Institution
from tests.factories.directory import AuthorisationFactory, DistrictFactory, InstitutionFactory, TownshipFactory
from tests.factories.lists import HEADER, codes, credit_code, xlsx

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def district() -> District:
    made = DistrictFactory(slug="jianxi", code="410305", name="涧西区", full_name="洛阳市涧西区")
    TownshipFactory(district=made, name="工农街道")
    return made


def listed(district: District, *rows: Sequence[Any]):
    (known,) = known_districts([district])
    book = read_file(xlsx(rows), "名单.xlsx")
    return check_list(book, context=ListContext((known,), NOW.date(), chosen=known), file_name="名单.xlsx")


def plan_of(district: District, columns: dict[str, Any], name: str = "甲", address: str = "路1号") -> ImportPlan:
    """One row of this name and address with these columns beside them."""
    return plan_import(
        listed(district, (*HEADER, "街道", *columns), (name, address, "工农", *columns.values())), now=NOW
    )


def house(district: District, **values: Any) -> Institution:
    township = district.townships.get()
    return InstitutionFactory(district=district, township=township, name="甲", address="路1号", **values)


def changes(plan: ImportPlan) -> dict[str, list[str]]:
    (row,) = plan.rows
    return row.changes


@pytest.mark.parametrize(
    ("degrees", "same"),
    [(34.66, True), (34.6600004, True), (34.6599996, True), (34.6600006, False), (34.6599994, False)],
)
def test_positions_within_five_centimetres_are_the_same(district: District, degrees: float, same: bool) -> None:
    house(district, latitude=34.66, longitude=112.4)

    found = changes(plan_of(district, {"纬度": degrees, "经度": 112.4}))

    assert found == ({} if same else {"latitude": ["34.66", str(degrees)]})


def test_position_of_a_house_without_one_is_new(district: District) -> None:
    house(district, latitude=None, longitude=None)

    assert changes(plan_of(district, {"纬度": 34.66, "经度": 112.4})) == {
        "latitude": ["", "34.66"],
        "longitude": ["", "112.4"],
    }


@pytest.mark.parametrize(
    ("places", "inclusive", "fault"),
    [(None, 9, False), (None, 10, False), (None, 11, True), (4, None, True), (5, None, False), (4, 4, False)],
)
def test_inclusive_places_are_held_against_what_is_registered(
    district: District, places: int | None, inclusive: int | None, fault: bool
) -> None:
    house(district, places=10, inclusive_places=5)

    plan = plan_of(district, {"托位数": places, "普惠托位": inclusive})

    assert codes(plan.errors) == (["inclusive_over_places"] if fault else [])


@pytest.mark.parametrize(
    ("registered", "columns", "fault"),
    [
        ({"credit_code": credit_code("52"), "nature": ""}, {"机构性质": "营利性"}, True),
        ({"credit_code": credit_code("52"), "nature": ""}, {"机构性质": "非营利性"}, False),
        ({"credit_code": None, "nature": "for_profit"}, {"统一社会信用代码": credit_code("52")}, True),
        ({"credit_code": None, "nature": "non_profit"}, {"统一社会信用代码": credit_code("52")}, False),
        ({"credit_code": credit_code("52"), "nature": "for_profit"}, {"联系电话": "0379-1"}, False),
        ({"credit_code": None, "nature": "for_profit"}, {"机构性质": "营利性"}, False),
        ({"credit_code": credit_code("91"), "nature": "for_profit"}, {"统一社会信用代码": credit_code("91")}, False),
    ],
)
def test_nature_is_held_against_the_registered_code(
    district: District, registered: dict[str, Any], columns: dict[str, str], fault: bool
) -> None:
    house(district, **registered)

    assert codes(plan_of(district, columns).errors) == (["nature_mismatch"] if fault else [])


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"备案编号": "B1"}, {}),
        ({"备案编号": " Ｂ1 "}, {}),
        ({"备案编号": "B2"}, {"filing_number": ["B1", "B2"]}),
        ({"备案日期": "2025-03-01"}, {}),
        ({"备案日期": "2025-03-02"}, {"filed_date": ["2025-03-01", "2025-03-02"]}),
        ({"备案编号": "B1", "备案部门": "区卫健委"}, {"office": ["示例区卫生健康部门", "区卫健委"]}),
        ({"备案部门": "区卫健委"}, {}),
    ],
)
def test_filing_is_corrected_where_the_row_differs(
    district: District, columns: dict[str, str], expected: dict[str, list[str]]
) -> None:
    AuthorisationFactory(institution=house(district), number="B1", from_date=dt.date(2025, 3, 1))

    assert changes(plan_of(district, columns)) == expected


@pytest.mark.parametrize(("day", "fault"), [("2026-02-28", False), ("2026-03-01", False), ("2026-03-02", True)])
def test_filing_begins_before_its_registered_end(district: District, day: str, fault: bool) -> None:
    AuthorisationFactory(institution=house(district), until_date=dt.date(2026, 3, 1))

    plan = plan_of(district, {"备案日期": day})

    assert [(p.code, p.column, p.value) for p in plan.errors] == (
        [("date_after_end", "备案日期", day)] if fault else []
    )
    assert plan.rows[0].outcome == ("bad" if fault else "changed")


@pytest.mark.parametrize(
    ("ended", "columns", "same"),
    [
        ({"number": "B1"}, {"备案编号": "b 1"}, True),
        ({"number": "B1"}, {"备案编号": "B2"}, False),
        ({"number": "B1"}, {"备案编号": "B2", "备案日期": "2025-03-01"}, False),
        ({"number": "B1"}, {"备案日期": "2025-03-01"}, True),
        ({"number": ""}, {"备案编号": "B1", "备案日期": "2025-03-01"}, True),
        ({"number": ""}, {"备案编号": "B1", "备案日期": "2025-03-02"}, False),
        ({"number": "", "from_date": None}, {"备案编号": "B1"}, False),
    ],
)
def test_ended_filing_is_known_by_its_number_else_by_its_day(
    district: District, ended: dict[str, Any], columns: dict[str, str], same: bool
) -> None:
    values = {"from_date": dt.date(2025, 3, 1), "ended_date": dt.date(2026, 1, 1), "ended_reason": "注销", **ended}
    AuthorisationFactory(institution=house(district), **values)

    plan = plan_of(district, columns)

    assert ("filing_ended" in codes(plan.warnings)) is same
    assert (plan.rows[0].outcome, plan.rows[0].grants) == (("unchanged", False) if same else ("changed", True))


def test_new_filing_of_a_registered_house_is_said_in_words(district: District) -> None:
    house(district)

    (row,) = plan_of(district, {"备案编号": "B1", "备案日期": "2025-03-01"}).rows

    assert row.changes == {"filing_number": ["", "B1"], "filed_date": ["", "2025-03-01"]}
    assert row.filing is not None
    assert (row.filing.pk, row.filing.values) == (
        None,
        {
            "basis": "filing",
            "number": "B1",
            "from_date": dt.date(2025, 3, 1),
            "office": "涧西区卫生健康部门",
            "source_title": "名单",
        },
    )


def test_answer_for_programs(district: District) -> None:
    house(district, places=60)
    rows = [
        (*HEADER, "街道", "托位数", "面积"),
        ("甲", "路1号", "工农", 61, 1),
        ("乙", "路2号", "工农", 60, 1),
        ("丙", "路3号", None, 60, 1),
        ("丁", "路4号", "工农", "约60", 1),
    ]

    plan = plan_import(listed(district, *rows), now=NOW)
    said = plan.as_json(written=False)

    assert {name: said[name] for name in ("sheets", "rows", "created", "updated", "unchanged", "written")} == {
        "sheets": 1,
        "rows": 4,
        "created": 2,
        "updated": 1,
        "unchanged": 0,
        "written": False,
    }
    assert ([p["code"] for p in said["errors"]], [p["code"] for p in said["warnings"]]) == (
        ["places_vague"],
        ["township_missing"],
    )
    assert said["ignored_columns"] == ["面积"]
    assert [row.outcome for row in plan.with_outcome("new")] == ["new", "new"]


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_rows_are_planned_in_their_order_however_many_at_once(
    district: District, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_plan, "READ_AT_ONCE", at_once)
    pks = [InstitutionFactory(district=district, name=f"园{n}", address=f"路{n}号", places=60).pk for n in range(3)]
    rows = [(*HEADER, "托位数"), *[(f"园{n}", f"路{n}号", 61) for n in (2, 0, 1)], ("新", "路9号", 5)]

    plan = plan_import(listed(district, *rows), now=NOW)

    assert [(row.pk, row.outcome) for row in plan.rows] == [
        (pks[2], "changed"),
        (pks[0], "changed"),
        (pks[1], "changed"),
        (None, "new"),
    ]


def test_digest_depends_on_place_outcome_and_changes(district: District) -> None:
    house(district, places=60)
    first, second = ("甲", "路1号", 61), ("乙", "路2号", 61)
    heading = (*HEADER, "托位数")

    digests = [
        plan_import(listed(district, heading, *rows), now=NOW).digest
        for rows in ([first, second], [second, first], [first], [("甲", "路1号", 62), second], [first, second])
    ]

    assert (len(set(digests)), digests[0] == digests[4]) == (4, True)


def test_institutions_meant_are_those_of_good_rows_by_code_and_by_name(district: District) -> None:
    by_name = house(district)
    by_code = InstitutionFactory(district=district, credit_code=credit_code())
    InstitutionFactory(district=district, name="乙", address="路2号")
    rows = [
        (*HEADER, "统一社会信用代码", "托位数"),
        ("甲", "路1号", credit_code(), 60),
        ("乙", "路2号", None, "约60"),
        ("新", "路3号", None, 60),
    ]

    assert institutions_meant(listed(district, *rows)) == {by_name.pk, by_code.pk}


def test_authorisations_are_read_oldest_first(district: District) -> None:
    made = house(district)
    ended = {"ended_date": dt.date(2026, 1, 1), "ended_reason": "换发"}
    second = AuthorisationFactory(institution=made, pk=9002, **ended)
    first = AuthorisationFactory(institution=made, pk=9001, **ended)
    AuthorisationFactory()

    assert authorisations_of([made.pk]) == {made.pk: [first, second]}


def test_register_is_in_order_of_district_and_name_with_the_open_filing() -> None:
    later, sooner = DistrictFactory(position=2), DistrictFactory(position=1)
    last = InstitutionFactory(district=later, name="a")
    second = InstitutionFactory(district=sooner, name="b", pk=7002, township=None)
    first = InstitutionFactory(district=sooner, name="b", pk=7001)
    AuthorisationFactory(institution=first, number="B0", ended_date=dt.date(2026, 1, 1), ended_reason="换发")
    AuthorisationFactory(institution=first, number="B1", from_date=dt.date(2025, 3, 1), office="某办")

    rows = list(register_rows([later, sooner]))

    assert [(row["district"], row["address"]) for row in rows] == [
        (made.district.name, made.address) for made in (first, second, last)
    ]
    assert [rows[0][name] for name in ("filing_number", "filed_date", "office")] == ["B1", dt.date(2025, 3, 1), "某办"]
    assert [rows[1][name] for name in ("filing_number", "filed_date", "office", "township")] == [None] * 4
