"""The script that compares the carried rules with the plans they quote."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import check_quotes

PLAN = (
    "示例区 实施方案\n到2025年底，每3—5万人口配建一处。\n全区托位数达到5.3 个，录像保存\u300090天，面积大于一千平方米的"
)


def rule(quote: str, kind: str = "video_days", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "quote": quote, **more}


def found(tmp_path: Path, *rules: dict[str, Any], texts: tuple[str, ...] = (PLAN,)) -> list[str]:
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_text(text)
    data = tmp_path / "districts.json"
    data.write_text(json.dumps([{"slug": "shili", "name": "示例区", "rules": list(rules)}]))
    return check_quotes.check(tmp_path, data)


@pytest.mark.parametrize(
    "one",
    [
        rule("录像保存90天", value=90),
        rule("到2025年底……达到5.3个", value=5.3, due_year=2025),
        rule("每3—5万人口配建一处", value={"from": 30000, "to": 50000}),
        rule("大于一千平方米", value=1000),
        rule("配建一处", value=True),
        rule("录像保存", value=["full_day"]),
        rule("录像保存", value=None),
        {"kind": "video_days", "value": 7},
    ],
)
def test_rule_that_its_plan_bears_out_is_not_named(tmp_path: Path, one: dict[str, Any]) -> None:
    assert found(tmp_path, one) == []


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (rule("录像保存91天"), "not in the text: 录像保存91天"),
        (rule("达到5.3个……到2025年底"), "not in the text: 达到5.3个……到2025年底"),
        (rule("录像保存……录像保存"), "not in the text: 录像保存……录像保存"),
        (rule("录像保存90天", value=91), "91 not in the quote: 录像保存90天"),
        (rule("全区托位数达到5.3个", value=5.3, due_year=2025), "2025 not in the quote: 全区托位数达到5.3个"),
        (rule("每3—5万人口", value={"from": 30000, "to": 60000}), "60000 not in the quote: 每3—5万人口"),
        (rule("每3—5万人口", value={"from": 3, "to": 5}), "3, 5 not in the quote: 每3—5万人口"),
    ],
)
def test_rule_that_it_does_not_is_named(tmp_path: Path, one: dict[str, Any], words: str) -> None:
    assert found(tmp_path, rule("录像保存", "care_modes"), one) == [f"shili 2 video_days: {words}"]


def test_words_of_another_districts_plan_do_not_count(tmp_path: Path) -> None:
    texts = ("别区方案，提到示例区一次。录像保存30天。", f"{PLAN}，示例区印发")

    assert found(tmp_path, rule("录像保存30天"), texts=texts) == [
        "shili 1 video_days: not in the text: 录像保存30天",
    ]
    assert found(tmp_path, rule("录像保存90天"), texts=texts) == []


def test_district_without_a_plan_is_named(tmp_path: Path) -> None:
    assert found(tmp_path, rule("录像保存"), texts=("别区方案",)) == ["shili: no text names 示例区"]


def run(*arguments: str) -> tuple[int, str]:
    script = Path(check_quotes.__file__)
    done = subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_script_says_how_it_is_called_and_what_is_wrong(tmp_path: Path) -> None:
    called = run()
    (tmp_path / "plan.txt").write_text("涧西区")
    code, said = run(str(tmp_path))

    assert called == (1, "Usage: scripts/check_quotes.py FOLDER (with the districts' texts as *.txt)\n")
    assert run(str(tmp_path / "absent"))[0] == 1
    assert code == 1
    assert said.splitlines()[0].startswith("jianxi 1 places_per_thousand: not in the text: ")
    assert "hongqi: no text names 红旗区" in said.splitlines()
