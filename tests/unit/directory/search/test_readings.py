"""How characters are read."""

from __future__ import annotations

import pytest

from directory.search.pinyin import readings, syllables
from directory.search.readings import readings_of
from directory.search.text import latin_terms, number_asked, phone_terms


@pytest.mark.parametrize(
    ("character", "sounds"),
    [
        ("满", ("man",)),
        ("朝", ("zhao", "chao")),
        ("柏", ("bai", "bo")),
        ("单", ("dan", "shan")),
        ("鄠", ("hu",)),
        ("参", ("can", "cen", "shen")),
        ("-", ()),
        ("a", ()),
        ("龘", ()),
    ],
)
def test_usual_readings(character: str, sounds: tuple[str, ...]) -> None:
    assert readings_of(character) == sounds


def test_name_has_its_own_reading_first_and_no_more_than_three() -> None:
    assert readings("重庆·柏参a") == [
        ("chong", "zhong"),
        ("qing",),
        (),
        ("bai", "bo"),
        ("can", "cen", "shen"),
        ("a",),
    ]
    assert syllables("朝阳") == ("chao", "yang")
    assert syllables("柏林") == ("bai", "lin")


def test_terms_of_every_reading_run_on_into_the_next() -> None:
    terms = latin_terms([("le", "yue"), ("a",), ("b",)])

    assert {"p:leab"[:5], "p:yue", "p:uea", "p:eab"} <= terms
    assert terms == {
        "p:^l", "p:^le", "p:^lea", "p:^y", "p:^yu", "p:^yue", "p:^a", "p:^ab", "p:^b",
        "p:lea", "p:eab", "p:yue", "p:uea",
        "i:l", "i:la", "i:lab", "i:y", "i:ya", "i:yab", "i:a", "i:ab", "i:b",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("phone", "forms"),
    [
        ("0379-64600008", {"d:037964600008", "d:37964600008", "d:64600008"}),
        ("010-1234567", {"d:0101234567", "d:101234567", "d:1234567"}),
        ("021 12345678", {"d:02112345678", "d:2112345678", "d:12345678"}),
        ("+86 138 0000 0000", {"d:13800000000"}),
        ("029-86123456", {"d:02986123456", "d:2986123456", "d:86123456"}),
        ("+86 29 86123456", {"d:02986123456", "d:2986123456", "d:86123456"}),
        ("86123456", {"d:86123456"}),
        ("400-000-0000", {"d:4000000000"}),
        ("123456", set()),
        ("1234567", {"d:1234567"}),
        ("", set()),
    ],
)
def test_telephone_with_and_without_its_area_code(phone: str, forms: set[str]) -> None:
    assert phone_terms(phone) == forms


@pytest.mark.parametrize(
    ("q", "term"),
    [
        ("0379-6460 0008", "d:037964600008"),
        ("（0379）64600008", "d:037964600008"),
        ("+86 13800000000", "d:13800000000"),
        ("8613800000000", "d:13800000000"),
        ("86123456", "d:86123456"),
        ("8612 3456", "d:86123456"),
        ("+86 29 86123456", "d:02986123456"),
        ("862986123456", "d:02986123456"),
        ("１３８\u200e00000000", "d:13800000000"),
        ("1234567", "d:1234567"),
        ("123456", ""),
        ("12 34 56", ""),
        ("电话 0379-64600008", ""),
        ("91410305MARP00171K", "d:91410305marp00171k"),
        ("91410305 MARP00171K ", "d:91410305marp00171k"),
        ("91410305MARP00171", ""),
        ("珠江路88号", ""),
        ("", ""),
    ],
)
def test_number_that_is_all_of_a_question(q: str, term: str) -> None:
    assert number_asked(q) == term
