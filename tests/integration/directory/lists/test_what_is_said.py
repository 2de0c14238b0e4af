"""The preview and the command say what was left out, hidden or put right."""

from __future__ import annotations

import pytest

from directory.lists.preview import Preview
from directory.lists.queries.import_plan import plan_import
from tests.factories.directory import DistrictFactory, TownshipFactory
from tests.factories.imports import NOW, listed
from tests.factories.lists import HEADER, ROW, xlsx
from tests.factories.workbench import browser
from tests.integration.directory.lists.test_import_command import run
from tests.integration.directory.lists.test_list_upload_pages import preview_url, send, staff_of

pytestmark = pytest.mark.django_db
FULL = (*HEADER, "所属街道", "负责人")
GOOD = (*ROW, "工农", "张三")


@pytest.fixture
def district():
    made = DistrictFactory(slug="jianxi", code="410305", name="涧西区", full_name="洛阳市涧西区")
    TownshipFactory(district=made, name="工农街道")
    return made


def hide(sheet) -> None:
    sheet.row_dimensions[3].hidden = True


def test_preview_names_what_is_hidden_left_out_and_put_right(district) -> None:
    rows = [FULL, GOOD, ("乙园", "路2号", "工农", ""), ("⻘年\u200b园", "路３号", "工农", "李 四"), ("合计", "3家")]
    client = browser(staff_of(district))

    text = client.get(preview_url(send(client, district, content=xlsx(rows, dress=hide)))).content.decode()

    words = " ".join(text.split())
    assert "第 3 行是隐藏的，没有导入" in words
    assert "没有导入的行（1）" in words
    assert "<dt>没有导入的行</dt> <dd> 1 </dd>" in words
    assert '<td class="directory-list-value">合计</td> <td>像合计行</td>' in words
    assert "整理过的文字（3）" in words
    assert '<td>负责人</td> <td class="directory-list-value">李 四</td> <td>李四</td>' in words
    assert '<td class="directory-list-value">路３号</td> <td>路3号</td>' in words


def test_preview_of_a_plain_list_says_nothing_of_it(district) -> None:
    client = browser(staff_of(district))

    text = client.get(preview_url(send(client, district, (FULL, GOOD)))).content.decode()

    assert ("没有导入的行" in text, "整理过的文字" in text) == (False, False)


def test_texts_of_faulty_rows_are_not_put_right(district) -> None:
    plan = plan_import(listed([FULL, ("⻘年园", "", "工农", ""), ("⻓安园", "路1号", "工农", "")], district), now=NOW)

    assert [(row, text.source, text.written) for row, _sheet, text in Preview(plan).cleaned] == [
        (3, "⻓安园", "长安园")
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_preview_of_many_such_rows_costs_the_same(district, rows, django_assert_num_queries) -> None:
    made = [FULL, *[(f"⻘年园{n}", f"路{n}号", "工农", "") for n in range(rows)], *[("合计", "")] * rows]
    plan = plan_import(listed(made, district), now=NOW)

    with django_assert_num_queries(0):
        preview = Preview(plan)
        assert (len(preview.cleaned), len(preview.left_out)) == (rows, rows)


def test_command_names_what_it_left_out(district, tmp_path) -> None:
    path = tmp_path / "名单.xlsx"
    path.write_bytes(xlsx([FULL, GOOD, ("合计", "1家")]))

    _code, out, _err = run(path)

    assert out.splitlines()[-1] == "没有导入 名单 · 第 3 行 · 合计：像合计行"
