"""Secrets of a local site are made once."""

from __future__ import annotations

from pathlib import Path

from cms.core.security.local_secrets import local_secrets


def test_local_secrets_are_kept_and_private(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secrets.json"

    first, second = local_secrets(path), local_secrets(path)

    assert first == second
    assert path.stat().st_mode & 0o077 == 0
    assert [entry.name for entry in path.parent.iterdir()] == ["secrets.json"]


def test_local_secrets_differ_by_site(tmp_path: Path) -> None:
    assert local_secrets(tmp_path / "a.json") != local_secrets(tmp_path / "b.json")
