"""`make run` and `make serve`: prepare the site, then keep its processes together in one terminal.

Django is loaded once: the web server and the job runner of `run` are forked from this process.
"""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from gunicorn.app.base import BaseApplication  # noqa: E402

from cms.core.runtime.env import EnvironmentProblem, text, whole_number  # noqa: E402
from scripts.static_files import collect  # noqa: E402

STOP_SECONDS = 25
SETTINGS = {"run": "cms.settings.dev", "serve": "cms.settings.rehearsal"}
NEEDED = {
    "DATABASE_URL": "postgres://user@127.0.0.1:5432/tuoyu",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
}


class WebServer(BaseApplication):
    """Gunicorn with the project's configuration file, in the process that has loaded Django already."""

    def load_config(self) -> None:
        """Read gunicorn.conf.py as the command line would."""
        values: dict[str, Any] = {}
        exec((ROOT / "gunicorn.conf.py").read_text(), values)  # noqa: S102  # our own file
        for name in self.cfg.settings:
            if name in values:
                self.cfg.set(name, values[name])

    def load(self) -> Any:
        """The application."""
        return get_wsgi_application()


class Family:
    """The processes of the site: when one ends, or the person presses Ctrl-C, all end."""

    def __init__(self) -> None:
        self.members: dict[int, str] = {}
        self.stopping = False

    def fork(self, name: str, act: Callable[[], object]) -> None:
        """Start a process that has everything loaded."""
        connections.close_all()
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            os.setsid()  # Ctrl-C reaches this program alone, which then asks each to end in its own way
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            act()
            os._exit(0)
        self.members[pid] = name

    def spawn(self, name: str, *command: str) -> None:
        """Start a program of its own."""
        self.members[subprocess.Popen(command, cwd=ROOT, start_new_session=True).pid] = name  # noqa: S603  # our own commands

    def watch(self) -> int:
        """Wait until one ends, then end the others; 0 if the person asked for it."""
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)
        code = 0
        while self.members:
            try:
                pid, status = os.wait()
            except InterruptedError:
                continue
            name = self.members.pop(pid, "")
            if name and not self.stopping:
                code = os.waitstatus_to_exitcode(status) or 1
                say(f"The {name} ended ({code}); stopping the others.")
                self._stop(signal.SIGTERM, None)
        signal.alarm(0)
        return code

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self.stopping:
            return
        self.stopping = True
        for pid in self.members:
            os.kill(pid, signal.SIGTERM)
        signal.signal(signal.SIGALRM, self._kill)
        signal.alarm(STOP_SECONDS)

    def _kill(self, number: int, frame: FrameType | None) -> None:
        for pid in self.members:
            os.kill(pid, signal.SIGKILL)


def say(words: str) -> None:
    """A line for the person at the terminal, at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def step(words: str, act: Callable[[], Any]) -> Any:
    """Do one part of the preparation and say how long it took."""
    started = time.monotonic()
    sys.stdout.write(f"{words} … ")
    sys.stdout.flush()
    result = act()
    say(f"{time.monotonic() - started:.1f} s")
    return result


def check_port(port: int) -> None:
    """Say it in one sentence if something else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise EnvironmentProblem(f"port {port} is taken; choose another with PORT=8080.") from None


def demo_accounts() -> dict[str, dict[str, str]]:
    """Top up the demo data; who can sign in."""
    answer = io.StringIO()
    call_command("demo", json=True, stdout=answer)
    return json.loads(answer.getvalue())["accounts"]


def introduce(accounts: dict[str, dict[str, str]], port: int) -> None:
    """Where to go and who to be."""
    site = f"http://127.0.0.1:{port}"
    say(f"\n  The site       {site}/")
    say(f"  Workbench      {site}/workbench/")
    say(f"  Admin          {site}/admin/")
    say(f"  Codes          {site}/dev/inbox/   (SMS codes, second-factor codes)")
    if accounts:
        say("\n  Demo accounts")
    for role, account in accounts.items():
        say(f"  {role.replace('_', ' '):24} " + "  ".join(f"{key}: {value}" for key, value in account.items()))
    say("\n  Ctrl-C stops everything.\n")


def migrate() -> None:
    """Run migrations if there are any to run: with none, asking costs a tenth of the command."""
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def prepare() -> dict[str, dict[str, str]]:
    """Database, static files and contents; the demo accounts if there are any."""
    step("Database", migrate)
    step("Districts, pages and groups", lambda: call_command("setup_site", verbosity=0, stdout=io.StringIO()))
    step("Static files", collect)
    if not settings.DEMO_INSTALLED or text("DEMO", "yes") == "no":
        return {}
    return step("Demo data", demo_accounts)


def start_run(family: Family) -> None:
    """Web server and job runner."""
    family.fork("job runner", lambda: call_command("run_jobs"))
    family.fork("web server", lambda: WebServer().run())


def start_serve(family: Family) -> None:
    """Web server, Celery worker and beat."""
    celery = (str(ROOT / ".venv/bin/celery"), "-A", "cms.celery", "--quiet")
    schedule = str(ROOT / "var" / "celerybeat-schedule")
    family.spawn("job worker", *celery, "worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip")
    family.spawn("beat", *celery, "beat", "--schedule", schedule, "--loglevel", "WARNING")
    family.fork("web server", lambda: WebServer().run())


def check_services() -> None:
    """`serve` without its services would only pretend."""
    for name, example in NEEDED.items():
        text(name, hint=f"make serve runs over services, for example {name}={example}; make run needs none")
    if not text("ELASTICSEARCH_URL", ""):
        say("ELASTICSEARCH_URL is not set: the database engine answers searches.")


def main(mode: str) -> int:
    """Prepare, start, watch."""
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS[mode])
    os.environ.setdefault("DEBUG", "false")
    port = whole_number("PORT", 8000)
    if mode == "serve":
        check_services()
    check_port(port)
    step("Loading", django.setup)
    accounts = prepare()
    family = Family()
    (start_serve if mode == "serve" else start_run)(family)
    introduce(accounts, port)
    return family.watch()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except EnvironmentProblem as problem:
        sys.exit(f"Configuration: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
