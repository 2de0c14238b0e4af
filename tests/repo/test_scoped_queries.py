"""No query of booking and parenting runs over everybody's rows, but those named here with their reason.

A query is scoped where it names an owner (a family, a child, an institution, a district) or rows that were reached
through one (a booking, a session, a pool, a cell, an id).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parent.parent.parent
OWNERS = {"family", "child", "institution", "host", "district", "user", "actor", "created_by"}
REACHED = {"pk", "id", "booking", "session", "pool", "cell"}
LOOKUP = re.compile(r"(__in|__exact|(?<=.)__(public_)?id|_id|__pk)+$")
MANAGERS = {"objects", "_default_manager", "_base_manager"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}
#: What narrows a query: nothing else does, neither ``exclude`` nor ``update`` nor a name in ``annotate``.
NARROWING = {"filter", "get", "get_or_create", "update_or_create", "Q", *SHORTCUTS}
#: What writes rows names its owners itself.
WRITES = {"create", "bulk_create", "bulk_update"}
PARAMETER = re.compile(r"(?:\b(?:institution|family|district|user|child|booking|pool|cell)_id|\bid) (?:= ?%s|IN \()")
SCOPED_COLUMN = re.compile(r"\b(?:institution|family|child)_id = [ic]\.id\b")

#: Where a query runs over everybody's rows, and why.
UNSCOPED = {
    "booking/care/services/booking_rows.py lock_booking_at_door": "narrowed to one booking by its public id",
    "booking/care/services/ending.py _unanswered": "the nightly job ends what nobody answered",
    "booking/care/services/expiry.py overdue": "the sweep; every other caller narrows it to ids, a child or cells",
    "booking/care/services/holds.py _replay": "the booking that the caller's own key names",
    "booking/care/services/notices.py _to_remind": "the reminder of the day before",
    "booking/places/management/commands/check_ledger.py Command.handle": "check_ledger counts everything",
    "booking/places/queries/ledger.py DIFFERENCES": "check_ledger",
    "booking/places/queries/ledger.py EMPTY": "check_ledger",
    "booking/places/queries/ledger.py LEFT_BEHIND": "check_ledger",
    "booking/places/queries/ledger.py MOMENTS": "check_ledger",
    "booking/places/queries/ledger.py NOT_SPENT": "check_ledger",
    "booking/places/queries/ledger.py NO_CHILD": "check_ledger",
    "booking/places/queries/ledger.py OTHER_HOURS": "check_ledger",
    "booking/places/services/housekeeping.py tidy": "the nightly job removes what is old",
    "booking/places/places_sql.py ANY_OVERDUE": "a part of the next, by moment; the sweep leaves few rows",
    "booking/places/places_sql.py EXACT": "a part of the public question who has places at some hours",
    "booking/places/places_sql.py KIND": "a part of it, about the institution of the outer row",
    "booking/places/places_sql.py OWN_KIND": "a part of what stays cost, about the institution of the outer row",
    "booking/places/places_sql.py OVERDUE": "a part of reading cells, by the cell of the outer row",
    "parenting/classes/queries/sessions.py published": "the public list of classes; it belongs to no family",
    "parenting/classes/services/notices.py _expected": "the reminder of the day before",
    "parenting/classes/viewsets.py ClassSessionViewSet.get_queryset": "narrowed to the person's districts by in_scope",
}


def own_models() -> dict[str, type[Model]]:
    """Whose rows belong to somebody: the models of both apps."""
    return {m.__name__: m for label in ("booking", "parenting") for m in apps.get_app_config(label).get_models()}


def files() -> Iterator[tuple[str, str]]:
    for app in ("booking", "parenting"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_text()


def unscoped(name: str, source: str) -> Iterator[str]:
    """``path function`` or ``path CONSTANT`` of each query in a file that names no owner."""
    tree = ast.parse(source)
    for where, function in functions(tree):
        asked = any(not is_scoped(chain, function) for chain in chains(function))
        if asked or any(map(reads_all, plain_statements(function))):
            yield f"{name} {where}"
    for statement in outside(tree):
        if reads_all(statement) or any(not is_scoped(chain, statement) for chain in chains(statement)):
            targets = getattr(statement, "targets", [getattr(statement, "target", None)])
            yield f"{name} {ast.unparse(targets[0]) if targets[0] else ast.unparse(statement)}"


def functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Functions of the module and of its classes, however deep; what stands inside one belongs to it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{within}{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{within}{node.name}.")


def outside(tree: ast.AST) -> Iterator[ast.stmt]:
    """Statements of the module and of its classes."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from outside(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr) and not is_docstring(node):
            yield node


