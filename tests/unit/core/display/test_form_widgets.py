"""The three inputs of a birthday: what they show, and the one string they give."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.display.form_widgets import DateParts


def parts(value: object, attrs: dict | None = None, widget: DateParts | None = None) -> list[dict]:
    return (widget or DateParts()).get_context("birth", value, attrs)["widget"]["parts"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (dt.date(2025, 6, 3), ["2025", "6", "3"]),
        ("2025-6-3", ["2025", "6", "3"]),
        ("2025-6", ["2025", "6", ""]),
        ("2025-6-3-9", ["2025", "6", "3"]),
        ("", ["", "", ""]),
        (None, ["", "", ""]),
    ],
)
def test_inputs_show_what_was_typed(value: object, shown: list[str]) -> None:
    assert [part["value"] for part in parts(value)] == shown


def test_inputs_are_year_month_day() -> None:
    found = parts("")

    assert [(part["name"], part["id"], part["label"], part["length"]) for part in found] == [
        ("birth_year", "id_birth_year", "年", 4),
        ("birth_month", "id_birth_month", "月", 2),
        ("birth_day", "id_birth_day", "日", 2),
    ]
    assert [part["id"] for part in parts("", {"id": "x"})] == ["x_year", "x_month", "x_day"]


@pytest.mark.parametrize(
    ("word", "words"),
    [("bday", ["bday-year", "bday-month", "bday-day"]), ("off", ["off"] * 3), ("", ["off"] * 3)],
)
def test_browser_fills_in_a_birthday_only_where_it_is_the_visitors(word: str, words: list[str]) -> None:
    widget = DateParts({"autocomplete": word} if word else None)

    assert [part["autocomplete"] for part in parts("", widget=widget)] == words


@pytest.mark.parametrize(("attrs", "invalid"), [(None, False), ({}, False), ({"aria-invalid": "true"}, True)])
def test_inputs_are_marked_when_the_field_is_wrong(attrs: dict | None, invalid: bool) -> None:
    assert DateParts().get_context("birth", "", attrs)["widget"]["invalid"] is invalid


@pytest.mark.parametrize(
    ("data", "value", "omitted"),
    [
        ({"birth_year": "2025", "birth_month": " 6 ", "birth_day": "3"}, "2025-6-3", False),
        ({"birth_year": "2025"}, "2025--", False),
        ({"birth_day": "3"}, "--3", False),
        ({"birth_year": "", "birth_month": "", "birth_day": " "}, None, False),
        ({"birth": "2025-06-03"}, "2025-06-03", False),
        ({"birth": "2025-06-03", "birth_year": "2024"}, "2025-06-03", False),
        ({"other_year": "2025"}, None, True),
        ({}, None, True),
    ],
)
def test_typed_parts_make_one_string(data: dict, value: str | None, omitted: bool) -> None:
    widget = DateParts()

    assert widget.value_from_datadict(data, {}, "birth") == value
    assert widget.value_omitted_from_data(data, {}, "birth") is omitted


@pytest.mark.parametrize(("identity", "label"), [("id_birth", "id_birth_year"), ("", ""), (None, "")])
def test_label_points_to_the_first_input(identity: str | None, label: str) -> None:
    assert DateParts().id_for_label(identity) == label
