"""The HTML of pages, checked by the W3C's own checker: a Java process beside the browser, asked over loopback."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

JAR = Path(__file__).parents[2] / "var/vnu/node_modules/vnu-jar/build/dist/vnu.jar"
#: Seconds until the checker must have answered, when it starts on a busy machine and for one page.
PATIENCE = 60
#: The checker refuses who does not name themselves.
HEADERS = {"Content-Type": "text/html; charset=utf-8", "User-Agent": "journeys"}


class MarkupChecker:
    """Answers what is wrong with a page; the same text is checked once."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._seen: set[str] = set()

    def errors(self, html: bytes) -> list[str]:
        """One line for each error: the line number, the message and the place; none for a text asked about before."""
        digest = hashlib.sha256(html).hexdigest()
        if digest in self._seen:
            return []
        self._seen.add(digest)
        messages = json.loads(self._ask("/?out=json&level=error", html))["messages"]
        return [
            f"line {message.get('lastLine')}: {message['message']}: {message.get('extract', '').strip()}"
            for message in messages
        ]

    def _ask(self, path: str, body: bytes) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("POST", path, body, HEADERS)
            answer = connection.getresponse()
            text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"The checker of HTML answered {answer.status}: {text[:200]!r}")
        return text

    def wait(self) -> None:
        """Return when the checker answers."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.errors(b"<!doctype html><html lang=en><title>Ready</title>")
            except ConnectionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
                self._seen.clear()
            else:
                return


@contextlib.contextmanager
def markup_checker() -> Iterator[MarkupChecker]:
    """The checker on a free port of the loopback interface, ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            "java",
            "-Xss1m",
            "-Xmx512m",
            "-Dnu.validator.servlet.bind-address=127.0.0.1",
            "-cp",
            str(JAR),
            "nu.validator.servlet.Main",
            str(port),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    checker = MarkupChecker(port)
    try:
        checker.wait()
        yield checker
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
