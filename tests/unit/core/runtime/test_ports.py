"""A port takes what its kind allows, and refuses a silent second answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cms.core.runtime import ports
from cms.core.runtime.ports import AlreadyRegistered, ManyPort, Port, all_ports


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of ports is the test's own."""
    monkeypatch.setattr(ports, "_ports", {})


def one() -> int:
    return 1


def two() -> int:
    return 2


@pytest.fixture
def single() -> Port[Callable[[], int]]:
    return Port("tests.single", asks="How many?")


@pytest.fixture
def many() -> ManyPort[Callable[[], int]]:
    return ManyPort("tests.many", asks="How many?")


def test_single_port_is_empty_until_answered(single: Port[Callable[[], int]]) -> None:
    assert (single.get(), single.answered_by) == (None, ())

    single.register(one)

    assert (single.get(), single.answered_by) == (one, (f"{__name__}.one",))


def test_single_port_refuses_a_second_answer_and_keeps_the_first(single: Port[Callable[[], int]]) -> None:
    single.register(one)

    with pytest.raises(AlreadyRegistered):
        single.register(two)

    assert single.get() is one


def test_single_port_takes_the_same_answer_again(single: Port[Callable[[], int]]) -> None:
    single.register(one)
    single.register(one)

    assert single.get() is one


def test_object_answers_are_named_by_their_class() -> None:
    port: Port[object] = Port("tests.object", asks="Who?")

    port.register(single_object := type("Provider", (), {"__module__": "somewhere"})())

    assert (port.get(), port.answered_by) == (single_object, ("somewhere.Provider",))


def test_many_port_gives_answers_in_order_of_registration(many: ManyPort[Callable[[], int]]) -> None:
    many.register("b", two)
    many.register("a", one)

    assert list(many.all().items()) == [("b", two), ("a", one)]
    assert many.answered_by == ("b", "a")
    assert (many.get("a"), many.get("c")) == (one, None)


def test_many_port_refuses_a_name_twice_and_keeps_the_first(many: ManyPort[Callable[[], int]]) -> None:
    many.register("a", one)
    many.register("a", one)

    with pytest.raises(AlreadyRegistered):
        many.register("a", two)

    assert many.all() == {"a": one}


def test_given_answers_are_a_copy(many: ManyPort[Callable[[], int]]) -> None:
    many.register("a", one)
    many.all().clear()

    assert many.all() == {"a": one}


def test_replaced_answers_come_back_after_a_failure(
    single: Port[Callable[[], int]], many: ManyPort[Callable[[], int]]
) -> None:
    single.register(one)
    many.register("a", one)

    def fail() -> None:
        with single.replaced_by(two), many.replaced_by(b=two):
            assert (single.get(), many.all()) == (two, {"b": two})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert (single.get(), many.all()) == (one, {"a": one})


def test_port_must_be_answered_unless_it_says_otherwise(
    single: Port[Callable[[], int]], many: ManyPort[Callable[[], int]]
) -> None:
    optional: Port[int] = Port("tests.optional", asks="?", optional=True)
    optional_many: ManyPort[int] = ManyPort("tests.optional_many", asks="?", optional=True)

    assert [port.optional for port in (single, many, optional, optional_many)] == [False, False, True, True]


def test_ports_are_listed_by_name_and_declared_once() -> None:
    later: Port[int] = Port("tests.b", asks="?")
    earlier: ManyPort[int] = ManyPort("tests.a", asks="?")

    assert all_ports() == (earlier, later)
    with pytest.raises(AlreadyRegistered):
        Port("tests.a", asks="?")
