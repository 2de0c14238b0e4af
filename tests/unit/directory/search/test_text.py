"""How words become terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.pinyin import sort_key, syllables
from directory.search.text import Clause, fold, index_terms, latin_terms, pairs, plan_query


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("澗西", "涧西"),
        ("ＡＢＣ１２", "abc12"),
        ("Baby", "baby"),
        ("托兒所", "托儿所"),
        ("カナ", "カナ"),
        ("", ""),
        ("⻘年宫", "青年宫"),
        ("⻑安", "长安"),
        ("\u202d小\u200b满\ufe0f", "小满"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_pairs_of_any_script() -> None:
    assert pairs("小满ab1") == ["小满", "满a", "ab", "b1"]
    assert pairs("园") == ["园"]
    assert pairs("") == []


def test_index_terms_bridge_what_is_no_letter() -> None:
    assert index_terms("t:", "示例·园") == {"t:示", "t:例", "t:园", "t:示例", "t:例园"}


def test_latin_terms_of_runs_and_initials() -> None:
    terms = latin_terms([("tuo",), (), ("yu",)])

    assert terms == {
        "p:^t", "p:^tu", "p:^tuo", "p:^y", "p:^yu", "p:tuo", "p:uoy", "p:oyu", "i:t", "i:y", "i:ty",
    }  # fmt: skip


def test_known_word_asks_for_its_synonyms() -> None:
    (segment,) = plan_query("托班").segments

    assert segment.needed == 1
    assert segment.clauses == (Clause((("t:托育",), ("t:托班",), ("t:托儿", "t:儿所"))),)


def test_long_piece_asks_for_most_of_its_pairs() -> None:
    (segment,) = plan_query("重庆路社区").segments

    assert (len(segment.clauses), segment.needed) == (4, 3)


def test_optional_words_ask_only_when_alone() -> None:
    assert len(plan_query("阳光托育中心").segments) == 2
    assert len(plan_query("中心").segments) == 1


def test_latin_is_name_pinyin_or_initials() -> None:
    (segment,) = plan_query("ty").segments

    assert segment.clauses == (Clause((("t:ty",), ("p:^ty",), ("i:ty",))),)


@pytest.mark.parametrize("q", ["", "   ", "！？·", "\x00", "😀"])
def test_nothing_to_ask(q: str) -> None:
    assert plan_query(q).segments == ()


@given(st.text(max_size=300))
def test_any_text_can_be_asked(q: str) -> None:
    plan = plan_query(q)

    assert len(plan.segments) <= 8
    assert all(1 <= segment.needed <= len(segment.clauses) for segment in plan.segments)
    assert all(" " not in term for term in plan.terms())


@pytest.mark.parametrize(
    ("name", "sounds"),
    [
        ("重庆路", ("chong", "qing", "lu")),
        ("长春路", ("chang", "chun", "lu")),
        ("涧西", ("jian", "xi")),
        ("鄠邑", ("hu", "yi")),
        ("ab园1·", ("a", "b", "yuan", "", "")),
    ],
)
def test_sounds_of_places(name: str, sounds: tuple[str, ...]) -> None:
    assert syllables(name) == sounds


@given(st.text(max_size=80))
def test_one_sound_a_character(name: str) -> None:
    folded = fold(name)

    assert len(syllables(folded)) == len(folded)
    assert sort_key(folded).endswith(folded)


@pytest.mark.parametrize(
    ("letters", "needed", "of"),
    [("阳", 1, 1), ("阳光", 1, 1), ("阳光城", 2, 2), ("阳光城南", 2, 3), ("阳光城南街", 3, 4), ("阳光城南街道", 3, 5)],
)
def test_short_words_match_whole_and_longer_ones_in_most_pairs(letters: str, needed: int, of: int) -> None:
    (segment,) = plan_query(letters).segments

    assert (segment.needed, len(segment.clauses)) == (needed, of)


def test_a_question_is_read_to_its_hundredth_letter() -> None:
    assert plan_query("㍿" * 101).needles == plan_query("株式会社" * 25).needles
    assert plan_query("园" * 99 + "甲乙").needles[-1] == "园甲"


@pytest.mark.parametrize(
    ("q", "needles"),
    [
        ("小满 https://example.org/a?b=c", ("小满",)),
        ("HTTP://example.org/a小满", ("小满",)),
        ("小满http", ("小满",)),
    ],
)
def test_address_of_a_shared_link_is_no_word(q: str, needles: tuple[str, ...]) -> None:
    assert plan_query(q).needles == needles
