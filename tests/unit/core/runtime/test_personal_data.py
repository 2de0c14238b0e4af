"""What every app keeps of a family: exported by name, erased from the top down, held back in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from cms.core.runtime import personal_data
from cms.core.runtime.kernel_ports import DataHold, DataSection, PersonalDataPart, PersonalDataScope
from cms.core.runtime.kernel_ports import personal_data as parts

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
SCOPE = PersonalDataScope(user="anna", family_id=1, child_ids=(2, 3))


def words(data: Any) -> list[DataSection]:
    return [DataSection(f"words of {data}", ())]


@pytest.fixture(autouse=True)
def no_parts() -> Iterator[None]:
    with parts.replaced_by():
        yield


@pytest.fixture
def erased() -> list[tuple[str, Any, dt.datetime]]:
    """Three parts, the lowest first; the middle one has nothing to erase."""
    calls: list[tuple[str, Any, dt.datetime]] = []
    family = PersonalDataPart(lambda scope: "a", words, lambda scope, now: calls.append(("family", scope, now)))
    parts.register("family", family)
    parts.register("looks", PersonalDataPart(lambda scope: [scope.family_id], words))
    bookings = PersonalDataPart(lambda scope: {}, words, lambda scope, now: calls.append(("bookings", scope, now)))
    parts.register("bookings", bookings)
    return calls


def test_scope_is_of_children_alone_unless_it_says_more() -> None:
    assert (SCOPE.whole_account, SCOPE.whole_family) == (False, False)


def test_export_names_every_part(erased: list) -> None:
    assert personal_data.export_all(SCOPE) == {"family": "a", "looks": [1], "bookings": {}}
    assert erased == []


def test_each_part_says_in_words_what_it_exports(erased: list) -> None:
    assert personal_data.describe_all(SCOPE) == [*words("a"), *words([1]), *words({})]


def test_erasing_begins_with_the_last_registered(erased: list) -> None:
    personal_data.erase_all(SCOPE, now=NOW)

    assert erased == [("bookings", SCOPE, NOW), ("family", SCOPE, NOW)]


def test_holds_come_in_the_order_of_the_parts() -> None:
    export = lambda scope: None  # noqa: E731
    first, second = (lambda scope, now: DataHold(f"{scope.user} {now.year}")), (lambda scope, now: DataHold("second"))
    parts.register("a", PersonalDataPart(export, words, find_hold=first))
    parts.register("b", PersonalDataPart(export, words))
    parts.register("c", PersonalDataPart(export, words, find_hold=lambda scope, now: None))
    parts.register("d", PersonalDataPart(export, words, find_hold=second))

    assert personal_data.find_holds(SCOPE, now=NOW) == [DataHold("anna 2026", ()), DataHold("second", ())]


def test_nothing_holds_where_nobody_objects(erased: list) -> None:
    assert personal_data.find_holds(SCOPE, now=NOW) == []
