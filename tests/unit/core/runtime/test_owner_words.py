"""What only the owner knows: read from a file, asked for whole in production, filled into the texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings

from cms.accounts.family.consent_text import CHILD_DATA_TEXT
from cms.core.runtime import checks, owner_words
from cms.core.runtime.env import EnvironmentProblem
from cms.core.templatetags.site import owner_words as fill_html

FORM = settings.BASE_DIR / "docs/owner-words.toml"
SAMPLE = settings.BASE_DIR / "cms/demo/data/owner_words.toml"
WHOLE = dict.fromkeys(owner_words.FIELDS, "字")


def toml(folder: Path, words: dict[str, str]) -> str:
    path = folder / "words.toml"
    path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in words.items()), encoding="utf-8")
    return str(path)


def test_form_has_every_field_in_order_and_none_filled_in() -> None:
    words = owner_words.read(str(FORM))

    assert list(words) == list(owner_words.FIELDS)
    assert len(owner_words.find_missing(words)) == len(owner_words.FIELDS)


def test_sample_is_whole_and_says_that_it_is_one() -> None:
    words = owner_words.read_whole(str(SAMPLE))

    assert list(words) == list(owner_words.FIELDS)
    assert "示例" in words["operator"]


def test_json_and_numbers_are_read_too_and_other_fields_ignored(tmp_path: Path) -> None:
    path = tmp_path / "words.json"
    path.write_text(json.dumps({"operator": " 甲 ", "child_months": 6, "other": "x"}), encoding="utf-8")

    assert owner_words.read(str(path)) == {"operator": "甲", "child_months": "6"}


@pytest.mark.parametrize("words", [{"operator": ""}, {"operator": "  "}, {"operator": "【待填】"}, {}])
def test_field_that_is_missing_empty_or_unfilled_is_named(tmp_path: Path, words: dict[str, str]) -> None:
    given = {name: value for name, value in WHOLE.items() if name != "operator"} | words
    path = toml(tmp_path, given)

    with pytest.raises(EnvironmentProblem) as problem:
        owner_words.read_whole(path)

    assert str(problem.value) == f"OWNER_WORDS: fill in operator (单位全称) in {path}."


def test_whole_file_is_taken(tmp_path: Path) -> None:
    assert owner_words.read_whole(toml(tmp_path, WHOLE)) == WHOLE


def test_file_that_is_absent_or_broken_is_named(tmp_path: Path) -> None:
    absent, broken, listed = str(tmp_path / "a.toml"), tmp_path / "b.toml", tmp_path / "c.json"
    broken.write_text("operator = ")
    listed.write_text("[]")

    with pytest.raises(EnvironmentProblem, match="can't be read"):
        owner_words.read(absent)
    with pytest.raises(EnvironmentProblem, match="is not valid"):
        owner_words.read(str(broken))
    with pytest.raises(EnvironmentProblem, match="must hold fields"):
        owner_words.read(str(listed))


def test_text_is_filled_and_what_is_not_known_stays_marked() -> None:
    text = "【单位全称】，电话【服务电话】，【别的】"

    assert owner_words.fill(text, {"operator": "甲"}) == "甲，电话【待填：服务电话】，【别的】"


def test_words_are_escaped_in_html(settings) -> None:
    settings.OWNER_WORDS = {"operator": "甲<b>"}

    assert fill_html("<p>【单位全称】</p>") == "<p>甲&lt;b&gt;</p>"


def test_texts_name_every_field_and_nothing_unknown() -> None:
    texts = [path.read_text() for path in (settings.BASE_DIR / "cms/pages/texts").glob("*.txt")]
    whole = "\n".join([CHILD_DATA_TEXT, *texts])

    assert [label for label in owner_words.FIELDS.values() if f"【{label}】" not in whole] == []
    assert "【" not in owner_words.fill(whole, WHOLE)


def test_check_names_what_is_missing(settings) -> None:
    settings.OWNER_WORDS = {name: value for name, value in WHOLE.items() if name != "phone"}

    assert [(error.id, error.msg) for error in checks.check_owner_words()] == [
        ("core.E005", "OWNER_WORDS lacks phone (服务电话).")
    ]


def test_check_is_content_with_the_whole(settings) -> None:
    settings.OWNER_WORDS = WHOLE

    assert checks.check_owner_words() == []
