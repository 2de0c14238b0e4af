"""Parents calling the JSON API over HTTP, one at a time or all at once."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.bench.inside import at
from tests.bench.servers import Server


@dataclass(slots=True)
class Parent:
    """A session token with the child it books for."""

    token: str
    child: str = ""


@dataclass(slots=True)
class Answer:
    """One answer with its times, in seconds since the start."""

    status: int
    body: dict[str, Any]
    ended: float


@dataclass(slots=True)
class Stay:
    """What everybody asks for."""

    institution: str
    day: dt.date
    starts: dt.time
    ends: dt.time
    mode: str = "hourly"

    def body(self, child: str) -> dict[str, str]:
        """The request."""
        return {
            "institution": self.institution,
            "child": child,
            "mode": self.mode,
            "starts_at": at(self.day, self.starts).isoformat(),
            "ends_at": at(self.day, self.ends).isoformat(),
        }


def call(
    connection: http.client.HTTPConnection, method: str, path: str, token: str, body: Any = None, key: str = ""
) -> tuple[int, dict[str, Any]]:
    """One call; the status and the JSON."""
    headers = {"Host": "127.0.0.1", "X-Session-Token": token, "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    connection.request(method, f"/api/v1/{path}", json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    text = answer.read()
    return answer.status, json.loads(text) if text else {}


def book(connection: http.client.HTTPConnection, parent: Parent, stay: Stay) -> tuple[int, dict[str, Any]]:
    """Ask to hold a place."""
    return call(connection, "POST", "bookings", parent.token, stay.body(parent.child), key=uuid.uuid4().hex)


def confirm(connection: http.client.HTTPConnection, parent: Parent, booking: str) -> tuple[int, dict[str, Any]]:
    """Confirm it."""
    return call(connection, "POST", f"bookings/{booking}/confirm", parent.token, {})


@dataclass(slots=True)
class Rush:
    """All parents at once: hold, and confirm as soon as the place is held."""

    server: Server
    parents: list[Parent]
    stay: Stay
    held: list[Answer] = field(default_factory=list)
    confirmed: list[Answer] = field(default_factory=list)
    refused: list[Answer] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Let them all loose and wait for the last."""
        gate = threading.Barrier(len(self.parents) + 1)
        threads = [threading.Thread(target=self._one, args=(parent, gate)) for parent in self.parents]
        for thread in threads:
            thread.start()
        gate.wait()
        self.started = time.monotonic()
        for thread in threads:
            thread.join(timeout=120)

    started: float = 0.0

    def _one(self, parent: Parent, gate: threading.Barrier) -> None:
        connection = self.server.connect()
        gate.wait()
        began = time.monotonic()
        try:
            status, body = book(connection, parent, self.stay)
            answer = Answer(status, body, time.monotonic() - began)
            if status == 201:
                self.held.append(answer)
                status, body = confirm(connection, parent, body["id"])
                self.confirmed.append(Answer(status, body, time.monotonic() - began))
            elif status == 409 and body.get("code") == "full":
                self.refused.append(answer)
            else:
                self.errors.append(f"{status} {body.get('code')}")
        except OSError as error:
            self.errors.append(type(error).__name__)
        finally:
            connection.close()
