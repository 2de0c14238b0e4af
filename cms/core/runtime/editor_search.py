"""Wagtail's own search of pages, pictures and files, for words with quotation marks too.

In SQLite its query puts the words between quotation marks, and one among them ended the query early: a 500.
"""

from __future__ import annotations

from typing import Any

from wagtail.search.backends import database


class WithoutQuotes:
    """Mixed into a backend: a quotation mark parts words, as any other mark does."""

    def search(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        backend: Any = super()
        return backend.search(_unquoted(query), *args, **kwargs)

    def autocomplete(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        backend: Any = super()
        return backend.autocomplete(_unquoted(query), *args, **kwargs)


def _unquoted(query: Any) -> Any:
    return query.replace('"', " ").strip() if isinstance(query, str) else query


def make_backend(params: dict[str, Any]) -> Any:
    """The database's own backend, with the mixin before it."""
    own = type(database.SearchBackend(dict(params)))
    return type(own.__name__, (WithoutQuotes, own), {})(params)


#: The name Wagtail looks for in the module that `WAGTAILSEARCH_BACKENDS` names.
SearchBackend = make_backend
