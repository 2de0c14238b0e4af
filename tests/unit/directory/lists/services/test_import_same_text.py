"""Rows whose texts differ only in blanks, width or look-alikes mean the same institution."""

from __future__ import annotations

import pytest

from directory.register.models import Institution
from tests.factories.imports import FULL, changed_row, outcome, run

pytestmark = pytest.mark.django_db


def named(name: str, address: str = "路1号", **cells):
    return changed_row(统一社会信用代码=None, 机构名称=name, 机构住所=address, **cells)


def test_names_and_addresses_keep_the_blanks_of_the_list(district) -> None:
    run([FULL, named("向日葵 托育　园", "工农路 1号  2楼")], district)

    made = Institution.objects.get()
    assert (made.name, made.address) == ("向日葵 托育 园", "工农路 1号 2楼")


@pytest.mark.parametrize(
    "name", ["向日葵托育园（一）", "向日葵 托育园 (一)", "向日葵\n托育园（一）", "向⽇葵托育园\u200b（一）"]
)
def test_other_spelling_makes_no_second_institution(district, name) -> None:
    run([FULL, named("向日葵托育园（一）")], district)

    again = run([FULL, named(name, "路 １号")], district)

    assert Institution.objects.count() == 1
    assert outcome(again)[0] == 0


def test_spelling_of_the_list_is_taken_once(district) -> None:
    run([FULL, named("向日葵托育园")], district)

    second = run([FULL, named("向日葵 托育园")], district)
    third = run([FULL, named("向日葵　 托育园")], district)

    assert (outcome(second), outcome(third)) == ((0, 1, 0, 0, True), (0, 0, 1, 0, False))
    assert Institution.objects.get().name == "向日葵 托育园"


def test_registered_text_that_only_looks_the_same_is_left_as_it_is(district) -> None:
    run([FULL, named("向日葵托育园")], district)
    Institution.objects.update(name="向日葵托育园 \u200b", address="路１号")

    assert outcome(run([FULL, named("向日葵托育园")], district)) == (0, 0, 1, 0, False)


def test_text_copied_from_a_pdf_is_imported_as_characters(district) -> None:
    imported = run([FULL, named("⻘年⻓安托育园", "⻢家路1号", 所属街道="⼯农")], district)

    made = Institution.objects.get()
    assert imported.plan.warnings == []
    assert (made.name, made.address, made.township.name) == ("青年长安托育园", "马家路1号", "工农街道")


def test_persons_name_spread_over_its_column_is_joined(district) -> None:
    run([FULL, named("向日葵托育园", 负责人="张　三")], district)

    assert Institution.objects.get().head_name == "张三"
    assert outcome(run([FULL, named("向日葵托育园", 负责人="张 三")], district)) == (0, 0, 1, 0, False)
