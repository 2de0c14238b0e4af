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
OWNERS = {"family", "child", "institution", "district", "user", "actor", "created_by"}
REACHED = {"pk", "id", "booking", "session", "pool", "cell"}
LOOKUP = re.compile(r"(__in|__exact|(?<=.)__(public_)?id|_id|__pk)+$")
#: What writes rows names its owners itself.
WRITES = {"create", "bulk_create", "bulk_update"}
PARAMETER = re.compile(r"(?:\b(?:institution|family|district|user|child|booking|pool|cell)_id|\bid) (?:= ?%s|IN \()")
SCOPED_COLUMN = re.compile(r"\b(?:institution|family|child)_id = [ic]\.id\b")

#: Where a query runs over everybody's rows, and why.
UNSCOPED = {
    "booking/care/services/booking_rows.py lock_booking_at_door": "narrowed to one booking by its public id",
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
        statements = (node for node in ast.walk(function) if isinstance(node, ast.Assign))
        if any(not is_scoped(chain, function) for chain in chains(function)) or any(map(reads_all, statements)):
            yield f"{name} {where}"
    for constant in tree.body:
        if isinstance(constant, (ast.Assign, ast.AnnAssign)) and reads_all(constant):
            target = constant.targets[0] if isinstance(constant, ast.Assign) else constant.target
            yield f"{name} {ast.unparse(target)}"


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{part.name}", part) for part in node.body if isinstance(part, ast.FunctionDef))


def chains(function: ast.FunctionDef) -> Iterator[ast.expr]:
    """The whole expression of each ``Model.objects.…`` with all its calls."""
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and node.attr == "objects" and ast.unparse(node.value) in own_models():
            chain = whole(node, function)
            if not {part.attr for part in ast.walk(chain) if isinstance(part, ast.Attribute)} & WRITES:
                yield chain


def whole(begin: ast.expr, function: ast.FunctionDef) -> ast.expr:
    """The expression from its beginning through all calls on it."""
    parents = {child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
    chain, parent = begin, parents[begin]
    while (isinstance(parent, ast.Attribute) and parent.value is chain) or (
        isinstance(parent, ast.Call) and parent.func is chain
    ):
        chain, parent = parent, parents[parent]
    return chain


def names_owner(node: ast.AST) -> bool:
    """Whether some keyword ends at an owner: ``pool__institution_id`` does, ``booking__status`` does not."""
    keywords = (keyword.arg or "" for part in ast.walk(node) if isinstance(part, ast.Call) for keyword in part.keywords)
    return any(LOOKUP.sub("", name).rpartition("__")[2] in OWNERS | REACHED for name in keywords)


def is_scoped(chain: ast.expr, function: ast.FunctionDef) -> bool:
    """By its own keywords, by those of a condition made before, or by those of what is made of it afterwards."""
    if names_owner(chain):
        return True
    used = {node.id for node in ast.walk(chain) if isinstance(node, ast.Name)}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in used and names_owner(node.value):
                return True
            if chain in ast.walk(node.value) and is_narrowed(name, function):
                return True
    return False


def is_narrowed(name: str, function: ast.FunctionDef) -> bool:
    """Whether what is made of the queryset of that name afterwards names an owner."""
    uses = (node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name)
    return any(isinstance(use.ctx, ast.Load) and names_owner(whole(use, function)) for use in uses)


def reads_all(constant: ast.Assign | ast.AnnAssign) -> bool:
    """Whether some SQL in the constant reads our tables for all."""
    text = " ".join(n.value for n in ast.walk(constant) if isinstance(n, ast.Constant) and isinstance(n.value, str))
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
    ],
)
def test_checker_tells_the_one_from_the_other(body: str, found: bool) -> None:
    assert list(unscoped("a.py", f"def act():\n    {body}\n")) == ["a.py act"] * found


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
