"""Latin letters are their own sound from the first to the last, and names are in order of sound, then of sign."""

from __future__ import annotations

import pytest

from directory.search.pinyin import sort_key, syllables


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("az", ("a", "z")),
        ("`{", ("", "")),
        ("园a9园", ("yuan", "a", "", "yuan")),
        ("", ()),
        ("涧西a", ("jian", "xi", "a")),
    ],
)
def test_sounds_of_signs(text: str, sounds: tuple[str, ...]) -> None:
    assert syllables(text) == sounds


@pytest.mark.parametrize(
    ("text", "key"),
    [("小满", "xiao man\t小满"), ("小9满", "xiao 9 man\t小9满"), ("天津路", "tian jin lu\t天津路")],
)
def test_order_is_by_sound_then_by_sign(text: str, key: str) -> None:
    assert sort_key(text) == key
