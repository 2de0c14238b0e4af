"""Static files of production: hashed names, compressed, and the style sheet's parts put into one file.

`docs/adr/0010-one-style-sheet-without-a-build.md` says why.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLES = ("css/site.css",)
IMPORT = re.compile(r'^@import url\("([^"]+)"\);$', re.MULTILINE)
RELATIVE_URL = re.compile(r'url\("(\.{1,2}/[^"]+)"\)')
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


class BundlingStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Replaces the `@import` lines of each bundle by what they name, then hashes and compresses as usual.

    In development nothing is collected and the browser follows the same `@import` lines itself.
    """

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Called by collectstatic with every found file, changed or not."""
        if not dry_run:
            for name in BUNDLES:
                if name in paths:
                    self._write_bundle(name, paths)
        yield from super().post_process(paths, dry_run, **options)

    def _write_bundle(self, name: str, paths: dict[str, Any]) -> None:
        text = _join(name, paths)
        self.delete(name)
        self.save(name, ContentFile(text.encode()))
        # From here on the collected file is the source, not the one with the imports.
        paths[name] = (self, name)


def _join(name: str, paths: dict[str, Any]) -> str:
    """The text of a bundle with every import replaced, its pictures still found from its own folder."""
    folder = posixpath.dirname(name)

    def put(match: re.Match[str]) -> str:
        part = posixpath.normpath(posixpath.join(folder, match.group(1)))
        part_folder = posixpath.dirname(part)
        return RELATIVE_URL.sub(
            lambda found: f'url("{posixpath.relpath(posixpath.join(part_folder, found.group(1)), folder)}")',
            _read(part, paths),
        )

    return COMMENT.sub("", IMPORT.sub(put, _read(name, paths)))


def _read(name: str, paths: dict[str, Any]) -> str:
    storage, path = paths[name]
    with storage.open(path) as source:
        text: str = source.read().decode()
    return text
