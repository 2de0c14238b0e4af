"""What a question that found nothing may have meant: the plan behind it."""

from __future__ import annotations

import pytest

from directory.search.engine import SearchQuery
from directory.search.nearest import holds_name, plan_nearest, plan_of
from directory.search.text import Clause, plan_query


def weights(q: str) -> dict[str, int]:
    """First term of each clause that counts → its weight."""
    return {clause.any_of[0][0]: weight for clause, weight in plan_nearest(q).scored}


def test_a_pair_counts_by_its_signs_its_sound_and_its_place() -> None:
    assert weights("小蛮") == {"n:小蛮": 6, "p:^xia": 4, "t:小蛮": 2, "n:小": 1, "n:蛮": 1}
    [segment] = plan_nearest("小蛮").segments
    assert (segment.needed, len(segment.clauses)) == (1, 5)
    assert segment.clauses[1] == Clause((("p:^xia", "p:iao", "p:aom", "p:oma", "p:man"),))


@pytest.mark.parametrize(
    ("q", "letters"),
    [("满", ["n:满"]), ("小满", ["n:小", "n:满"]), ("小满月", []), ("小满托育园", ["n:小", "n:满"])],
)
def test_single_signs_count_in_short_words(q: str, letters: list[str]) -> None:
    assert [term for term, weight in weights(q).items() if weight == 1] == letters


def test_every_reading_of_a_sign_sounds_alike() -> None:
    [sounding] = [clause for clause, weight in plan_nearest("长乐").scored if weight == 4]

    assert [terms[0] + terms[-1][2:] for terms in sounding.any_of] == [
        "p:^chagle",
        "p:^chayue",
        "p:^zhagle",
        "p:^zhayue",
    ]


def test_what_nearly_every_name_has_tells_nothing() -> None:
    assert weights("托育中心服务") == {}
    assert weights("小满托育中心") == weights("小满")


def test_signs_without_a_sound_have_no_clause_of_sound() -> None:
    assert weights("8号") == {"n:8号": 6, "t:8号": 2, "n:8": 1, "n:号": 1}


@pytest.mark.parametrize(
    ("q", "needed", "of"),
    [("xia", 1, 1), ("xiao", 2, 2), ("xiaom", 2, 3), ("xiaoma", 3, 4), ("xiaoman", 3, 5), ("ab xiaoman", 3, 5)],
)
def test_letters_of_a_sound_are_right_in_three_of_five(q: str, needed: int, of: int) -> None:
    [segment] = plan_nearest(q).segments

    assert (segment.needed, len(segment.clauses)) == (needed, of)


def test_too_short_a_sound_is_like_nothing() -> None:
    assert plan_nearest("xia").segments[0].clauses == (Clause((("i:^",),)),)
    assert plan_nearest("").segments == plan_nearest("xia").segments
    assert plan_nearest("").scored == ()


def test_long_text_is_cut() -> None:
    signs = "".join(chr(0x4E00 + number) for number in range(90))

    assert len(plan_nearest(signs).scored) == 60


def test_question_says_which_plan_it_has() -> None:
    assert plan_of(SearchQuery(q="小满", nearest=True)) == plan_nearest("小满")
    assert plan_of(SearchQuery(q="小满")) == plan_query("小满")


@pytest.mark.parametrize(
    ("q", "name", "holds"),
    [
        ("示例·小满托育园 河南省洛阳市珠江路88号", "示例·小满托育园", True),
        ("【涧西托育】示例小满托育园：空位、收费", "示例·小满托育园", True),
        ("示例·小满", "示例·小满托育园", True),
        ("小满托育园", "示例·小满托育园", False),
        ("示例·小月托育园", "示例·小满托育园", False),
        ("示例的小满", "示例·小满托育园", False),
        ("托育中心", "托育中心", False),
    ],
)
def test_question_holds_a_whole_name(q: str, name: str, holds: bool) -> None:
    assert holds_name(q, name) is holds
