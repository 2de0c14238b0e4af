"""Secrets of a site that runs on a developer's machine: made once, kept in a file that git ignores."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path


def new_encryption_key() -> str:
    """A fresh key for `FIELD_ENCRYPTION_KEYS`: url-safe base64 of 32 random bytes."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def local_secrets(path: Path) -> dict[str, str]:
    """`SECRET_KEY` and `FIELD_ENCRYPTION_KEYS` from the file, which is written first if it is absent.

    Two processes may start at once: the file is linked into place whole, and the first one wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = {"SECRET_KEY": secrets.token_urlsafe(48), "FIELD_ENCRYPTION_KEYS": new_encryption_key()}
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made))
        try:
            os.link(draft, path)
        except FileExistsError:
            made = json.loads(path.read_text())
        finally:
            draft.unlink()
        return made
    return json.loads(path.read_text())
