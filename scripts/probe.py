"""Health check of a container: exit code 0 if the address answers 200."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit


def main(address: str) -> int:
    """Ask once, under the name the site answers to."""
    request = urllib.request.Request(address, headers={"X-Forwarded-Proto": "https"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
            return answer.status != 200
    except (urllib.error.URLError, OSError):
        sys.stderr.write(f"{urlsplit(address).path} does not answer\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
