"""Walks over a file and notes changes; what no test should notice is passed over."""

from __future__ import annotations

import ast
import re

from tests.mutants.source import Change, Placed, Source
from tests.mutants.words import is_plain_text, only_declares, sizes_only


class Finder(ast.NodeVisitor):
    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[Change] = []
        self.lines = (1, 1)

    # What is looked at

    def visit(self, node: ast.AST) -> None:
        if only_declares(node) or is_plain_text(node):
            return
        if not isinstance(node, ast.stmt):
            super().visit(node)
            return
        around = self.lines
        self.lines = (node.lineno, _end_of_head(node))
        super().visit(node)
        self.lines = around

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for part in (*node.args.defaults, *node.args.kw_defaults, *node.body):
            if part is not None:
                self.visit(part)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in node.body:
            self.visit(part)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None and not sizes_only(node):
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not sizes_only(node):
            self.visit(node.value)

    # Making

    def between(self, left: ast.expr, right: ast.expr, pattern: str, new: str, operator: str) -> None:
        """The operator between two operands."""
        begin = self.source.end(left)
        gap = self.source.cut(begin, self.source.start(right))
        match = re.search(rf"\b{pattern}\b" if pattern[0].isalpha() else pattern, gap)
        if match:
            ahead = begin + len(gap[: match.start()].encode())
            self.put(ahead, ahead + len(match[0]), new, operator)

    def add(self, node: Placed, new: str, operator: str) -> None:
        self.put(self.source.start(node), self.source.end(node), new, operator)

    def put(self, start: int, end: int, new: str, operator: str) -> None:
        self.found.append(Change(start, end, new, operator, self.lines))


def _end_of_head(node: ast.stmt) -> int:
    """The last line of a statement without its body."""
    body = getattr(node, "body", None)
    return max(node.lineno, body[0].lineno - 1) if body else (node.end_lineno or node.lineno)
