"""Which mutants SQL in a string has, and which strings are SQL."""

from __future__ import annotations

import pytest

from tests.mutants.python_operators import mutants
from tests.mutants.source import Source
from tests.mutants.sql_operators import is_sql, sql_mutants


def made(literal: str) -> list[tuple[str, str]]:
    return [(operator, literal[:start] + new + literal[end:]) for start, end, new, operator in sql_mutants(literal)]


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ('"a < b"', [("SQL comparison", '"a >= b"'), ("SQL boundary", '"a <= b"')]),
        ('"a >= b"', [("SQL comparison", '"a < b"'), ("SQL boundary", '"a > b"')]),
        ('"a <> b"', []),
        ('"a ->> %s"', []),
        ('"a AND b OR c"', [("SQL and/or", '"a OR b OR c"'), ("SQL and/or", '"a AND b AND c"')]),
        ('"a BETWEEN b AND c AND d"', [("SQL and/or", '"a BETWEEN b AND c OR d"')]),
        ('"a IS NULL"', [("SQL not", '"a IS NOT NULL"')]),
        ('"a IS NOT NULL"', [("SQL not", '"a IS NULL"')]),
        ('"NOT EXISTS (b)"', [("SQL not", '"EXISTS (b)"')]),
        ('"EXISTS (b)"', [("SQL not", '"NOT EXISTS (b)"')]),
        ('"a NOT IN (b)"', [("SQL not", '"a IN (b)"')]),
        ('"a IN (b)"', [("SQL not", '"a NOT IN (b)"')]),
        ('"ORDER BY a DESC"', [("SQL order", '"ORDER BY a ASC"')]),
        ('"MIN(a)"', [("SQL min/max", '"MAX(a)"')]),
        ('"LEAST(a)"', [("SQL min/max", '"GREATEST(a)"')]),
        ('"a - b"', [("SQL plus/minus", '"a + b"')]),
        ('"LIMIT 2"', [("SQL ±1", '"LIMIT 3"'), ("SQL ±1", '"LIMIT 1"')]),
        ('"EXISTS (SELECT 1)"', [("SQL not", '"NOT EXISTS (SELECT 1)"')]),
        ("f\"a = {b < 3} OR 'c < 1'\"", [("SQL and/or", "f\"a = {b < 3} AND 'c < 1'\"")]),
        ('"""a -- not < 1\n OR b"""', [("SQL and/or", '"""a -- not < 1\n AND b"""')]),
    ],
)
def test_sql_has_exactly_these_mutants(literal: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(made(literal)) == sorted(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("SELECT a FROM b", True),
        (" OR ", True),
        ("AND taken + %s <= capacity", True),
        ("c.date BETWEEN %s AND %s", True),
        ("Terms AND conditions", False),
        ("WHERE 托育", False),
        ("select one of these", False),
        ("a, b", False),
    ],
)
def test_strings_that_are_clearly_sql(value: str, expected: bool) -> None:
    assert is_sql(value) is expected


def test_place_in_the_file_counts_bytes() -> None:
    text = '中 = "托育"\nSQL = f"""\nSELECT a -- 名\n  FROM {中} WHERE a < %s\n"""\n'
    source = Source(text)

    found = {change.operator: source.applied(change) for change in mutants(source)}

    assert found == {
        "SQL comparison": text.replace("< %s", ">= %s"),
        "SQL boundary": text.replace("< %s", "<= %s"),
    }
    assert {change.lines for change in mutants(source)} == {(2, 5)}


def test_docstring_that_speaks_of_sql_is_left_alone() -> None:
    assert mutants(Source('def f():\n    """SELECT a WHERE b < c"""\n')) == []
