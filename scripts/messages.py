"""Compile the overriding translations of `locale/`; with `--check`, only tell which are out of date."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compiled(source: Path) -> bytes:
    """What msgfmt makes of the file; it complains itself about a malformed one."""
    msgfmt = shutil.which("msgfmt")
    if msgfmt is None:
        sys.exit("messages: msgfmt is missing: install it with 'apt-get install gettext'.")
    return subprocess.run(  # noqa: S603  # fixed program, our own file
        [msgfmt, "--check-format", "--output-file=-", str(source)], check=True, capture_output=True
    ).stdout


def main(only_check: bool) -> int:
    """Zero if every catalogue is up to date afterwards."""
    stale = []
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        fresh = compiled(source)
        if target.exists() and target.read_bytes() == fresh:
            continue
        stale.append(str(source.relative_to(LOCALE.parent)))
        if not only_check:
            target.write_bytes(fresh)
    if only_check and stale:
        sys.stderr.write(f"messages: run `make messages`, out of date: {', '.join(stale)}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
