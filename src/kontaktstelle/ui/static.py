"""Static files: hashed, compressed with brotli, kept by browsers for a year; served from their sources before that.

A fresh checkout and the tests never ran `collectstatic`: then files keep their plain names and come from the apps.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class CompressedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with a hash once files are collected, plain names until then."""

    manifest_strict = False

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
