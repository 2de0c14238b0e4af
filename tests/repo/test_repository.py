"""Rules about the repository itself: layers, migrations, what no file may say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent.parent
#: Where migrations have landed: they stay there.
LANDED = {
    "cms/accounts/migrations",
    "cms/core/migrations",
    "cms/demo/migrations",
    "cms/media/migrations",
    "cms/pages/migrations",
    "directory/register/migrations",
    "booking/places/migrations",
    "parenting/classes/migrations",
}
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|root|home)/[\w.]")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\n") if name and (ROOT / name).is_file()]


def test_imports_follow_the_layers() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-2000:]


def test_layers_have_no_exceptions() -> None:
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text().replace("tests", "")


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_file_names_a_path_of_one_machine() -> None:
    own = Path(__file__).resolve()
    guilty = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path != own
        and path.suffix in {".py", ".md", ".toml", ".yaml", ".html", ".txt", ".css", ".js", ""}
        and MACHINE_PATHS.search(path.read_text(errors="ignore"))
    ]

    assert guilty == []


def test_migrations_are_one_line_of_history() -> None:
    streams = {
        str(path.parent.relative_to(ROOT)): [each.name[:4] for each in sorted(path.parent.glob("[0-9]*.py"))]
        for path in tracked()
        if path.parent.name == "migrations" and path.name == "__init__.py"
    }

    assert streams.keys() >= LANDED
    assert [name for name, numbers in streams.items() if len(numbers) != len(set(numbers))] == []


def test_documents_that_are_named_are_in_the_repository() -> None:
    """Tests may name documents of their own making."""
    files = [path for path in tracked() if path.suffix in {".py", ".md", ".html", ".css", ".js"}]
    known = {path.name for path in files}
    own = [path for path in files if path.relative_to(ROOT).parts[0] != "tests"]
    named = {(path.name, name) for path in own for name in re.findall(r"[\w-]+\.md\b", path.read_text())}

    assert sorted((path, name) for path, name in named if name not in known) == []
