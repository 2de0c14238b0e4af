"""Mutants of calls, above all of those that build a query."""

from __future__ import annotations

import ast
import re

from tests.mutants.finder import Finder
from tests.mutants.words import sizes_only

LOOKUPS = {"__lt": ("__gte", "__lte"), "__lte": ("__gt", "__lt"), "__gt": ("__lte", "__gte"), "__gte": ("__lt", "__gt")}
SWAPPED = {
    "min": ("min/max", "max"),
    "max": ("min/max", "min"),
    "Min": ("min/max", "Max"),
    "Max": ("min/max", "Min"),
    "any": ("any/all", "all"),
    "all": ("any/all", "any"),
}
SWAPPED_METHODS = {"filter": ("not", "exclude"), "exclude": ("not", "filter")}
FILTERS = {"filter", "exclude", "Q"}


class CallFinder(Finder):
    """``filter``, ``Q``, ``order_by``, lookups like ``__lt``, ``min`` and ``any``."""

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if isinstance(node.func, ast.Name) and name in SWAPPED:
            self.add(node.func, SWAPPED[name][1], SWAPPED[name][0])
        if isinstance(node.func, ast.Attribute) and name in SWAPPED_METHODS:
            end = self.source.end(node.func)
            self.put(end - len(name), end, SWAPPED_METHODS[name][1], SWAPPED_METHODS[name][0])
        if name == "order_by":
            self.order(node)
        if name in FILTERS and (isinstance(node.func, ast.Attribute) or name == "Q"):
            self.filters(node, name)
        for keyword in node.keywords:
            self.lookup(keyword)
            if not sizes_only(keyword):
                self.visit(keyword.value)
        for part in (node.func, *node.args):
            self.visit(part)

    def lookup(self, keyword: ast.keyword) -> None:
        """``starts_at__lt=`` compares as ``<`` does."""
        found = re.search(r"__[lg]te?$", keyword.arg or "")
        if found:
            end = self.source.start(keyword) + len(keyword.arg or "")
            opposite, boundary = LOOKUPS[found[0]]
            self.put(end - len(found[0]), end, opposite, "comparison")
            self.put(end - len(found[0]), end, boundary, "boundary")

    def order(self, node: ast.Call) -> None:
        for part in node.args:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                turned = part.value[1:] if part.value.startswith("-") else f"-{part.value}"
                self.add(part, f'"{turned}"', "order")

    def filters(self, node: ast.Call, name: str) -> None:
        """Without one of the conditions; the only one of an ``exclude`` or ``Q`` stays."""
        parts: list[ast.expr | ast.keyword] = sorted([*node.args, *node.keywords], key=self.source.start)
        if len(parts) == 1 and name != "filter":
            return
        for number, part in enumerate(parts):
            if isinstance(part, ast.keyword) and part.arg:
                start = self.source.end(parts[number - 1]) if number else self.source.start(part)
                follows = number == 0 and len(parts) > 1
                self.put(start, self.source.start(parts[1]) if follows else self.source.end(part), "", "dropped filter")
