"""Every rule that the database holds has a name, a test, and an answer for NULL."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from django.db.models import CheckConstraint, F, Model, Q
from wagtail.admin import urls
from wagtail.admin.viewsets import viewsets
from wagtail.models import Page

from directory.districts.services.checking import WORDS
from tests.constraints import own_constraints

TESTS = Path(__file__).resolve().parent.parent
Leaf = tuple[str, Any]
#: Checks that no form can break: a field refuses earlier in words of its own, or services alone write the columns.
NEVER_MET = re.compile(
    "|".join(
        (
            r"\w+_known",  # a choice
            r"\w+_has_source|refusal_has_reasons",  # a text that is required
            r"\w+_end_has_reason",  # written by ending it
            "institution_public_only_while_open|institution_title_needs_publicity",  # follow from the rows
            r"class_session_\w+",  # its form says each at the field
            "user_name_is_lower_case|user_phone_has_its_index",  # the model writes them so
        )
    )
)


def test_constraints_have_names_of_their_own() -> None:
    names = [constraint.name for _model, constraint in own_constraints()]

    assert sorted(names) == sorted(set(names))


def test_every_constraint_is_named_in_a_test() -> None:
    words = {word for path in TESTS.rglob("test_*.py") for word in re.findall(r"\w+", path.read_text())}

    assert [constraint.name for _model, constraint in own_constraints() if constraint.name not in words] == []


def in_the_admin() -> set[type[Model]]:
    """The models with a form there."""
    assert urls.urlpatterns
    shown = {getattr(viewset, "model", None) for viewset in viewsets.viewsets}
    return {model for model, _constraint in own_constraints() if model in shown or issubclass(model, Page)}


def test_every_check_that_a_form_of_the_admin_can_meet_has_words() -> None:
    """Without words the editor reads the constraint's name."""
    checks = [
        constraint
        for model, constraint in own_constraints()
        if model in in_the_admin() and isinstance(constraint, CheckConstraint)
    ]
    silent = [
        check.name
        for check in checks
        if check.name not in WORDS
        and check.violation_error_message == CheckConstraint.default_violation_error_message
        and not NEVER_MET.fullmatch(check.name)
    ]

    assert silent == []
    assert {"policy_effective_after_issue", "institution_position_whole"} <= {check.name for check in checks}


def leaves(condition: Q) -> Iterator[Leaf]:
    for child in condition.children:
        if isinstance(child, Q):
            yield from leaves(child)
        else:
            yield child


def columns(leaf: Leaf) -> set[str]:
    """The fields that a comparison reads."""
    name, value = leaf
    return {name.partition("__")[0]} | ({value.name} if isinstance(value, F) else set())


def truth(condition: Q | Leaf, known: dict[str, bool | None]) -> bool | None:
    """SQL's three values: NULL (here None) beside True and False."""
    if not isinstance(condition, Q):
        return known[str(condition)]
    values = [truth(child, known) for child in condition.children]
    if condition.connector == Q.AND:
        value = False if False in values else None if None in values else True
    else:
        value = True if True in values else None if None in values else False
    return value if value is None or not condition.negated else not value


def undecided(model: type[Model], condition: Q) -> set[str]:
    """The sets of NULL columns for which the condition is neither true nor false: a CHECK would let the row in."""
    parts = list(leaves(condition))
    nullable = sorted({c for leaf in parts for c in columns(leaf) if model._meta.get_field(c).null})
    found = set()
    for nulls in product((False, True), repeat=len(nullable)):
        absent = {column for column, null in zip(nullable, nulls, strict=True) if null}
        free = [leaf for leaf in parts if not leaf[0].endswith("__isnull") and not columns(leaf) & absent]
        known = {str(leaf): None for leaf in parts}
        known |= {
            str(leaf): (leaf[0].partition("__")[0] in absent) == leaf[1]
            for leaf in parts
            if leaf[0].endswith("__isnull")
        }
        for values in product((False, True), repeat=len(free)):
            if truth(condition, known | {str(leaf): v for leaf, v in zip(free, values, strict=True)}) is None:
                found.add(" ".join(sorted(absent)))
    return found


def test_no_check_lets_null_through() -> None:
    """A comparison with NULL is unknown, and a CHECK that is unknown passes: each says what NULL means."""
    gaps = {
        constraint.name: undecided(model, constraint.condition)
        for model, constraint in own_constraints()
        if isinstance(constraint, CheckConstraint)
    }

    assert {name: columns for name, columns in gaps.items() if columns} == {}


def typed_words(source: str) -> list[str]:
    """The words typed as values of a condition: ``Q(status="held")``; the empty word means nothing to choose."""
    return [
        node.value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"Q", "models.Q"}
        for keyword in call.keywords
        for node in getattr(keyword.value, "elts", [keyword.value])
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value
    ]


def test_conditions_take_their_words_from_the_choices() -> None:
    """A word that is typed again in a CHECK or in an index falls behind when a choice is added."""
    modules = {Path(str(sys.modules[model.__module__].__file__)) for model, _constraint in own_constraints()}

    assert {path.name: words for path in modules if (words := typed_words(path.read_text()))} == {}


def test_the_search_for_typed_words_finds_them() -> None:
    source = 'Q(status__in=["held", State.GONE.value], mode="", kind="care", n__lt=F("m")) | models.Q(side="site")'

    assert typed_words(source) == ["held", "care", "site"]


def test_the_search_for_gaps_finds_one() -> None:
    model = next(m for m, c in own_constraints() if c.name == "title_until_after_from")

    assert undecided(model, Q(until_date__gte=F("from_date"))) == {"until_date"}
    assert undecided(model, Q(until_date__isnull=True) | Q(until_date__gte=F("from_date"))) == set()
