"""Mutants of Python, found in the syntax tree and made in the text."""

from __future__ import annotations

import ast

from tests.mutants.call_operators import CallFinder
from tests.mutants.source import Change, Source
from tests.mutants.sql_operators import is_sql, sql_mutants
from tests.mutants.words import is_type, joins_conditions

COMPARED = {
    ast.Lt: ("<", ">=", "<="),
    ast.LtE: ("<=", ">", "<"),
    ast.Gt: (">", "<=", ">="),
    ast.GtE: (">=", "<", ">"),
    ast.Eq: ("==", "!=", None),
    ast.NotEq: ("!=", "==", None),
    ast.In: ("in", "not in", None),
    ast.NotIn: (r"not\s+in", "in", None),
    ast.Is: ("is", "is not", None),
    ast.IsNot: (r"is\s+not", "is", None),
}


def mutants(source: Source) -> list[Change]:
    """Every mutant of a file, in the order of its text."""
    finder = _Finder(source)
    finder.visit(source.tree)
    return sorted(set(finder.found))


class _Finder(CallFinder):
    # Statements

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self.add(node, "pass", "dropped call")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        self.add(node, "pass", "dropped raise")
        self.generic_visit(node)

    def visit_If(self, node: ast.If | ast.IfExp) -> None:
        self.condition(node.test, "False", "True")
        self.generic_visit(node)

    visit_IfExp = visit_If

    def visit_While(self, node: ast.While) -> None:
        self.condition(node.test, "False")
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self.condition(test, "True")
        self.generic_visit(node)

    def condition(self, test: ast.expr, *fixed: str) -> None:
        """A condition that never (always) holds, or the opposite of one that has no operator of its own."""
        for value in fixed:
            self.add(test, value, "dead branch")
        if not isinstance(test, ast.Compare | ast.UnaryOp | ast.Constant):
            self.add(test, f"not ({self.source.of(test)})", "not")

    # Expressions

    def visit_Compare(self, node: ast.Compare) -> None:
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            pattern, opposite, boundary = COMPARED[type(operator)]
            self.between(left, right, pattern, opposite, "comparison")
            if boundary:
                self.between(left, right, pattern, boundary, "boundary")
            left = right
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self.between(left, right, old, new, "and/or")
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self.add(node, f"({self.source.of(node.operand)})", "not")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.BitOr) and is_type(node):
            return
        if isinstance(node.op, ast.Add | ast.Sub) and not _is_sequence(node.left) and not _is_sequence(node.right):
            old, new = (r"\+", "-") if isinstance(node.op, ast.Add) else ("-", "+")
            self.between(node.left, node.right, old, new, "plus/minus")
        if isinstance(node.op, ast.BitAnd | ast.BitOr) and joins_conditions(node):
            old, new = ("&", "|") if isinstance(node.op, ast.BitAnd) else (r"\|", "&")
            self.between(node.left, node.right, old, new, "and/or")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.op, ast.Add | ast.Sub) and not _is_sequence(node.value):
            old, new = (r"\+=", "-=") if isinstance(node.op, ast.Add) else ("-=", "+=")
            self.between(node.target, node.value, old, new, "plus/minus")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self.add(node, str(not node.value), "not")
        elif isinstance(node.value, int):
            self.add(node, str(node.value + 1), "±1")
            self.add(node, str(node.value - 1), "±1")
        elif isinstance(node.value, str):
            self.sql(node, node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        pieces = [str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values]
        self.sql(node, "".join(pieces))

    def sql(self, node: ast.expr, value: str) -> None:
        if not is_sql(value):
            return
        text, begin = self.source.of(node), self.source.start(node)
        for start, end, new, operator in sql_mutants(text):
            ahead = begin + len(text[:start].encode())
            self.put(ahead, ahead + len(text[start:end].encode()), new, operator)


def _is_sequence(node: ast.expr) -> bool:
    """Whether ``+`` joins here instead of adding."""
    if isinstance(node, ast.BinOp):
        return _is_sequence(node.left) or _is_sequence(node.right)
    literal = ast.JoinedStr | ast.List | ast.Tuple | ast.ListComp | ast.Dict | ast.Set
    return isinstance(node, literal) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
