"""What the API takes in: days and moments that can be reckoned with, text that a database can store."""

from __future__ import annotations

import json

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from pydantic import TypeAdapter, ValidationError

from cms.core.web.api_input import Day, Moment, PlainTextParser, UnusableText, is_usable, is_usable_text


@pytest.mark.parametrize(
    ("text", "ok"), [("1899-12-31", False), ("1900-01-01", True), ("2199-12-31", True), ("2200-01-01", False)]
)
def test_days_lie_between_1900_and_2200(text: str, ok: bool) -> None:
    if ok:
        assert TypeAdapter(Day).validate_python(text).isoformat() == text
    else:
        with pytest.raises(ValidationError):
            TypeAdapter(Day).validate_python(text)


@pytest.mark.parametrize(
    ("text", "ok"),
    [
        ("1900-01-01T00:00:00Z", True),
        ("1899-12-31T23:59:59Z", False),
        ("2200-01-01T00:00:00Z", False),
        ("2026-11-23T02:00:00", False),  # no zone
    ],
)
def test_moments_have_a_zone_and_lie_in_the_same_years(text: str, ok: bool) -> None:
    if ok:
        assert TypeAdapter(Moment).validate_python(text).year == 1900
    else:
        with pytest.raises(ValidationError):
            TypeAdapter(Moment).validate_python(text)


@pytest.mark.parametrize(
    ("text", "usable"),
    [("", True), ("豆豆 😀", True), ("a\0b", False)],
)
def test_nul_is_unusable(text: str, usable: bool) -> None:
    assert is_usable_text(text) is usable


@pytest.mark.parametrize(
    ("point", "usable"), [(0xD7FF, True), (0xD800, False), (0xDBFF, False), (0xDFFF, False), (0xE000, True)]
)
def test_halves_of_pairs_are_unusable(point: int, usable: bool) -> None:
    assert is_usable_text(f"a{chr(point)}b") is usable


def body(text: str) -> object:
    request = RequestFactory().post("/api/v1/x", text, content_type="application/json")
    return PlainTextParser().parse_body(request)


@pytest.mark.parametrize("value", [{"a": "豆"}, ["a", {"b": ["c"]}], 1, None, True, "x"])
def test_body_is_what_json_says(value: object) -> None:
    assert body(json.dumps(value)) == value


@pytest.mark.parametrize(
    "text",
    [r'"\u0000"', r'{"a": "\u0000"}', r'{"\ud800": 1}', r'["a", "\udfff"]', r'{"a": [{"b": "x\u0000"}, "c"]}'],
)
def test_body_with_unusable_text_is_refused_wherever_it_stands(text: str) -> None:
    with pytest.raises(UnusableText) as refused:
        body(text)

    assert refused.value.status == 422


@pytest.mark.parametrize(
    "raw",
    [b'{"a": "\xed\xa0\x80"}', r'{"a": "\u0000"}'.encode("utf-16-le"), '{"a": 1}'.encode("utf-16"), b'{"a": "\xff"}'],
)
def test_body_that_is_not_utf_8_is_no_json(raw: bytes) -> None:
    request = RequestFactory().post("/api/v1/x", raw, content_type="application/json")

    with pytest.raises(ValueError) as refused:  # noqa: PT011  # the framework answers 400 to every one
        PlainTextParser().parse_body(request)

    assert not isinstance(refused.value, UnusableText)


def test_body_with_usable_escapes_passes() -> None:
    assert body(r'{"a": ["\u8c46", 1, null]}') == {"a": ["豆", 1, None]}


def test_query_gives_the_last_of_each_name() -> None:
    found = PlainTextParser().parse_querydict(QueryDict("a=1&a=2&b=3"), [], RequestFactory().get("/"))

    assert found == {"a": "2", "b": "3"}


def test_query_names_each_field_with_unusable_text() -> None:
    data = QueryDict(mutable=True)
    data.update({"a": "x\0", "b": "fine"})
    data.setlist("c", ["fine", chr(0xD800)])

    with pytest.raises(UnusableText) as refused:
        PlainTextParser().parse_querydict(data, ["c"], RequestFactory().get("/"))

    assert list(refused.value.fields) == ["a", "c"]


@pytest.mark.parametrize(
    ("value", "usable"),
    [
        ({"a": "b", "c": ["d", 1, None]}, True),
        ({"a": "b", "c": "\0"}, False),
        ({"a": "\0", "c": "d"}, False),
        ({"a": "b", "\0": "d"}, False),
        ({"a": {"b": ["c", "\ud800"]}}, False),
        (["a", "\0"], False),
        ({}, True),
        (1.5, True),
    ],
)
def test_every_text_of_a_value_is_looked_at(value: object, usable: bool) -> None:
    assert is_usable(value) is usable
