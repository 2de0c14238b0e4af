"""Every use of Django that is not documented API: read this module whenever Django is upgraded (docs/adr/0006).

Each function has a test in tests/unit/core/runtime/test_django_internals.py that fails if the internals have moved.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models
from django.db.models.base import ModelState
from django.http.response import HttpResponseBase
from django.utils.translation import trans_real

M = TypeVar("M", bound=models.Model)
#: Numbers that tell the plural rules of Chinese and of other languages apart.
COUNTS = (0, 1, 2, 5, 11, 100)


def pending_commit_callbacks() -> Iterator[Callable[[], object]]:
    """What ``transaction.on_commit`` will call and no open savepoint can still undo.

    ``connection.run_on_commit`` holds (savepoints, function, robust), ``connection.savepoint_ids`` the open savepoints.
    """
    open_now = set(connection.savepoint_ids)
    for entry in connection.run_on_commit:
        if entry[0] <= open_now:
            yield entry[1]


def instance_maker(model: type[M], *names: str) -> Callable[[Sequence[Any]], M]:
    """A function that makes a saved instance from database values in the order of ``names``; other fields are deferred.

    ``names`` are attnames. A model that is made as Django makes it gets its values directly: that is what
    ``Model.from_db`` comes to without the signals around it, which nobody hears. Another one is made by ``from_db``,
    which takes values in the model's own order.
    """
    own = [field.attname for field in model._meta.concrete_fields if field.attname in names]
    if len(own) != len(names):
        raise FieldDoesNotExist(f"{model.__name__} has not all of {', '.join(names)}.")
    order = [names.index(name) for name in own]

    def make(values: Sequence[Any]) -> M:
        return model.from_db(connection.alias, own, [values[place] for place in order])

    def make_directly(values: Sequence[Any]) -> M:
        instance = model.__new__(model)
        instance._state = ModelState()
        mark_as_saved(instance)
        instance.__dict__.update(zip(names, values, strict=True))
        return instance

    return make_directly if _is_made_by_django(model) else make


def _is_made_by_django(model: type[models.Model]) -> bool:
    ways = (model.__init__, models.Model.__init__), (model.from_db.__func__, models.Model.from_db.__func__)  # type: ignore[attr-defined]  # class methods
    return all(own is django for own, django in ways)


def mark_as_saved(instance: models.Model) -> None:
    """Tell an instance whose row was inserted by plain SQL that it is in the database (``Model._state``)."""
    instance._state.adding = False
    instance._state.db = connection.alias


def mark_as_logged(response: HttpResponseBase) -> None:
    """Keep Django from logging the answer for its status (``log_response`` looks at ``_has_been_logged``)."""
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own


def has_cached_relation(instance: models.Model, name: str) -> bool:
    """Whether the related object, or its absence, is known without a query."""
    return name in instance._state.fields_cache


def cached_relation(instance: models.Model, name: str) -> Any:
    """The related object, or None if its absence is cached. Raises ``KeyError`` if neither is known."""
    return instance._state.fields_cache[name]


def cache_relation(instance: models.Model, name: str, related: models.Model | None) -> None:
    """Cache a related object, or its absence, in one direction (``Model._state.fields_cache``).

    Assigning the attribute can't say that there is none, and writes to both sides.
    """
    instance._state.fields_cache[name] = related


def forget_relation(instance: models.Model, name: str) -> None:
    """Ask the database at the next use of the relation."""
    instance._state.fields_cache.pop(name, None)


def merge_catalogs(language: str) -> int:
    """Make one dictionary of a language's message catalogues; returns how many there were beside the first.

    Our msgids are Chinese and are in no catalogue, so ``gettext`` would ask every part of the catalogue (one per app)
    and then every fallback for each of them. Merging changes no answer: what was asked first still wins. Nothing is
    merged if the plural rules differ (``DjangoTranslation._catalog``, ``_fallback``).
    """
    translation: Any = trans_real.translation(language)
    parts, rules = list(translation._catalog._catalogs), list(translation._catalog._plurals)
    fallback = translation._fallback
    while fallback is not None:
        if words := getattr(fallback, "_catalog", None):
            parts.append(words)
            rules.append(fallback.plural)
        fallback = fallback._fallback
    if any(_counted(rule) != _counted(rules[0]) for rule in rules):
        return 0
    merged: dict[Any, str] = {}
    for words in reversed(parts):
        merged.update(words)
    translation._catalog._catalogs = [merged]
    translation._catalog._plurals = rules[:1]
    translation._fallback = None
    return len(parts) - 1


def keep_language_in_thread() -> None:
    """Keep the active language of each thread in a plain thread local (``trans_real._active``).

    Django's own local also serves coroutines, of which this site has none, and every translated word asks it: it took
    four fifths of the look-up (docs/adr/0052).
    """
    trans_real._active = threading.local()  # type: ignore[attr-defined]  # Django's own


def _counted(rule: Callable[[int], int]) -> tuple[int, ...]:
    return tuple(rule(number) for number in COUNTS)
