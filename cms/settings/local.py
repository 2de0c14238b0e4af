"""What the settings for a person's own machine share: generated secrets, a loopback address, sample words."""

from __future__ import annotations

import os
from pathlib import Path

from cms.core.runtime import env
from cms.core.security.local_secrets import local_secrets

from .base import BASE_DIR

#: For the demo; each name in it is marked as a sample.
SAMPLE_OWNER_WORDS = str(BASE_DIR / "cms/demo/data/owner_words.toml")


def secrets_of(var_dir: Path) -> tuple[str, list[str]]:
    """Secret key and encryption keys: the environment's, else those generated once under `var_dir`."""
    given = {"SECRET_KEY", "FIELD_ENCRYPTION_KEYS"} <= os.environ.keys()
    made = {} if given else local_secrets(var_dir / "local-secrets.json")
    secret_key = env.text("SECRET_KEY", made.get("SECRET_KEY"))
    ring = made.get("FIELD_ENCRYPTION_KEYS")
    return secret_key, env.encryption_keys(default=ring.split(",") if ring else None)


def own_address() -> str:
    """The address of a site on this machine, at the port that `make run` and `make serve` take."""
    return f"http://127.0.0.1:{env.whole_number('PORT', 8000)}"
