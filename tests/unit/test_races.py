"""A race that did not take place is no passed test."""

from __future__ import annotations

import threading

import pytest

from tests.races import Gate, race, tally


def test_gate_lets_all_go_once_all_have_come():
    seen: list[int] = []
    gate = Gate(3, lambda number: seen.append(number))

    race([lambda number=number: gate(number) for number in range(3)])

    assert sorted(seen) == [0, 1, 2]


def test_gate_at_which_not_all_come_raises_and_nobody_goes_through():
    seen: list[int] = []
    gate = Gate(3, seen.append, patience=0.1)

    results = race([lambda: gate(1), lambda: gate(2)])

    assert tally(results) == {"BrokenBarrierError": 2}
    assert seen == []


def test_thread_that_tries_again_is_not_held_again():
    gate = Gate(2, lambda: "through")

    assert race([lambda: [gate(), gate()], lambda: gate()]) == [["through", "through"], "through"]


def test_act_that_never_ends_fails_the_race():
    over = threading.Event()

    with pytest.raises(AssertionError):
        race([lambda: over.wait(20), lambda: None], patience=0.1)

    over.set()


def test_race_answers_what_was_returned_or_raised_in_order():
    def fail():
        raise ValueError

    results = race([lambda: 1, fail, lambda: "x"])

    assert [type(result).__name__ for result in results] == ["int", "ValueError", "str"]
