"""What a lower app lets upper apps plug in: one typed ``Port`` per question, filled in ``AppConfig.ready()``.

A port carries data, never HTML. It is declared in the app that asks and answered by apps above it, so the lower app
never imports an upper one. ``all_ports()`` lists them for the system check and for docs/architecture.md.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")

_ports: dict[str, BasePort] = {}


class AlreadyRegistered(RuntimeError):
    """A second answer to a port that takes one, or the same name twice at a port that takes many."""


class BasePort(ABC):
    """What every port has: a unique name, one sentence that says what it asks, and whether it may stay unanswered."""

    def __init__(self, name: str, *, asks: str, optional: bool = False) -> None:
        if name in _ports:
            raise AlreadyRegistered(f"port {name} is declared twice")
        self.name, self.asks, self.optional = name, asks, optional
        _ports[name] = self

    @property
    @abstractmethod
    def answered_by(self) -> tuple[str, ...]:
        """The names under which something is registered, in order."""


class Port(BasePort, Generic[T]):
    """Takes one answer; ``get()`` is None where the answering app is not installed."""

    def __init__(self, name: str, *, asks: str, optional: bool = False) -> None:
        super().__init__(name, asks=asks, optional=optional)
        self._answer: T | None = None

    def register(self, answer: T) -> None:
        """Raises ``AlreadyRegistered`` if another answer is there; an equal one again is harmless."""
        if self._answer is not None and self._answer != answer:
            raise AlreadyRegistered(f"{self.name} is answered by {self._answer!r} already")
        self._answer = answer

    def get(self) -> T | None:
        """The answer, or None."""
        return self._answer

    @contextmanager
    def replaced_by(self, answer: T | None) -> Iterator[None]:
        """Another answer, or none, for a while: for tests of the asking side."""
        kept, self._answer = self._answer, answer
        try:
            yield
        finally:
            self._answer = kept

    @property
    def answered_by(self) -> tuple[str, ...]:
        return () if self._answer is None else (_name_of(self._answer),)


class ManyPort(BasePort, Generic[T]):
    """Takes any number of answers, each under a name; they are given in the order of registration."""

    def __init__(self, name: str, *, asks: str, optional: bool = False) -> None:
        super().__init__(name, asks=asks, optional=optional)
        self._answers: dict[str, T] = {}

    def register(self, name: str, answer: T) -> None:
        """Raises ``AlreadyRegistered`` if another answer has this name."""
        if self._answers.get(name, answer) != answer:
            raise AlreadyRegistered(f"{self.name} has an answer named {name} already")
        self._answers[name] = answer

    def get(self, name: str) -> T | None:
        """The answer of that name, or None."""
        return self._answers.get(name)

    def all(self) -> dict[str, T]:
        """Every answer by name, a copy."""
        return dict(self._answers)

    @contextmanager
    def replaced_by(self, **answers: T) -> Iterator[None]:
        """Other answers for a while: for tests of the asking side."""
        kept, self._answers = self._answers, answers
        try:
            yield
        finally:
            self._answers = kept

    @property
    def answered_by(self) -> tuple[str, ...]:
        return tuple(self._answers)


def all_ports() -> tuple[BasePort, ...]:
    """Every declared port, by name."""
    return tuple(_ports[name] for name in sorted(_ports))


def _name_of(answer: object) -> str:
    kind = answer if hasattr(answer, "__qualname__") else type(answer)
    return f"{kind.__module__}.{kind.__qualname__}"
