"""Changes of a source file as byte ranges, so that whatever is not changed stays as it is."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import accumulate

Placed = ast.expr | ast.stmt | ast.keyword


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """Replace bytes ``start`` to ``end`` by ``new``; ``lines``: first and last line of the statement around it."""

    start: int
    end: int
    new: str
    operator: str
    lines: tuple[int, int]


class Source:
    """The bytes of a file and where its syntax nodes stand in them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.bytes = text.encode()
        self.tree = ast.parse(text)
        self._begins = [0, *accumulate(len(line) for line in self.bytes.splitlines(keepends=True))]

    def start(self, node: Placed) -> int:
        """Offset of a node's first byte."""
        return self._begins[node.lineno - 1] + node.col_offset

    def end(self, node: Placed) -> int:
        """Offset behind a node's last byte."""
        return self._begins[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)

    def cut(self, start: int, end: int) -> str:
        """The text between two offsets."""
        return self.bytes[start:end].decode()

    def of(self, node: Placed) -> str:
        """The text of a node."""
        return self.cut(self.start(node), self.end(node))

    def line(self, offset: int) -> int:
        """The number of the line in which an offset stands."""
        return self.bytes.count(b"\n", 0, offset) + 1

    def applied(self, change: Change) -> str:
        """The whole text with one change."""
        return (self.bytes[: change.start] + change.new.encode() + self.bytes[change.end :]).decode()

    def before_and_after(self, change: Change) -> tuple[str, str]:
        """The changed lines as they are and as they become, without indentation and line breaks."""
        first = self.bytes.rfind(b"\n", 0, change.start) + 1
        last = self.bytes.find(b"\n", change.end)
        last = len(self.bytes) if last < 0 else last
        after = self.cut(first, change.start) + change.new + self.cut(change.end, last)
        return _one_line(self.cut(first, last)), _one_line(after)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def parses(text: str) -> bool:
    """Whether Python takes it."""
    try:
        compile(text, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True
