"""Collect static files only when one of them has changed since the last time."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = "collected"


def digest() -> str:
    """A word that changes with any static file's name, size or time."""
    state = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            state.update(f"{name} {stat.st_size} {stat.st_mtime_ns}".encode())
    return state.hexdigest()


def collect() -> None:
    """Collect, name by contents and compress, unless the last collection still holds."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / STAMP
    wanted = digest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(wanted)
