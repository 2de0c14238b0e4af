"""Order within the outbox's streams with three drainers at once, on both databases."""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from typing import Any

import pytest
from django.db.models import Q

from cms.core.models import OutboxMessage
from cms.core.runtime import outbox
from cms.core.runtime.kernel_ports import OutboxHandler
from cms.core.runtime.ports import ManyPort
from tests.races import race

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
DRAINERS = 3
#: Longer than a delivery takes, so that a drainer that could go on would have.
PATIENCE = 0.6


def emit_rows(stream: str, numbers: range) -> None:
    effects = [outbox.Effect("t", f"{stream}-{n}", {"stream": stream, "number": n}, stream) for n in numbers]
    outbox.emit_many(effects, now=NOW)


def drain_until_empty(limit: int) -> int:
    """Like a worker's loop; it looks a few times more, as what another worker holds may come free."""
    tried = empty = 0
    while empty < 20:
        batch = outbox.drain(now=NOW, limit=limit)
        tried += batch
        empty = 0 if batch else empty + 1
        if not batch:
            threading.Event().wait(0.02)
    return tried


class Recorder:
    """A handler that keeps what was delivered; ``hold`` lets the head of a stream wait for its second message."""

    def __init__(self, *, hold: bool = False) -> None:
        self.seen: dict[str, list[int]] = defaultdict(list)
        self.lock, self.second = threading.Lock(), threading.Event()
        self.hold = hold

    def __call__(self, payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
        number = payload["number"]
        if self.hold and number == 0:
            self.second.wait(PATIENCE)
        elif self.hold:
            self.second.set()
        with self.lock:
            self.seen[payload["stream"]].append(number)


class StreamCases:
    """Every case runs on both databases."""

    def test_three_drainers_keep_the_order_of_each_stream(self, handlers: ManyPort[OutboxHandler]) -> None:
        recorder = Recorder()
        handlers.register("t", OutboxHandler(recorder))
        streams = [f"booking:{letter}" for letter in "abcde"]
        for start in range(0, 8, 2):
            for stream in streams:
                emit_rows(stream, range(start, start + 2))

        tried = race([lambda: drain_until_empty(3)] * DRAINERS)

        assert sum(tried) == 40
        assert dict(recorder.seen) == {stream: list(range(8)) for stream in streams}
        assert OutboxMessage.objects.filter(done_at=NOW, attempts=1).count() == 40

    def test_second_message_waits_for_a_slow_first(self, handlers: ManyPort[OutboxHandler]) -> None:
        recorder = Recorder(hold=True)
        handlers.register("t", OutboxHandler(recorder))
        emit_rows("booking:a", range(3))

        race([lambda: drain_until_empty(1)] * DRAINERS)
        drain_until_empty(1)

        assert recorder.seen == {"booking:a": [0, 1, 2]}

    def test_without_the_guard_the_second_overtakes_the_first(
        self, handlers: ManyPort[OutboxHandler], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recorder = Recorder(hold=True)
        handlers.register("t", OutboxHandler(recorder))
        monkeypatch.setattr(outbox, "_has_its_turn", Q)
        emit_rows("booking:a", range(3))

        race([lambda: drain_until_empty(1)] * DRAINERS)

        assert sorted(recorder.seen["booking:a"]) == [0, 1, 2]
        assert recorder.seen["booking:a"][0] != 0

    def test_streams_do_not_wait_for_one_another(self, handlers: ManyPort[OutboxHandler]) -> None:
        met = threading.Barrier(DRAINERS)
        seen: list[str] = []

        def meet(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
            met.wait(timeout=20)
            seen.append(payload["stream"])

        handlers.register("t", OutboxHandler(meet))
        for stream in ("booking:a", "booking:b", "family:c"):
            emit_rows(stream, range(1))

        assert race([lambda: drain_until_empty(1)] * DRAINERS) == [1, 1, 1]
        assert sorted(seen) == ["booking:a", "booking:b", "family:c"]

    def test_failing_head_holds_back_its_own_stream_alone(self, handlers: ManyPort[OutboxHandler]) -> None:
        recorder = Recorder()

        def fail_once(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
            if key == "booking:a-0" and now == NOW:
                raise ValueError
            recorder(payload, key=key, now=now)

        handlers.register("t", OutboxHandler(fail_once))
        for stream in ("booking:a", "booking:b", "booking:c"):
            emit_rows(stream, range(4))

        race([lambda: drain_until_empty(3)] * DRAINERS)
        before = dict(recorder.seen)
        later = NOW + outbox.FIRST_RETRY
        while outbox.drain(now=later):
            pass

        assert before == {"booking:b": [0, 1, 2, 3], "booking:c": [0, 1, 2, 3]}
        assert recorder.seen["booking:a"] == [0, 1, 2, 3]

    def test_slow_drainer_delivers_no_more_than_the_row_it_is_at(self, handlers: ManyPort[OutboxHandler]) -> None:
        """Its leases end while it delivers the first row; the drainer that comes then takes all the rest."""
        later = NOW + outbox.LEASE + dt.timedelta(seconds=1)
        begun, gone = threading.Event(), threading.Event()
        recorder = Recorder()

        def deliver(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
            if key == "booking:a-0" and now == NOW:
                begun.set()
                gone.wait(timeout=20)
            recorder(payload, key=key, now=now)

        def come_later() -> list[int]:
            begun.wait(timeout=20)
            tried = [outbox.drain(now=later), outbox.drain(now=later)]
            gone.set()
            return tried

        handlers.register("t", OutboxHandler(deliver))
        for stream in ("booking:a", "booking:b", "booking:c"):
            emit_rows(stream, range(2))

        assert race([lambda: outbox.drain(now=NOW), come_later]) == [1, [3, 3]]
        assert recorder.seen == {"booking:a": [0, 1, 0], "booking:b": [0, 1], "booking:c": [0, 1]}
