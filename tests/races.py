"""Races on the database of the settings: many threads, one connection each, all let loose at once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db import OperationalError, connection, connections, transaction

#: How long an act is in flight: less than PostgreSQL's own patience for a lock.
IN_FLIGHT_SECONDS = 0.5

#: Seconds for which threads wait for one another: only a deadlock takes as long, however loaded the machine is.
PATIENCE = 120.0


def race(acts: Sequence[Callable[[], Any]], *, patience: float = PATIENCE) -> list[Any]:
    """Run the acts at once; returns what each returned or raised, in their order. All of them must end."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            results[number] = act()
        except Exception as error:  # a race's losers answer by raising
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=patience)
    assert [number for number, thread in enumerate(threads) if thread.is_alive()] == []
    return results


def tally(results: Sequence[Any]) -> Counter[str]:
    """How many of each kind: the class of what was returned or raised."""
    return Counter(type(result).__name__ for result in results)


class Late:
    """Stands between the look and the lock: what another does there, the first ``times``, was not seen by the look."""

    def __init__(self, act: Callable[..., Any], between: Callable[[], Any], *, times: int = 1) -> None:
        self.act, self.between, self.times = act, between, times

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.times:
            self.times -= 1
            self.between()
        return self.act(*args, **kwargs)


class InFlight:
    """What another connection has done but not committed yet when the block begins; it commits while the block runs."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self.act = act
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self.thread.start()
        assert self.done.wait(timeout=20)

    def __exit__(self, *problem: object) -> None:
        self.thread.join(timeout=20)

    def _run(self) -> None:
        try:
            with transaction.atomic():
                self.act()
                self.done.set()
                time.sleep(IN_FLIGHT_SECONDS)
        finally:
            connection.close()


class Gate:
    """Holds every thread after the look and before the take, so that all of them have seen the same free places.

    Where not all of them come there was no race: ``BrokenBarrierError``. A thread that tries again is not held again.
    """

    def __init__(self, threads: int, act: Callable[..., Any], *, patience: float = PATIENCE) -> None:
        self.barrier = threading.Barrier(threads, timeout=patience)
        self.act = act
        self.held = threading.local()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not hasattr(self.held, "before"):
            self.held.before = True
            self.barrier.wait()
        return self.act(*args, **kwargs)


class Locked:
    """Meets somebody else's lock some times, then does what it stands for."""

    def __init__(self, act: Callable[..., Any], times: int) -> None:
        self.act, self.times, self.calls = act, times, 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        if self.calls <= self.times:
            raise OperationalError("database is locked")
        return self.act(*args, **kwargs)
