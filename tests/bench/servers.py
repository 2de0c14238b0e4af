"""Web servers under measurement, and the CPU time their workers have used."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Server:
    """A running gunicorn."""

    port: int
    pid: int

    def workers(self) -> list[int]:
        """Process ids of its workers."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(child) for child in children]

    def cpu_seconds(self) -> float:
        """CPU time of the workers so far."""
        return sum(cpu_of(pid) for pid in self.workers())

    def resident_megabytes(self) -> float:
        """Memory of the largest worker."""
        return max(resident_of(pid) for pid in self.workers())

    def get(self, path: str, *, count: int, headers: dict[str, str] | None = None) -> int:
        """So many GETs on four open connections; answers how many."""
        connections = [self.connect() for _ in range(4)]
        for number in range(count):
            _get(connections[number % 4], path, headers)
        for connection in connections:
            connection.close()
        return count

    def connect(self) -> http.client.HTTPConnection:
        """A connection of its own."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


def cpu_of(pid: int) -> float:
    """CPU seconds of a process: by the nanosecond where the kernel counts so, else by the tick of its clock."""
    try:
        tasks = [entry.read_text() for entry in Path(f"/proc/{pid}/task").glob("*/schedstat")]
    except OSError:
        tasks = []
    if tasks:
        return sum(int(task.split()[0]) for task in tasks) / 1e9
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_of(pid: int) -> float:
    """Resident megabytes of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def database_cpu_seconds() -> float:
    """CPU time of the PostgreSQL processes on this machine that serve the bench now; 0 where there are none."""
    name = os.environ.get("DATABASE_URL", "").rpartition("/")[2]
    total = 0.0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError):
                title = (entry / "cmdline").read_text()
                if title.startswith("postgres:") and name in title.split():
                    total += cpu_of(int(entry.name))
    return total


@contextlib.contextmanager
def serve(application: str, **environment: str) -> Iterator[Server]:
    """Gunicorn as the project runs it, on a free port, until the block ends."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", application],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port), "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int) -> None:
    """Until the server takes connections, a minute at most."""
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            time.sleep(1)
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")


def cpu_per_request(server: Server, path: str, *, count: int) -> float:
    """CPU milliseconds of the web workers for one GET, over ``count`` requests."""
    server.get(path, count=20)
    before = server.cpu_seconds()
    server.get(path, count=count)
    return (server.cpu_seconds() - before) / count * 1000


def _get(connection: http.client.HTTPConnection, path: str, headers: dict[str, str] | None) -> None:
    connection.request("GET", path, headers={"Host": "127.0.0.1", **(headers or {})})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
