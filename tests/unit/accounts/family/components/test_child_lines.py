"""Words about a child, for its family and for the people who look after it."""

from __future__ import annotations

import pytest

from cms.accounts.family.components.child_lines import allergy_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("花生", "花生过敏"),
        ("对牛奶过敏", "对牛奶过敏"),
        ("无", "无"),
        ("没有", "没有"),
        ("花生、鸡蛋、牛奶、芒果、虾", "花生、鸡蛋、牛奶、芒果、虾"),
        ("花生、鸡蛋、牛奶、芒果虾", "花生、鸡蛋、牛奶、芒果虾过敏"),
    ],
)
def test_allergy_is_said_once_and_long_notes_stay_as_they_are(text: str, words: str) -> None:
    assert allergy_words(text) == words
