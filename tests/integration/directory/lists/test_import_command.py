from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from cms.core.runtime.progress import ProgressBar
from directory.districts.services.setup import setup_districts
from directory.register.models import Institution
from tests.factories.lists import HEADER, credit_code, csv_text, xlsx

pytestmark = pytest.mark.django_db
FULL = (*HEADER, "统一社会信用代码", "备案编号", "托位数", "普惠托位数", "所属街道")
GOOD = ("小满示例托育园", "湖北路12号", credit_code(), "B1", 60, 20, "湖北路")
BAD = ("乙示例托育园", "天津路3号", "91110000600037341A", "B2", "约60", None, "火星街道")


@pytest.fixture(autouse=True)
def districts():
    setup_districts()


@pytest.fixture
def listed(tmp_path):
    def write(content: bytes, name: str = "名单.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def run(path, *options) -> tuple[int, str, str]:
    """(exit code, standard output, standard error)."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_institutions", str(path), *options, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def answer(path, *options) -> tuple[int, dict]:
    code, out, _err = run(path, "--json", *options)
    return code, json.loads(out)


def test_good_list_is_written(listed) -> None:
    path = listed(xlsx([["涧西区托育机构备案名单"], FULL, GOOD]))

    assert answer(path) == (
        0,
        {
            "sheets": 1,
            "rows": 1,
            "created": 1,
            "updated": 0,
            "unchanged": 0,
            "errors": [],
            "warnings": [],
            "written": True,
            "ignored_columns": [],
            "left_out": [],
        },
    )
    assert Institution.objects.get().district.slug == "jianxi"
    assert answer(path)[1] | {"unchanged": 1, "written": False} == answer(path)[1]


def test_faulty_list_is_reported_and_nothing_written(listed) -> None:
    code, said = answer(listed(xlsx([["涧西区托育机构备案名单"], FULL, GOOD, BAD])))

    assert (code, said["written"], Institution.objects.count()) == (1, False, 0)
    assert [(problem["row"], problem["column"], problem["code"]) for problem in said["errors"]] == [
        (4, "统一社会信用代码", "credit_code_check_digit"),
        (4, "托位数", "places_vague"),
        (4, "所属街道", "township_unknown"),
    ]
    assert said["errors"][1]["sheet"] == "名单"
    assert said["errors"][1]["value"] == "约60"


def test_partial_writes_the_good_rows_and_still_fails(listed) -> None:
    code, said = answer(listed(xlsx([FULL, GOOD, BAD])), "--partial", "--district", "jianxi")

    assert (code, said["written"], said["created"]) == (1, True, 1)
    assert Institution.objects.get().name == GOOD[0]


def test_dry_run_only_checks(listed) -> None:
    code, said = answer(listed(xlsx([FULL, GOOD])), "--dry-run")

    assert (code, said["created"], said["written"], Institution.objects.count()) == (0, 1, False, 0)


def test_district_option_holds_for_the_whole_list(listed) -> None:
    code, said = answer(listed(xlsx([HEADER, GOOD[:2]])), "--district", "ninghe")

    assert (code, [problem["code"] for problem in said["warnings"]]) == (0, ["township_missing"])
    assert Institution.objects.get().district.slug == "ninghe"


def test_list_without_a_district_says_which_was_taken(listed) -> None:
    code, said = answer(listed(xlsx([HEADER, GOOD[:2]])))

    assert (code, said["warnings"][0]["code"], said["warnings"][0]["row"]) == (0, "district_assumed", None)


def test_coordinates_option(listed) -> None:
    path = listed(xlsx([(*HEADER, "经度", "纬度"), (*GOOD[:2], 112.4, 34.66)]))

    answer(path, "--coordinates", "gcj02")

    made = Institution.objects.get()
    assert (made.longitude, made.latitude) == pytest.approx((112.3937, 34.6609), abs=1e-3)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_csv_list(listed, encoding) -> None:
    rows = [[str(cell) for cell in row] for row in (FULL, GOOD)]
    path = listed(csv_text(rows, delimiter=";").encode(encoding), "名单.csv")

    assert answer(path)[1]["created"] == 1


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b"%PDF-1.7", "renamed"), (b"PK\x03\x04", "broken")])
def test_unreadable_file_is_one_error(listed, content, code) -> None:
    exit_code, said = answer(listed(content))

    assert (exit_code, said["written"], said["rows"]) == (1, False, 0)
    assert [problem["code"] for problem in said["errors"]] == [code]


def test_absent_file_is_one_sentence(tmp_path) -> None:
    code, out, err = run(tmp_path / "nope.xlsx")

    assert (code, out) == (1, "")
    assert err.startswith("打不开这个文件")


def test_words_for_people(listed) -> None:
    code, out, _err = run(listed(xlsx([(*FULL, "园区面积"), (*GOOD, 1), (*BAD, 1)])))

    lines = out.splitlines()
    assert code == 1
    assert "错误 名单 · 第 3 行 · 托位数 · “约60”：托位数要填一个确定的整数" in out
    assert lines[-3:] == [
        "2 行：新增 1，改动 0，不变 0，有错的行 1",
        "没有写入。改好有错的行再导入，或用 --partial 先写入没有错的行。",
        "没有用到的列：园区面积",
    ]


def test_words_after_writing_and_after_a_dry_run(listed) -> None:
    path = listed(xlsx([FULL, GOOD]))

    endings = [run(path, *options)[1].splitlines()[-1] for options in (["--dry-run"], [], [])]

    assert endings == ["只检查，没有写入。", "已写入。", "和登记的一样，没有要写入的。"]


def test_progress_goes_to_standard_error(listed) -> None:
    _code, out, err = run(listed(xlsx([FULL, GOOD])), "--json")

    assert json.loads(out)["created"] == 1
    assert err.splitlines() == ["检查 2/2", "写入 1/1"]


def test_unknown_district_is_refused(listed) -> None:
    with pytest.raises(CommandError, match="jianxi"):
        run(listed(xlsx([FULL, GOOD])), "--district", "mars")


def test_progress_bar_rewrites_its_line_on_a_terminal() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    bar = ProgressBar(stream, "写入")
    bar(5, 10)
    bar(10, 10)

    assert stream.getvalue().split("\r")[1:] == [f"写入 {'█' * 15}{' ' * 15} 5/10", f"写入 {'█' * 30} 10/10\n"]


def test_queries_grow_with_batches_not_rows(listed, django_assert_max_num_queries) -> None:
    rows = [(f"示例{n}", f"路{n}号", None, f"B{n}", 60, 20, "湖北路") for n in range(400)]

    with django_assert_max_num_queries(60):
        answer(listed(xlsx([FULL, *rows])))

    assert Institution.objects.filter(is_public=True).count() == 400
