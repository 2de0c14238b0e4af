"""An official list written into the register."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.models import OutboxMessage
from directory.lists.importing.writing import register_workbook
from directory.lists.queries.import_plan import plan_import
from directory.lists.queries.registers import register_rows
from directory.lists.services.import_list import PlanChanged
from directory.register.models import Authorisation, Institution
from tests.factories.directory import DistrictFactory, InstitutionFactory
from tests.factories.imports import CODE, FULL, NOW, ROW, changed_row, listed, outcome, run
from tests.factories.lists import HEADER, codes, credit_code

pytestmark = pytest.mark.django_db


def test_row_becomes_an_institution(district) -> None:
    imported = run([["涧西区备案名单"], FULL, ROW], district)

    made = Institution.objects.get()
    filing = made.authorisations.get()
    assert outcome(imported) == (1, 0, 0, 0, True)
    assert (made.name, made.address, made.credit_code, made.nature) == ("甲托育园", "路1号", CODE, "for_profit")
    assert (made.places, made.inclusive_places, made.filed_modes) == (60, 20, ["full_day"])
    assert (made.township.name, made.head_name, made.phone) == ("工农街道", "张三", "0379-64910001")
    assert (made.longitude, made.latitude, made.is_public) == (112.4, 34.6, True)
    assert (filing.number, filing.from_date, filing.source_title) == ("B1", dt.date(2023, 12, 5), "涧西区备案名单")
    assert filing.office == "涧西区卫生健康部门"


@pytest.mark.parametrize("cells", [{"备案编号": None}, {"备案日期": None}])
def test_date_or_number_makes_it_public(district, cells) -> None:
    run([FULL, changed_row(**cells)], district)

    assert Institution.objects.get().is_public is True


def test_row_without_either_stays_a_draft(district) -> None:
    run([FULL, changed_row(备案编号=None, 备案日期=None)], district)

    assert Institution.objects.get().state == Institution.State.DRAFT
    assert Authorisation.objects.count() == 0


def test_second_run_writes_nothing(district, django_assert_max_num_queries) -> None:
    run([FULL, ROW, changed_row(机构名称="乙", 统一社会信用代码=None, 备案编号="B2")], district)
    before = list(Institution.objects.values()), OutboxMessage.objects.count()

    with django_assert_max_num_queries(12):
        again = run([FULL, ROW, changed_row(机构名称="乙", 统一社会信用代码=None, 备案编号="B2")], district)

    assert outcome(again) == (0, 0, 2, 0, False)
    assert (list(Institution.objects.values()), OutboxMessage.objects.count()) == before


def test_one_bad_row_keeps_everything_out(district) -> None:
    imported = run([FULL, ROW, changed_row(机构名称="乙", 统一社会信用代码=None, 托位数="约60")], district)

    assert outcome(imported) == (1, 0, 0, 1, False)
    assert Institution.objects.count() == 0


def test_partial_writes_the_good_rows(district) -> None:
    imported = run(
        [FULL, ROW, changed_row(机构名称="乙", 统一社会信用代码=None, 托位数="约60")], district, partial=True
    )

    assert outcome(imported) == (1, 0, 0, 1, True)
    assert Institution.objects.get().name == "甲托育园"


def test_code_finds_the_institution_under_a_new_name(district) -> None:
    run([FULL, ROW], district)

    imported = run([FULL, changed_row(机构名称="甲新园", 机构住所="路2号", 托位数=70, 所属街道="湖北路")], district)

    (row,) = imported.plan.with_outcome("changed")
    assert row.changes == {
        "name": ["甲托育园", "甲新园"],
        "address": ["路1号", "路2号"],
        "places": ["60", "70"],
        "township": ["工农街道", "湖北路街道"],
    }
    made = Institution.objects.get()
    assert (made.name, made.places, made.township.name) == ("甲新园", 70, "湖北路街道")


def test_name_and_address_find_it_without_a_code(district) -> None:
    run([FULL, changed_row(统一社会信用代码=None)], district)

    imported = run([FULL, ROW], district)

    assert outcome(imported) == (0, 1, 0, 0, True)
    assert Institution.objects.get().credit_code == CODE


def test_empty_cells_leave_what_is_registered(district) -> None:
    run([FULL, ROW], district)

    imported = run([HEADER, ROW[:2]], district)

    assert outcome(imported) == (0, 0, 1, 0, False)


def test_conflict_with_another_district_shows_nothing_of_what_it_has_registered(district) -> None:
    InstitutionFactory(name="甲托育园", address="路1号", credit_code=credit_code("52"))

    imported = run([FULL, ROW], district)

    assert [problem.code for problem in imported.plan.errors] == ["other_district"]
    assert credit_code("52") not in imported.plan.errors[0].message


def test_digest_tells_new_rows_apart(district) -> None:
    cells = ({}, {"托位数": 61}, {"所属街道": "湖北路"})
    digests = {plan_import(listed([FULL, changed_row(**each)], district), now=NOW).digest for each in cells}

    assert len(digests) == 3


def test_a_bad_row_takes_no_institution_from_a_good_one(district) -> None:
    run([FULL, ROW], district)
    rows = [
        (*HEADER, "统一社会信用代码", "托位数"),
        ("另一名称", "另一条路", CODE, "约六十"),
        ("甲托育园", "路1号", None, 70),
    ]

    imported = run(rows, district, partial=True)

    assert outcome(imported) == (0, 1, 0, 1, True)
    assert [row.outcome for row in imported.plan.rows] == ["bad", "changed"]
    assert Institution.objects.get().places == 70


def test_planning_changes_no_row(district) -> None:
    run([FULL, ROW], district)
    before = list(Institution.objects.values()), list(Authorisation.objects.values())
    rows = [FULL, changed_row(托位数=70, 备案编号="B9", 联系电话="0379-64910002"), ("乙", "路2号")]

    plan = plan_import(listed(rows, district), now=NOW)

    assert [(row.outcome, row.pk, row.values) for row in plan.rows[:1]] == [
        ("changed", before[0][0]["id"], {"places": 70, "phone": "0379-64910002"})
    ]
    assert plan.rows[0].filing.values == {"number": "B9"}
    assert (list(Institution.objects.values()), list(Authorisation.objects.values())) == before


def test_a_list_is_indexed_in_batches(district, monkeypatch) -> None:
    rows = [(f"园{n}", f"路{n}号", f"B{n}") for n in range(501)]

    run([(*HEADER, "备案编号"), *rows], district)

    payloads = [row.payload for row in OutboxMessage.objects.order_by("pk")]
    assert [len(payload["institutions"]) for payload in payloads] == [250, 250, 1]
    assert {pk for payload in payloads for pk in payload["institutions"]} == set(
        Institution.objects.values_list("pk", flat=True)
    )


@pytest.mark.parametrize(("from_so_many", "topics"), [(3, ["search.rebuild"]), (4, ["search.index"])])
def test_a_long_list_makes_the_index_again_once(district, monkeypatch, from_so_many, topics) -> None:
    monkeypatch.setattr("directory.register.services.changes.REBUILT_FROM", from_so_many)

    run([(*HEADER, "备案编号"), *[(f"园{n}", f"路{n}号", f"B{n}") for n in range(3)]], district)

    assert [row.topic for row in OutboxMessage.objects.all()] == topics


def test_digest_tells_whether_the_register_has_changed(district) -> None:
    run([FULL, ROW], district)
    rows = [FULL, changed_row(托位数=70)]
    shown = plan_import(listed(rows, district), now=NOW).digest

    Institution.objects.update(places=65)

    with pytest.raises(PlanChanged) as refused:
        run(rows, district, expected_digest=shown)
    assert refused.value.plan.with_outcome("changed")[0].changes == {"places": ["65", "70"]}
    assert Institution.objects.get().places == 65


def test_same_digest_is_written(district) -> None:
    rows = [FULL, ROW]

    imported = run(rows, district, expected_digest=plan_import(listed(rows, district), now=NOW).digest)

    assert imported.written is True


def test_exported_register_changes_nothing(district) -> None:
    run([FULL, ROW, changed_row(机构名称="乙", 统一社会信用代码=None, 备案编号=None, 备案日期=None)], district)
    InstitutionFactory(
        district=district,
        public=True,
        name="３号　托育园",
        nature="public",
        filed_modes=["hourly", "full_day"],
        latitude=34.66123456789,
    )
    InstitutionFactory(
        district=district, latitude=None, longitude=None, township=None, places=0, inclusive_places=0, filed_modes=[]
    )

    imported = run(register_workbook(register_rows([district]), title="名册"), district)

    assert outcome(imported) == (0, 0, 4, 0, False)


def test_register_leaves_out_other_districts_and_ended_institutions(district) -> None:
    InstitutionFactory()
    InstitutionFactory(district=district, state=Institution.State.ENDED)
    kept = InstitutionFactory(district=district)

    assert [row["name"] for row in register_rows([district])] == [kept.name]


def test_register_stands_by_district_then_name() -> None:
    """Districts of one position too are not mixed."""
    first, second, third = (DistrictFactory(position=position) for position in (2, 2, 1))
    for name in ("丙", "甲", "乙"):
        for district in (second, third, first):
            InstitutionFactory(district=district, name=f"{name}{district.pk}")

    rows = [row["name"] for row in register_rows([first, second, third])]

    assert rows == [f"{name}{district.pk}" for district in (third, first, second) for name in sorted("甲乙丙")]


def test_same_institution_entered_meanwhile_asks_again(district, monkeypatch) -> None:
    InstitutionFactory(district=district, name="甲托育园", address="路1号")
    monkeypatch.setattr("directory.lists.queries.import_matching.names_and_addresses", list)

    with pytest.raises(PlanChanged) as refused:
        run([HEADER, ROW[:2]], district)

    assert refused.value.plan is None


def test_changed_modes_are_named(district) -> None:
    run([FULL, ROW], district)

    (row,) = run([FULL, changed_row(服务形式="半日托、全日托")], district).plan.with_outcome("changed")

    assert row.changes == {"filed_modes": ["full_day", "full_day、half_day"]}


def test_progress_counts_changes_then_new_ones(district) -> None:
    run([FULL, ROW], district)
    told = []

    run(
        [FULL, changed_row(托位数=61), changed_row(机构名称="乙", 统一社会信用代码=None)],
        district,
        progress=lambda done, total: told.append((done, total)),
    )

    assert told == [(1, 2), (2, 2)]


def test_register_is_read_in_chunks(district, monkeypatch) -> None:
    monkeypatch.setattr("directory.lists.queries.registers.CHUNK", 2)
    names = sorted(InstitutionFactory(district=district).name for _ in range(5))

    assert [row["name"] for row in register_rows([district])] == names


def test_district_without_a_centre_has_no_outside(district) -> None:
    district.centre_latitude = district.centre_longitude = None
    district.save()

    assert codes(run([FULL, changed_row(经度=118, 纬度=39)], district).plan.warnings) == []


def test_answer_counts_rows_and_lists_warnings(district) -> None:
    said = run([HEADER, ROW[:2]], district).plan.as_json(written=True)

    assert (said["rows"], said["created"], codes_of(said["warnings"])) == (1, 1, ["township_missing"])


def codes_of(problems) -> list[str]:
    return [problem["code"] for problem in problems]
