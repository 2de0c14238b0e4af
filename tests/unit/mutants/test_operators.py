"""Which mutants a piece of Python has, exactly."""

from __future__ import annotations

import pytest

from tests.mutants.python_operators import mutants
from tests.mutants.source import Source, parses


def made(text: str) -> list[tuple[str, str]]:
    """Operator and whole new text of each mutant."""
    source = Source(text)
    return [(change.operator, source.applied(change)) for change in mutants(source)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = a < b", [("boundary", "x = a <= b"), ("comparison", "x = a >= b")]),
        ("x = a <= b", [("boundary", "x = a < b"), ("comparison", "x = a > b")]),
        ("x = a > b", [("comparison", "x = a <= b"), ("boundary", "x = a >= b")]),
        ("x = a >= b", [("comparison", "x = a < b"), ("boundary", "x = a > b")]),
        ("x = a == b", [("comparison", "x = a != b")]),
        ("x = a is not b", [("comparison", "x = a is b")]),
        ("x = a not in b", [("comparison", "x = a in b")]),
        ("x = (a) in (b)", [("comparison", "x = (a) not in (b)")]),
        ("x = a and b or c", [("and/or", "x = a or b or c"), ("and/or", "x = a and b and c")]),
        ("x = not a", [("not", "x = (a)")]),
        ("x = f(live=True)", [("not", "x = f(live=False)")]),
        ("x = 7", [("±1", "x = 6"), ("±1", "x = 8")]),
        ("x = a + b", [("plus/minus", "x = a - b")]),
        ("x -= b", [("plus/minus", "x += b")]),
        ("x = min(a, b)", [("min/max", "x = max(a, b)")]),
        ("x = any(a)", [("any/all", "x = all(a)")]),
        ("tell(a)", [("dropped call", "pass")]),
        ("raise Full from error", [("dropped raise", "pass")]),
        (
            "a if b else c",
            [("dead branch", "a if False else c"), ("dead branch", "a if True else c"), ("not", "a if not (b) else c")],
        ),
        (
            "if a == b: c",
            [("dead branch", "if False: c"), ("dead branch", "if True: c"), ("comparison", "if a != b: c")],
        ),
        ("while a != b: c", [("dead branch", "while False: c"), ("comparison", "while a == b: c")]),
        ("[a for a in b if a]", [("dead branch", "[a for a in b if True]"), ("not", "[a for a in b if not (a)]")]),
    ],
)
def test_python_has_exactly_these_mutants(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(made(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = rows.filter(a=b)", [("not", "x = rows.exclude(a=b)"), ("dropped filter", "x = rows.filter()")]),
        ("x = rows.exclude(a=b)", [("not", "x = rows.filter(a=b)")]),
        (
            "x = rows.filter(a=b, day__lt=c)",
            [
                ("not", "x = rows.exclude(a=b, day__lt=c)"),
                ("dropped filter", "x = rows.filter(day__lt=c)"),
                ("dropped filter", "x = rows.filter(a=b)"),
                ("boundary", "x = rows.filter(a=b, day__lte=c)"),
                ("comparison", "x = rows.filter(a=b, day__gte=c)"),
            ],
        ),
        ("x = Q(a=b) & Q(c=d)", [("and/or", "x = Q(a=b) | Q(c=d)")]),
        ('x = rows.order_by("-a", b)', [("order", 'x = rows.order_by("a", b)')]),
        ("x = filter(a, b)", []),
    ],
)
def test_queries_have_exactly_these_mutants(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(made(text)) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        '"""At most 3, not more < 4."""',
        'x = _("不能多于 3 个。")',
        'x = ngettext("%(n)s 天", "%(n)s 天", 1)',
        'logger.warning("not %s < 3", 1)',
        'x = f"{a}: not more than {b + 1}"',
        'x = "a" + b',
        "def f(a: int | None) -> Literal[3]: return a",
        "x: Literal[3] = a",
        "if TYPE_CHECKING: x = 3",
        "class Handler(Protocol):\n    limit = 3",
        "class Meta:\n    ordering = [3]",
        'x = models.CharField("名", max_length=3)',
        "Span = int | None",
        "BATCH_SIZE = 500",
        "x = f(maxsize=3)",
        "x = cache.set(a, b, timeout=3)",
        "@lru_cache(3)\ndef f(): return a",
        "__all__ = [3]",
    ],
)
def test_words_types_and_sizes_have_no_mutants(text: str) -> None:
    assert made(text) == []


def test_rest_of_the_file_stays_byte_for_byte() -> None:
    text = '# 说明\nx = "托育"  # 名\nif (\n    a  # first\n    and b\n):  # 中\n    y = "班"\n'
    source = Source(text)

    [change] = [change for change in mutants(source) if change.operator == "and/or"]

    assert source.applied(change) == text.replace("and", "or")
    assert source.before_and_after(change) == ("and b", "or b")
    assert change.lines == (3, 6)


def test_dropped_call_over_lines_is_shown_in_one() -> None:
    source = Source("def f():\n    tell(\n        a,\n    )\n    return b\n")

    [change] = mutants(source)

    assert source.applied(change) == "def f():\n    pass\n    return b\n"
    assert source.before_and_after(change) == ("tell( a, )", "pass")
    assert change.lines == (2, 4)


def test_twice_the_same_argument_does_not_parse() -> None:
    assert (parses("f(a=1)"), parses("f(a=1, a=2)")) == (True, False)
