"""Health check of a container: exit code 0 if the address answers 200."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit


def main(address: str) -> int:
    """Ask once, under the name the site answers to."""
    host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip()
    request = urllib.request.Request(address, headers={"Host": host})  # noqa: S310  # our own address
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310  # our own address
            return answer.status != 200
    except (urllib.error.URLError, OSError):
        sys.stderr.write(f"{urlsplit(address).path} does not answer\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
