"""Each command is defined once, in the Makefile, and everything else calls it by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
TARGETS = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
CONTRACT = {
    "run", "serve", "test", "journeys", "test-services", "check", "bench", "bench-large", "mutants", "fix", "help",
}  # fmt: skip
MENTIONS = ["README.md", "CONTRIBUTING.md", "docs/testing.md", ".pre-commit-config.yaml"]


def test_makefile_has_every_command_of_the_contract() -> None:
    assert set() == CONTRACT - TARGETS


@pytest.mark.parametrize("name", MENTIONS)
def test_commands_named_in_texts_exist(name: str) -> None:
    mentioned = set(re.findall(r"`?make ([a-z][a-z-]+)", (ROOT / name).read_text()))

    assert mentioned - TARGETS == set()


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 80


def test_ci_runs_the_targets_of_the_contract() -> None:
    loop = re.search(r"for target in (.+); do", (ROOT / ".ci/run").read_text())

    assert loop is not None
    assert loop[1].split() == ["check", "test", "journeys", "test-services"]


def test_hooks_call_make_only() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]

    assert [hook["entry"] for hook in hooks if not hook["entry"].startswith("make ")] == []


def test_compose_and_lock_name_the_same_elasticsearch_series() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    image = services["elasticsearch"]["image"].partition(":")[2]
    client = re.search(r"^elasticsearch==(\S+)", (ROOT / "requirements/runtime.txt").read_text(), re.MULTILINE)

    assert client is not None
    assert image.rsplit(".", 1)[0] == client[1].rsplit(".", 1)[0]


def test_compose_holds_no_secret() -> None:
    text = (ROOT / "compose.yaml").read_text()

    assert re.findall(r"(?im)^\s*\w*(?:password|secret|key)\w*:\s*[^\s$]", text) == []


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt"])
def test_lock_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()

    assert "://" not in text
    assert text.count("==") <= text.count("--hash=sha256:")


def test_development_lock_holds_the_runtime_lock() -> None:
    runtime, dev = (
        set(re.findall(r"^(\S+==\S+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("runtime.txt", "dev.txt")
    )

    assert runtime - dev == set()


def test_adr_numbers_are_used_once() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")]

    assert len(numbers) == len(set(numbers))
