"""Secrets of a local site are made once."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from cms.core.security.local_secrets import local_secrets, new_encryption_key


def test_local_secrets_are_kept_and_private(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secrets.json"

    first, second = local_secrets(path), local_secrets(path)

    assert first == second
    assert path.stat().st_mode & 0o077 == 0
    assert [entry.name for entry in path.parent.iterdir()] == ["secrets.json"]


def test_local_secrets_differ_by_site(tmp_path: Path) -> None:
    assert local_secrets(tmp_path / "a.json") != local_secrets(tmp_path / "b.json")


def test_secrets_are_long_enough(tmp_path: Path) -> None:
    made = local_secrets(tmp_path / "a.json")

    assert len(made["SECRET_KEY"]) == 64
    assert len(base64.urlsafe_b64decode(made["FIELD_ENCRYPTION_KEYS"])) == 32
    assert len(base64.urlsafe_b64decode(new_encryption_key())) == 32


def test_first_of_two_starts_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    others = local_secrets(tmp_path / "b.json")

    def late(source: Path, target: Path) -> None:
        target.write_text(json.dumps(others))
        raise FileExistsError

    monkeypatch.setattr("cms.core.security.local_secrets.os.link", late)

    assert local_secrets(path) == others
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.json", "b.json"]
