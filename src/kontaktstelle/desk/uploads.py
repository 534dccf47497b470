"""Files that are uploaded stay in memory, for one request, and never lie on a disk: a mail is somebody's confidence."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from kontaktstelle.groups.uploads import MOST_BYTES
from kontaktstelle.mailroom.incoming.reading import LARGEST


class OnlyInMemory(FileUploadHandler):
    """Keeps what one request uploads, all its files together at most one byte more than the largest we read.

    That one byte tells whoever reads the file that it was larger; the rest is let go while it arrives.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.room = max(LARGEST, MOST_BYTES) + 1

    def new_file(self, *arguments: Any, **named: Any) -> None:
        """Begin a file."""
        super().new_file(*arguments, **named)
        self.kept = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's signature
        """Keep a piece, as long as there is room."""
        self.kept.write(raw_data[: self.room])
        self.room -= min(len(raw_data), self.room)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:  # noqa: ARG002 - Django's signature
        """Return the file."""
        size = self.kept.tell()
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept,
            self.field_name,
            self.file_name,
            self.content_type or "",
            size,
            self.charset,
            self.content_type_extra,
        )
