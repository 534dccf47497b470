"""Static files: hashed, compressed with brotli, kept by browsers for a year; served from their sources before that.

A fresh checkout and the tests never ran `collectstatic`: then files keep their plain names and come from the apps.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

_IMPORT = re.compile(r'@import url\("([^"]+)"\);\n?')


class CompressedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with a hash once files are collected, plain names until then."""

    manifest_strict = False

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Put imported stylesheets in place of their `@import`, so that one request fetches both; then name and compress."""
        if not dry_run:
            for name in [name for name in paths if name.endswith(".css")]:
                paths[name] = self._in_one_piece(name, paths[name])
        yield from super().post_process(paths, dry_run, **options)

    def _in_one_piece(self, name: str, found: tuple[Any, str]) -> tuple[Any, str]:
        storage, path = found
        with storage.open(path) as file:
            sheet = file.read().decode()
        if not _IMPORT.search(sheet):
            return found

        def imported(match: re.Match[str]) -> str:
            with storage.open(str(Path(path).with_name(match[1]))) as file:
                return str(file.read().decode())

        Path(self.path(name)).write_text(_IMPORT.sub(imported, sheet), encoding="utf-8")
        return self, name

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """Return the name with its hash, or the plain name of a file that was not collected."""
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            return name


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise that serves from the apps where nothing was collected."""

    def __init__(self, get_response: Any = None, settings: Any = settings) -> None:
        """Decide once, at the start, where files come from."""
        self.collected = Path(settings.STATIC_ROOT).is_dir()
        super().__init__(get_response, settings)
        if not self.collected:
            self.add_files_from_finders()

    def add_files(self, root: str, prefix: str | None = None) -> None:
        """Take the files of a folder that is there; WhiteNoise would warn of one that is not."""
        if self.collected:
            super().add_files(root, prefix)
