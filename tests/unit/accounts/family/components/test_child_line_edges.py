"""A child in one line, at the edges of its words."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts import ports
from cms.accounts.family.components.child_lines import allergy_words, child_line
from cms.accounts.models import Child
from cms.accounts.ports import ChildClass

TODAY = dt.date(2026, 11, 23)


def line(birth_date: dt.date, found: ChildClass | None = None, allergies: str = "") -> tuple[str, str]:
    child = Child(nickname="豆豆", birth_date=birth_date, allergies=allergies)
    answer = None if found is None else lambda born, day: found
    with ports.child_class.replaced_by(answer):
        made = child_line(child, TODAY)
    assert made.child is child
    return made.age, made.note


@pytest.mark.parametrize(
    ("birth_date", "age"),
    [
        (dt.date(2026, 12, 1), "0 个月"),
        (dt.date(2025, 6, 23), "17 个月"),
        (dt.date(2023, 11, 24), "35 个月"),
        (dt.date(2023, 11, 23), "满 3 岁"),
        (dt.date(2023, 10, 23), "满 3 岁"),
    ],
)
def test_age_ends_with_the_third_birthday(birth_date: dt.date, age: str) -> None:
    assert line(birth_date) == (age, "")


@pytest.mark.parametrize(
    ("found", "allergies", "note"),
    [
        (ChildClass("托小班", "托大班", dt.date(2027, 6, 3)), "花生", "托小班；花生过敏；2027年6月升托大班"),
        (ChildClass("托大班"), "", "托大班"),
        (ChildClass(""), "花生", "花生过敏"),
    ],
)
def test_note_has_class_allergies_and_what_comes_next(found: ChildClass, allergies: str, note: str) -> None:
    assert line(dt.date(2025, 6, 3), found, allergies)[1] == note


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("花生", "花生过敏"),
        ("花" * 12, "花" * 12 + "过敏"),
        ("花" * 13, "花" * 13),
        ("花生过敏", "花生过敏"),
        ("无", "无"),
        ("没有", "没有"),
    ],
)
def test_allergies_end_with_their_word_once(text: str, words: str) -> None:
    assert allergy_words(text) == words
