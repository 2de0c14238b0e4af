"""What is no behaviour: types, words for people, declarations of columns, sizes of caches."""

from __future__ import annotations

import ast
import re

#: Marked for translation or written to a log.
TEXTS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "format_lazy"}
LOGGERS = {"logger", "logging", "log"}
TYPING = {"TYPE_CHECKING", "__name__"}
TYPE_MAKERS = {"cast", "TypeVar", "NewType", "ParamSpec"}
DECLARED = re.compile(r"(Field|ForeignKey|Constraint|Index|OneToOneField)$")
SIZES = re.compile(r"(^|_)(CACHE|CACHED|BATCH|CHUNK|MAXSIZE|BUFFER|KEPT|AT_ONCE)(_|$)")
SIZING_KEYWORDS = {"maxsize", "maxlen", "batch_size", "chunk_size", "max_length", "max_digits", "decimal_places",
                   "stacklevel", "indent", "timeout", "socket_timeout", "verbose_name", "help_text"}  # fmt: skip


def only_declares(node: ast.AST) -> bool:
    """Whether a piece of code says what things are and does nothing: types, ``Meta``, columns, migrations' business."""
    if isinstance(node, ast.If):
        return bool(TYPING & {part.id for part in ast.walk(node.test) if isinstance(part, ast.Name)})
    if isinstance(node, ast.ClassDef):
        bases = {_last_name(base) for base in node.bases}
        return node.name == "Meta" or bool(bases & {"Protocol", "TypedDict"})
    if isinstance(node, ast.Call):
        return _last_name(node.func) in TYPE_MAKERS or (
            _first_name(node.func) == "models" and DECLARED.search(_last_name(node.func)) is not None
        )
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id.startswith("__") for target in node.targets)
    return isinstance(node, ast.Import | ast.ImportFrom)


def is_plain_text(node: ast.AST) -> bool:
    """Docstrings, log messages, texts for translation."""
    if isinstance(node, ast.Expr):
        node = node.value
        if isinstance(node, ast.Constant):
            return True
    if isinstance(node, ast.Call):
        return _first_name(node.func) in LOGGERS or _last_name(node.func) in TEXTS
    return False


def sizes_only(node: ast.Assign | ast.AnnAssign | ast.keyword) -> bool:
    """Whether a value only sizes a cache, a batch or a column."""
    if isinstance(node, ast.keyword):
        return node.arg in SIZING_KEYWORDS
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    plain = isinstance(node.value, ast.Constant) and not isinstance(node.value.value, str)
    return plain and any(isinstance(name, ast.Name) and SIZES.search(name.id) is not None for name in targets)


def is_type(node: ast.expr) -> bool:
    """``A | B``, ``X | None``, ``list[int] | str``."""
    if isinstance(node, ast.BinOp):
        return is_type(node.left) or is_type(node.right)
    if isinstance(node, ast.Name):
        return node.id in {"int", "str", "float", "bool", "bytes", "list", "dict", "tuple", "set"}
    return isinstance(node, ast.Constant) and node.value is None


def joins_conditions(node: ast.BinOp) -> bool:
    """Whether ``&`` or ``|`` stands between conditions of a query."""
    calls = (part for part in ast.walk(node) if isinstance(part, ast.Call))
    return any(_last_name(call.func) in {"Q", "Exists"} for call in calls)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        node = node.value
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _first_name(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return getattr(node, "id", "")
