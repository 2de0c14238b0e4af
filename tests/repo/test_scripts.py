"""The scripts behind the commands say in one sentence what is wrong."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cms.core.runtime.env import EnvironmentProblem
from scripts import services, start, static_files

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICES = ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL")


@pytest.fixture(autouse=True)
def no_services(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SERVICES:
        monkeypatch.delenv(name, raising=False)


def test_services_names_each_missing_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert services.main() == 1

    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[1] for line in lines] == list(SERVICES)


def test_services_tells_where_nothing_answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in SERVICES:
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert services.main() == 1
    assert capsys.readouterr().err.count("nothing answers there") == 3


def test_check_port_taken_is_one_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        with pytest.raises(EnvironmentProblem, match="is taken; choose another with PORT=8080"):
            start.check_port(other.getsockname()[1])


def test_serve_without_services_points_to_make_run() -> None:
    with pytest.raises(EnvironmentProblem, match=r"DATABASE_URL is not set.*make run needs none"):
        start.check_services()


def test_start_prints_no_traceback_for_a_wrong_environment(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "scripts/start.py", "run"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "PORT": "web"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "Configuration: PORT must be a whole number, not 'web'.\n")


def test_introduce_tells_addresses_and_accounts(capsys: pytest.CaptureFixture[str]) -> None:
    start.introduce({"maternal_child_health": {"username": "fuyou"}}, 8080)

    shown = capsys.readouterr().out
    assert "http://127.0.0.1:8080/" in shown
    assert "maternal child health    username: fuyou" in shown


def test_static_files_are_collected_once(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    settings.STATIC_ROOT = tmp_path
    monkeypatch.setattr(static_files, "call_command", lambda name, **options: calls.append(name))

    static_files.collect()
    static_files.collect()

    assert calls == ["collectstatic"]
