"""Mutants of SQL inside string literals."""

from __future__ import annotations

import re
from collections.abc import Iterator

CLEARLY = re.compile(
    r"\b(SELECT|INSERT INTO|DELETE FROM|UPDATE \S+ SET|DO UPDATE|WHERE|HAVING|JOIN|UNION|BETWEEN"
    r"|ORDER BY|GROUP BY|IS NULL|IS NOT NULL|CASE WHEN|LIMIT \S)"
    r"|\b(EXISTS|COALESCE|MIN|MAX|SUM|COUNT|LEAST|GREATEST|CAST|EXTRACT) ?\("
    r"|^\s*(AND|OR)\s*$"  # what clauses are joined by
    r"|\b(AND|OR|NOT)\b.*(%s|\{|[<>=])|(%s|[<>=]).*\b(AND|OR)\b",
)
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
#: Not looked at: interpolations, quoted values, comments of SQL and of Python between pieces of a string.
MASKED = re.compile(r"\{[^{}]*\}|--[^\n]*|#\s[^\n]*")
VALUE = re.compile(r"'[^'\n]*'")

COMPARED = {"<": (">=", "<="), "<=": (">", "<"), ">": ("<=", ">="), ">=": ("<", ">")}
WORDS = [
    ("and/or", r"(?<!\w)AND(?!\w)", "OR"),
    ("and/or", r"(?<!\w)OR(?!\w)(?! REPLACE)", "AND"),
    ("not", r"\bIS NOT NULL\b", "IS NULL"),
    ("not", r"\bIS NULL\b", "IS NOT NULL"),
    ("not", r"\bNOT (?!NULL\b)(?=\S)", ""),
    ("not", r"(?<!NOT )\b(?=EXISTS ?\()", "NOT "),
    ("not", r"(?<!NOT )\b(?=IN \()", "NOT "),
    ("order", r"\bDESC\b", "ASC"),
    ("order", r"\bASC\b", "DESC"),
    ("min/max", r"(?i)\bMIN(?= ?\()", "MAX"),
    ("min/max", r"(?i)\bMAX(?= ?\()", "MIN"),
    ("min/max", r"(?i)\bLEAST(?= ?\()", "GREATEST"),
    ("min/max", r"(?i)\bGREATEST(?= ?\()", "LEAST"),
    ("plus/minus", r"(?<=\s)\+(?=\s)", "-"),
    ("plus/minus", r"(?<=\s)-(?=\s)", "+"),
]

Found = tuple[int, int, str, str]


def is_sql(value: str) -> bool:
    """Whether a string's value is clearly SQL or a clause of it, and no text for people."""
    text = VALUE.sub(_blank, MASKED.sub(_blank, value)).replace("\n", " ")
    return not CHINESE.search(text) and CLEARLY.search(value.replace("\n", " ")) is not None


def sql_mutants(literal: str) -> Iterator[Found]:
    """``(start, end, new, operator)`` in characters of a literal as it is written, quotes included."""
    text = MASKED.sub(_blank, literal)
    if literal.lstrip("rbfRBF").startswith('"'):
        text = VALUE.sub(_blank, text)
    for match in re.finditer(r"(?<![<>=!#@-])(<=|>=|<|>)(?![<>=@])", text):
        opposite, boundary = COMPARED[match[0]]
        yield match.start(), match.end(), opposite, "SQL comparison"
        yield match.start(), match.end(), boundary, "SQL boundary"
    for match in re.finditer(r"(?<!SELECT )(?<![\w.%$:-])\d+(?![\w.%])", text):
        for number in (int(match[0]) + 1, int(match[0]) - 1):
            yield match.start(), match.end(), str(number), "SQL ±1"
    for operator, pattern, new in WORDS:
        for match in re.finditer(pattern, text):
            if operator == "and/or" and _belongs_to_between(text[: match.start()]):
                continue
            yield match.start(), match.end(), new, f"SQL {operator}"


def _blank(match: re.Match[str]) -> str:
    """As long as what it stands for, so that places in the text stay."""
    return re.sub(r"[^\n]", "_", match[0])


def _belongs_to_between(before: str) -> bool:
    """Whether the next AND is the one of ``BETWEEN a AND b``."""
    clause = re.split(r"\b(?:AND|OR)\b", before)[-1]
    return re.search(r"\bBETWEEN\b", clause) is not None
