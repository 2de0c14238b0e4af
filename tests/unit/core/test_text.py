"""What people paste, and what they meant by it."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from cms.core.text import folded, plain


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("", ""),
        ("abc  1", "abc  1"),
        ("小满托育中心", "小满托育中心"),
        # Radicals of both blocks, their first and their last.
        ("⻄工区⻘年宫⻓安⻢", "西工区青年宫长安马"),
        ("⺁⻲", "厂亀"),
        ("⼀⽅⿕", "一方龠"),
        ("⺟⻳", "母龟"),
        # Neighbours of the blocks stay: an unassigned one, and the first description character.
        ("⺀⿰", "⺀⿰"),
        # Directions, joiners, soft hyphens, variation selectors: nothing to see.
        ("\u202d138\u202c\u200e\u200b\u2068\u2069\ufeff", "138"),
        ("1️3️8︎", "138"),
        ("福\u00ad满\u2060\u180e", "福满"),
        ("葛\U000e0100城\U000e01ef", "葛城"),
        ("\u034f\u180b\ufffe\uffff字", "字"),
        ("\ud800字", "字"),
        # One blank for each blank; line breaks and width are nobody's business here.
        ("小满\u3000\u00a0\u2003托育", "小满   托育"),
        ("一\u2028二\u2029三", "一 二 三"),
        ("一\n二\t三", "一\n二\t三"),
        ("（ＡＢＣ）１２", "（ＡＢＣ）１２"),
    ],
)
def test_text_is_what_an_eye_sees(pasted, meant):
    assert plain(pasted) == meant
    assert plain(meant) == meant


@pytest.mark.parametrize(
    ("pasted", "compared"),
    [
        ("１３８\u200e０", "1380"),
        ("（ＡＢｃ）\u3000℃", "(ABc) °C"),
        ("⻄⼯", "西工"),
    ],
)
def test_folded_text_is_half_width_too(pasted, compared):
    assert folded(pasted) == compared


def test_every_assigned_radical_has_a_usual_character():
    assigned = [chr(code) for code in range(0x2E80, 0x2FE0) if unicodedata.name(chr(code), "")]
    left = {mark for mark in assigned if plain(mark) == mark}

    # Both stand for no character of their own.
    assert left == {"⺀", "⺚"} & set(assigned)
    assert all(unicodedata.category(plain(mark)) == "Lo" for mark in assigned if mark not in left)


def test_every_format_character_goes_and_every_blank_is_the_usual_one():
    signs = [chr(code) for code in range(sys.maxunicode + 1)]
    unseen = [sign for sign in signs if unicodedata.category(sign) in {"Cf", "Cs"}]
    blanks = [sign for sign in signs if unicodedata.category(sign) in {"Zs", "Zl", "Zp"}]

    assert {plain(sign) for sign in unseen} == {""}
    assert {plain(sign) for sign in blanks} == {" "}


def test_no_letter_digit_or_sign_goes():
    signs = [chr(code) for code in range(sys.maxunicode + 1)]
    gone = [sign for sign in signs if unicodedata.category(sign)[0] in "LNPS" and not plain(sign)]
    marks = [sign for sign in signs if unicodedata.category(sign)[0] == "M" and not plain(sign)]

    assert gone == []
    assert {unicodedata.name(mark).rstrip("-0123456789") for mark in marks} == {
        "COMBINING GRAPHEME JOINER",
        "MONGOLIAN FREE VARIATION SELECTOR ONE",
        "MONGOLIAN FREE VARIATION SELECTOR TWO",
        "MONGOLIAN FREE VARIATION SELECTOR THREE",
        "MONGOLIAN FREE VARIATION SELECTOR FOUR",
        "VARIATION SELECTOR",
    }
