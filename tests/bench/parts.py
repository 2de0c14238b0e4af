"""The parts of the bench, in the order in which they run. Django's models can't be imported here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One part: ``act`` is its function in this package, called with the report and the ground.

    ``town``: it stands on the shared town; otherwise it fills an empty site itself. ``places``: it needs every
    institution of the town to be bookable.
    """

    name: str
    act: str
    about: str
    town: bool = True
    places: bool = False


SMALL = (
    Part("pages", "pages.bench_pages", "detail and list page: SQL, CPU in hellos", places=True),
    Part("booking", "bookings.bench_booking", "hold, confirm and refusal through the API: SQL, CPU in hellos"),
    Part("rush", "rush.bench_rush", "500 parents at once for 100 places"),
    Part("availability", "availability.bench_availability", "who can take a child, as bookings grow", places=True),
    Part("take", "take.bench_take", "the take beside plain psycopg (PostgreSQL)"),
    Part("memory", "memory.bench_memory", "a web worker over 2,000 mixed requests", places=True),
)
LARGE = (
    Part("search", "searches.bench_search", "search, both engines"),
    Part("availability", "availability.bench_large_availability", "who can take a child", places=True),
    Part("demo", "growth.bench_demo", "the demo of a whole register: outbox, memory", town=False),
    Part("import", "growth.bench_import", "the import of a whole register, and one change of it", town=False),
)


class UnknownPart(Exception):
    """No part has this name."""


def chosen(parts: Sequence[Part], names: Sequence[str]) -> list[Part]:
    """The named parts in the order of the bench; all without a name."""
    known = {part.name for part in parts}
    for name in names:
        if name not in known:
            raise UnknownPart(f"no part {name!r}; there are {', '.join(part.name for part in parts)}")
    return [part for part in parts if not names or part.name in names]
