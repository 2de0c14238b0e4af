"""What value each kind of rule may have, and how staff write it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from directory.districts.enums import RuleKind
from directory.districts.rule_values import CHECKS, DOCUMENT_KINDS, KIND_RULES, Shape, is_fit
from directory.districts.rule_words import EXAMPLES, READERS, WRITERS, NotReadable, value_of, words_of

DATA = Path(__file__).resolve().parents[4] / "directory" / "districts" / "data"
FIRE = {"subject": "fire", "any_of": ["fire_inspection", "acceptance"]}
FOOD = {"subject": "food", "any_of": ["food_permit"], "when": "meals"}
BAND = {"from": 1, "to": 30, "square_metres": 9}

#: kind → (values it may have, values it may not).
VALUES: dict[str, tuple[list[Any], list[Any]]] = {
    "places_per_thousand": ([4.5, 1, 0.1], [0, -1.5, True, "4.5", float("nan"), float("inf"), [4.5]]),
    "receipt_days": ([1, 15], [0, -1, 4.5, True, "5", {}]),
    "inclusive_share": ([0.5, 50, 100], [0, -1, 100.1, True, "50"]),
    "vouchers": ([True, False], [0, 1, "有", []]),
    "care_modes": (
        [["hourly"], ["half_month", "hourly"]],
        [[], ["hourly", "hourly"], ["night"], "hourly", [1], {"hourly": 1}],
    ),
    "parenting_lead": ([["womens_federation"]], [[], ["nobody"]]),
    "coverage_population": (
        [{"from": 1, "to": 1}, {"from": 1, "to": 2}],
        [{"from": 2, "to": 1}, {"from": 1}, {"from": 0, "to": 1}, {"from": 1, "to": 2, "by": 1}, [1, 2], 3],
    ),
    "extensions": ([{"extensions": 1, "branches": 2}], [{"extensions": 1}, {"extensions": 0, "branches": 1}, 1]),
    "area_per_place": (
        [[BAND], [BAND, {"from": 30, "to": 30, "square_metres": 8.5}]],
        [
            [],
            {},
            BAND,
            [BAND, {"from": 1, "to": 30}],
            [BAND | {"square_metres": 0}],
            [BAND | {"from": 31}],
            [BAND | {"from": 0}],
            [BAND | {"square_metres": "9"}],
        ],
    ),
    "fire_document": (
        [[FIRE], [FIRE, FOOD], [FIRE | {"when": "always"}]],
        [
            [],
            {},
            FIRE,
            ["fire"],
            [FIRE, FIRE],
            [{"subject": "fire"}],
            [FIRE | {"subject": "water"}],
            [FIRE | {"any_of": []}],
            [FIRE | {"any_of": ["bribe"]}],
            [FIRE | {"when": "never"}],
            [FIRE | {"note": "x"}],
        ],
    ),
    "milestone": ([], [1, "x", False, []]),
}
FIT = [(kind, value) for kind, (fit, _unfit) in VALUES.items() for value in fit]
UNFIT = [(kind, value) for kind, (_fit, unfit) in VALUES.items() for value in unfit]


@pytest.mark.parametrize(("kind", "value"), FIT)
def test_value_of_the_kinds_shape_is_fit(kind: str, value: Any) -> None:
    assert is_fit(kind, value) is True


@pytest.mark.parametrize(("kind", "value"), UNFIT)
def test_value_of_another_shape_is_not(kind: str, value: Any) -> None:
    assert is_fit(kind, value) is False


def test_every_kind_has_a_shape_and_may_have_no_value() -> None:
    assert set(KIND_RULES) == set(RuleKind.values)
    assert set(CHECKS) == set(EXAMPLES) == set(Shape)
    assert set(WRITERS) == set(READERS) == set(Shape) - {Shape.WORDS}
    assert all(is_fit(kind, None) for kind in KIND_RULES)


def test_kinds_that_name_documents() -> None:
    assert DOCUMENT_KINDS == (
        "filing_documents",
        "licence_document",
        "fire_document",
        "staff_documents",
        "health_evaluation",
        "food_permit",
    )


def without_always(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value != "always"}


@pytest.mark.parametrize(("kind", "value"), FIT)
def test_what_is_written_is_read_back(kind: str, value: Any) -> None:
    found = value_of(kind, words_of(kind, value))

    assert found == ([without_always(entry) for entry in value] if kind == "fire_document" else value)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("places_per_thousand", 4.5, "4.5"),
        ("vouchers", False, "没有"),
        ("care_modes", ["full_day", "half_month"], "全日托、半月托"),
        ("coverage_population", {"from": 30000, "to": 50000}, "30000–50000"),
        ("extensions", {"extensions": 1, "branches": 2}, "1、2"),
        ("area_per_place", [BAND, {"from": 31, "to": 60, "square_metres": 11}], "1–30：9\n31–60：11"),
        (
            "fire_document",
            [FIRE, FOOD],
            "消防：消防安全检查合格证明 或 消防验收合格证明\n餐饮：食品经营许可证（提供餐饮时）",
        ),
        ("milestone", None, ""),
        ("receipt_days", "five", "five"),
    ],
)
def test_values_in_words(kind: str, value: Any, words: str) -> None:
    assert words_of(kind, value) == words


@pytest.mark.parametrize(
    ("kind", "words", "value"),
    [
        ("places_per_thousand", "  ", None),
        ("places_per_thousand", " 5 ", 5),
        ("price_float", "20%", 20),
        ("price_float", "20 ％", 20),
        ("care_modes", "全日托，计时托 临时托、", ["full_day", "hourly", "temporary"]),
        ("coverage_population", "30000 - 50000", {"from": 30000, "to": 50000}),
        ("area_per_place", "1-30: 9\n\n31至60：11.5", [BAND, {"from": 31, "to": 60, "square_metres": 11.5}]),
        ("fire_document", "消防: 消防安全检查合格证明或消防验收合格证明", [FIRE]),
    ],
)
def test_words_as_people_type_them(kind: str, words: str, value: Any) -> None:
    assert value_of(kind, words) == value


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("places_per_thousand", "约 5"),
        ("places_per_thousand", "5..1"),
        ("places_per_thousand", "NaN"),
        ("places_per_thousand", "0"),
        ("receipt_days", "4.5"),
        ("vouchers", "true"),
        ("care_modes", "夜托"),
        ("coverage_population", "30000"),
        ("coverage_population", "5–3"),
        ("extensions", "1"),
        ("extensions", "1、2、3"),
        ("area_per_place", "1–30"),
        ("area_per_place", "1–30：9：8"),
        ("fire_document", "消防"),
        ("fire_document", "水：食品经营许可证"),
        ("fire_document", "消防：借条"),
        ("milestone", "1"),
    ],
)
def test_words_that_mean_nothing_say_how_to_write_it(kind: str, words: str) -> None:
    with pytest.raises(NotReadable) as caught:
        value_of(kind, words)

    assert str(caught.value) == str(EXAMPLES[KIND_RULES[kind].shape])


@pytest.mark.parametrize("name", ["districts.json", "upper_rules.json"])
def test_every_rule_that_comes_with_the_code_has_a_fit_value(name: str) -> None:
    entries = json.loads((DATA / name).read_text(encoding="utf-8"))

    assert [
        (entry["slug"], rule["kind"])
        for entry in entries
        for rule in entry["rules"]
        if not is_fit(rule["kind"], rule.get("value"))
    ] == []
