"""Choosing parts of the bench."""

from __future__ import annotations

import importlib

import pytest

from tests.bench.__main__ import read_arguments
from tests.bench.parts import LARGE, SMALL, Part, UnknownPart, chosen


def test_without_a_name_all_are_chosen() -> None:
    assert chosen(SMALL, []) == list(SMALL)


def test_named_parts_come_in_the_order_of_the_bench() -> None:
    assert [part.name for part in chosen(SMALL, ["rush", "pages"])] == ["pages", "rush"]


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    parts = [Part("one", "", ""), Part("two", "", "")]

    with pytest.raises(UnknownPart, match=r"^no part 'three'; there are one, two$"):
        chosen(parts, ["one", "three"])


@pytest.mark.parametrize("part", [*SMALL, *LARGE], ids=lambda part: part.act)
def test_every_part_has_its_function(part: Part) -> None:
    module, function = part.act.split(".")

    assert callable(getattr(importlib.import_module(f"tests.bench.{module}"), function))


@pytest.mark.parametrize(
    ("arguments", "institutions", "first"),
    [([], 1_000, "pages"), (["--large"], 10_000, "search"), (["--large", "--institutions", "50"], 50, "search")],
)
def test_the_large_bench_has_its_own_size_and_parts(arguments: list[str], institutions: int, first: str) -> None:
    options = read_arguments(arguments)

    assert (options.institutions, options.parts[0].name) == (institutions, first)


def test_a_part_of_the_large_bench_is_unknown_to_the_small_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_arguments(["search"])

    assert ended.value.code == 2
    assert "no part 'search'" in capsys.readouterr().err