def plain_statements(function: ast.AST) -> Iterator[ast.stmt]:
    kinds = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return | ast.Expr
    return (node for node in ast.walk(function) if isinstance(node, kinds) and not is_docstring(node))


def is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def chains(scope: ast.AST) -> Iterator[ast.expr]:
    """The whole expression of each ``Model.objects.…`` with all its calls, and each ``get_object_or_404(Model, …)``."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and last_name(node.value) in own_models():
            chain = whole(node, scope)
            if not calls_in(chain) & WRITES:
                yield chain
        elif (
            isinstance(node, ast.Call) and last_name(node.func) in SHORTCUTS and last_name(node.args[0]) in own_models()
        ):
            yield node


def last_name(node: ast.expr) -> str:
    """``Booking`` of ``models.Booking``; "" for what is no name."""
    return ast.unparse(node).rpartition(".")[2] if isinstance(node, ast.Name | ast.Attribute) else ""


def calls_in(chain: ast.expr) -> set[str]:
    """Names of the methods called on the chain itself, not in what it is handed."""
    return {last_name(call.func) for call in along(chain)}


def along(chain: ast.expr) -> Iterator[ast.Call]:
    node: ast.expr = chain
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call):
            yield node
            node = node.func
        else:
            node = node.value


def whole(begin: ast.expr, scope: ast.AST) -> ast.expr:
    """The expression from its beginning through all calls on it."""
    parents = {child: node for node in ast.walk(scope) for child in ast.iter_child_nodes(node)}
    chain, parent = begin, parents[begin]
    while (isinstance(parent, ast.Attribute) and parent.value is chain) or (
        isinstance(parent, ast.Call) and parent.func is chain
    ):
        chain, parent = parent, parents[parent]
    return chain


def names_owner(node: ast.expr) -> bool:
    """Whether a queryset or a condition is narrowed to an owner by some ``filter``, ``get`` or ``Q``."""
    if isinstance(node, ast.BinOp):
        sides = [names_owner(node.left), names_owner(node.right)]
        return all(sides) if isinstance(node.op, ast.BitOr) else any(sides)
    return any(narrows(call) for call in along(node) if last_name(call.func) in NARROWING)


def narrows(call: ast.Call) -> bool:
    """``pool__institution_id`` ends at an owner, ``booking__status`` does not."""
    keywords = (LOOKUP.sub("", keyword.arg or "").rpartition("__")[2] for keyword in call.keywords)
    return any(name in OWNERS | REACHED for name in keywords) or any(map(names_owner, call.args))


def is_scoped(chain: ast.expr, scope: ast.AST) -> bool:
    """By its own keywords, by those of a condition made before, or by those of what is made of it afterwards."""
    if names_owner(chain):
        return True
    used = {node.id for node in ast.walk(chain) if isinstance(node, ast.Name)}
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in used and names_owner(node.value):
                return True
            if chain in ast.walk(node.value) and is_narrowed(name, scope):
                return True
    return False


def is_narrowed(name: str, scope: ast.AST) -> bool:
    """Whether what is made of the queryset of that name afterwards names an owner."""
    uses = (node for node in ast.walk(scope) if isinstance(node, ast.Name) and node.id == name)
    return any(isinstance(use.ctx, ast.Load) and names_owner(whole(use, scope)) for use in uses)


def reads_all(statement: ast.stmt) -> bool:
    """Whether some SQL in the statement reads our tables for all."""
    text = " ".join(n.value for n in ast.walk(statement) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    tables = {name for model in own_models().values() for name in (f"{{{model.__name__}}}", model._meta.db_table)}
    reads = any(re.search(rf"(?:FROM|UPDATE) {re.escape(table)}(?!\w)", text) for table in tables)
    return reads and not (PARAMETER.search(text) or SCOPED_COLUMN.search(text) or "{among}" in text)


def test_every_query_names_whose_rows_it_reads() -> None:
    found = {where for name, source in files() for where in unscoped(name, source)}

    assert sorted(found - UNSCOPED.keys()) == []
    assert sorted(UNSCOPED.keys() - found) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("return Booking.objects.filter(status='held')", True),
        ("return Booking.objects.count()", True),
        ("return Booking.objects.filter(service_date=1).select_related('family')", True),
        ("return Booking.objects.filter(family=1, status='held')", False),
        ("return Booking.objects.filter(status='held').filter(pool__institution_id=1)", False),
        ("return Booking.objects.filter(Q(district=1) | Q(district=2))", False),
        ("return Booking.objects.filter(institution__state='open', booking__status=1)", True),
        ("return Booking.objects.filter(institution__isnull=False)", True),
        ("return ClassSignup.objects.filter(session__public_id='a')", False),
        ("return ClassSignup.objects.filter(family__members__user_id=1)", False),
        ("return Booking.objects.filter(pk__in=[1])", False),
        ("return Booking.objects.filter(cells__cell_id__in=[1])", False),
        ("mine = Q(family=1)\n    return Booking.objects.filter(mine)", False),
        ("mine = Q(status=1)\n    return Booking.objects.filter(mine)", True),
        ("found = Booking.objects.filter(kind=1)\n    return found.filter(pk=1)", False),
        ("found = Booking.objects.all()\n    return found.select_for_update(of=1).get(pk=1)", False),
        ("found = Booking.objects.filter(kind=1)\n    return found.filter(status=1)", True),
        ("return Booking.objects.create(status='held')", False),
        ("return Institution.objects.filter(state='active')", False),
        ("return Booking.objects.filter(family=1), Booking.objects.all()", True),
        ("return Booking.objects.exclude(family=1)", True),
        ("return Booking.objects.filter(status='held').update(district=2)", True),
        ("return Booking.objects.annotate(family=F('family_id'))", True),
        ("return Booking.objects.filter(status='held').values_list('pk'), dict(child=1)", True),
        ("return Booking.objects.filter(Q(family=1) | Q(status='held'))", True),
        ("return Booking.objects.filter(Q(family=1) & Q(status='held'))", False),
        ("return Booking.objects.filter(~Q(family=1))", True),
        ("return Booking._default_manager.filter(status='held')", True),
        ("return models.Booking.objects.count()", True),
        ("return get_object_or_404(Booking, status='held')", True),
        ("return get_object_or_404(Booking, family=1)", False),
        ("return rows('SELECT id FROM booking_booking WHERE status = 1')", True),
        ("return execute(f'DELETE FROM booking_booking')", True),
    ],
)
def test_checker_tells_the_one_from_the_other(body: str, found: bool) -> None:
    assert list(unscoped("a.py", f"def act():\n    {body}\n")) == ["a.py act"] * found


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("ALL = Booking.objects.all()", "ALL"),
        ("class A:\n    class B:\n        def act(self):\n            return Booking.objects.all()", "A.B.act"),
        ("class A:\n    queryset = Booking.objects.all()", "queryset"),
        ("async def act():\n    return Booking.objects.all()", "act"),
    ],
)
def test_checker_looks_everywhere(source: str, where: str) -> None:
    assert list(unscoped("a.py", source)) == [f"a.py {where}"]


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT id FROM booking_booking WHERE status = 'held'", True),
        ("SELECT id FROM {Booking} b WHERE b.status = %s", True),
        ("SELECT id FROM {Booking} b JOIN {BookingCell} c ON c.booking_id = b.id", True),
        ("SELECT id FROM {Booking} b WHERE b.institution_id = %s", False),
        ("SELECT id FROM booking_booking b WHERE b.institution_id IN ({institutions})", False),
        ("SELECT id FROM {Booking} WHERE {among}", False),
        ("UPDATE {Booking} SET status = 'held'", True),
        ("UPDATE {Booking} SET status = 'held' WHERE id = %s", False),
        ("SELECT id FROM directory_institution", False),
    ],
)
def test_checker_reads_sql(sql: str, found: bool) -> None:
    assert list(unscoped("a.py", f'FIND = """{sql}"""\n')) == ["a.py FIND"] * found
