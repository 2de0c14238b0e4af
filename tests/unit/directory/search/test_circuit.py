"""When Elasticsearch is asked again after it failed."""

from __future__ import annotations

import pytest

from directory.search.circuit import REST_SECONDS, Circuit


def test_rest() -> None:
    assert REST_SECONDS == 5.0


def test_a_whole_circuit_lets_everybody_through() -> None:
    circuit = Circuit()

    assert [circuit.may_try(now) for now in (0.0, 0.0, 1.0)] == [True, True, True]
    assert circuit.is_open is False


@pytest.mark.parametrize(("now", "tries"), [(104.9, False), (105.0, True), (105.1, True)])
def test_rest_ends_after_five_seconds(now: float, tries: bool) -> None:
    circuit = Circuit()
    circuit.failed(100.0)

    assert circuit.is_open is True
    assert circuit.may_try(now) is tries


def test_one_try_at_the_end_of_each_rest() -> None:
    circuit = Circuit()
    circuit.failed(100.0)

    assert [circuit.may_try(now) for now in (105.0, 105.0, 109.9, 110.0, 110.0)] == [True, False, False, True, False]


def test_success_ends_the_rest() -> None:
    circuit = Circuit()
    circuit.failed(100.0)
    circuit.succeeded()

    assert (circuit.is_open, circuit.may_try(100.1)) == (False, True)
