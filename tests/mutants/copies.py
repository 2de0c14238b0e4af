"""Copies of the tree to work in, so that the tree itself is never touched, and pytest inside them."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PLUGIN = Path(__file__).with_name("plugin.py")
TEMPLATES = ".pytest_cache/databases"
#: Another database or address would decide what is tested.
NOT_HANDED_ON = {
    "DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL", "DJANGO_SETTINGS_MODULE", "TEST_DB_SUFFIX",
    "PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST",
    "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID",
}  # fmt: skip


def listed_files(root: Path) -> list[str]:
    """Files of the tree that git does not ignore, new ones too, sorted."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return sorted({name for name in done.stdout.split("\0") if name and (root / name).is_file()})


class Copy:
    """The tree in a folder of its own, with a repository around it since tests look for one."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[str] | None = None
        for name in listed_files(root):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, folder / name)
        if (root / ".venv").exists() and not (folder / ".venv").exists():
            (folder / ".venv").symlink_to((root / ".venv").resolve())
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
        (folder / ".git/info/exclude").write_text(".venv\n")
        subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
        self.take_templates(root)
        self._plugins = folder.parent / f"{folder.name}-plugins"
        self._plugins.mkdir()
        shutil.copy2(PLUGIN, self._plugins / "mutants_plugin.py")

    def take_templates(self, other: Path) -> None:
        """Migrated databases that stand there already."""
        (self.folder / TEMPLATES).mkdir(parents=True, exist_ok=True)
        for template in (other / TEMPLATES).glob("template_*.sqlite3"):
            if not (self.folder / TEMPLATES / template.name).exists():
                shutil.copy2(template, self.folder / TEMPLATES)

    def pytest(self, *arguments: str, timeout: float, **environment: str) -> tuple[int, str]:
        """Exit code (negative: ended by a signal, -9 also when the time is up) and what it said."""
        handed_on = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
        process = self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "mutants_plugin",
                "-p",
                "xdist",
                "-p",
                "no:randomly",
                *arguments,
            ],
            cwd=self.folder,
            env={**handed_on, "PYTHONPATH": str(self._plugins), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            said = "time is up"
        finally:
            self.stop()
        return process.returncode, said

    def stop(self) -> None:
        """End what runs here, and whatever that has started."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @contextlib.contextmanager
    def changed(self, name: str, text: str) -> Iterator[None]:
        """One file with another text, and no compiled file that might be taken for it."""
        path = self.folder / name
        original = path.read_text()
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
            compiled.unlink()
        path.write_text(text)
        try:
            yield
        finally:
            path.write_text(original)
