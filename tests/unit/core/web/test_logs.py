"""Log lines carry the request's id and nobody's number."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import RequestFactory

from cms.core.web.logs import HIDDEN, ApiRefusalFilter, JsonFormatter, PrivacyFilter, hide_private
from cms.core.web.middleware import current_request_id


def record(message: str, *args: object, name: str = "site", level: int = logging.INFO, **extra) -> logging.LogRecord:
    made = logging.LogRecord(name, level, "file.py", 1, message, args, None)
    made.__dict__.update(extra)
    return made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call 13800138000 now", f"call {HIDDEN} now"),
        ("+86 138 0013 8000", HIDDEN),
        ("id 110101199003070012.", f"id {HIDDEN}."),
        ("from a.b@example.cn", f"from {HIDDEN}"),
        ("GET /x?token=abc&y=1", f"GET /x?token={HIDDEN}&y=1"),
        ("Cookie: sessionid=abc; type=large", f"Cookie: sessionid={HIDDEN}; type=large"),
        ("Forbidden: /institutions/invites/Ab-_9z/", f"Forbidden: /institutions/invites/{HIDDEN}/"),
        (
            "GET /sign-in/?next=%2Finstitutions%2Finvites%2FAb-_9z%2F",
            f"GET /sign-in/?next=%2Finstitutions%2Finvites%2F{HIDDEN}%2F",
        ),
        ("GET /institutions/invites/ and /institutions/Ab9/", "GET /institutions/invites/ and /institutions/Ab9/"),
        ("booking 1234567 of 2026-03-02", "booking 1234567 of 2026-03-02"),
        ("demo 10000000001", f"demo {HIDDEN}"),
    ],
)
def test_hide_private_by_kind(text: str, expected: str) -> None:
    assert hide_private(text) == expected


def test_privacy_filter_sees_the_arguments_too() -> None:
    line = record("code for %s", "13800138000")

    assert PrivacyFilter().filter(line) is True
    assert line.getMessage() == f"code for {HIDDEN}"


def test_json_formatter_tells_id_and_status() -> None:
    token = current_request_id.set("abcd1234")

    line = json.loads(JsonFormatter().format(record("机构 %s", 3, status_code=404)))

    current_request_id.reset(token)
    assert (line["message"], line["request_id"], line["status"]) == ("机构 3", "abcd1234", "404")


def test_json_formatter_hides_numbers_in_a_traceback() -> None:
    try:
        raise ValueError("13800138000")
    except ValueError as problem:
        line = record("failed")
        line.exc_info = (ValueError, problem, problem.__traceback__)

    assert "13800138000" not in JsonFormatter().format(line)


@pytest.mark.parametrize(
    ("path", "level", "passes"),
    [
        ("/api/v1/bookings", logging.WARNING, False),
        ("/api/v1/bookings", logging.ERROR, True),
        ("/institutions/", logging.WARNING, True),
    ],
)
def test_api_refusals_are_no_warnings(path: str, level: int, passes: bool) -> None:
    line = record("Conflict", name="django.request", level=level, request=RequestFactory().get(path))

    assert ApiRefusalFilter().filter(line) is passes


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("1380013800", False),  # ten digits
        ("138001380001", False),  # twelve
        ("23800138000", False),
        ("8613800138000", True),
        ("138-0013-8000", True),
        ("11010119900307001X", True),
        ("11010119900307001x", True),
        ("1101011990030700", False),  # sixteen
        ("110101199003070012a", False),
        ("code=123456", True),
        ("CODE=123456", True),
        ("token: abc", True),
        ("tokenabc", False),
        ("a@b", False),
    ],
)
def test_hide_private_at_its_edges(text: str, hidden: bool) -> None:
    assert (HIDDEN in hide_private(text)) is hidden


def test_json_line_is_complete_and_has_no_empty_parts() -> None:
    line = record("x")
    line.created = 1_774_000_000.5

    assert json.loads(JsonFormatter().format(line)) == {
        "at": "2026-03-20T09:46:40.500+00:00",
        "level": "INFO",
        "logger": "site",
        "message": "x",
    }


@pytest.mark.parametrize(
    ("name", "request_", "passes"),
    [
        ("django.request", None, True),
        ("site", RequestFactory().get("/api/v1/x"), True),
        ("django.request", RequestFactory().get("/apiary/"), True),
    ],
)
def test_only_djangos_line_about_the_api_is_dropped(name: str, request_: object, passes: bool) -> None:
    extra = {} if request_ is None else {"request": request_}

    assert ApiRefusalFilter().filter(record("x", name=name, level=logging.WARNING, **extra)) is passes


def test_json_line_is_readable_chinese() -> None:
    assert '"message": "机构"' in JsonFormatter().format(record("机构"))
