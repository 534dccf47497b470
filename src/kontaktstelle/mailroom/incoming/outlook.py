"""An .msg file of Outlook: a compound file, of which only the few streams with words are opened (MS-OXMSG).

Attachments lie in storages of their own: their names are read, their contents never. Formatted text in compressed RTF
is not unpacked; Outlook keeps the plain words beside it.
"""

import io
from typing import Any

from . import markup, mime
from .message import Convoluted, Incoming, NothingToRead, Unreadable, made

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LONGEST_STREAM = 1_000_000
MOST_ENTRIES = 4000
UNICODE, BYTES, BINARY = "001F", "001E", "0102"
BODY, HTML, SUBJECT = "1000", "1013", "0037"
SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP, LONG_NAME, SHORT_NAME = "0C1A", "0C1F", "5D01", "3707", "3704"
_FIELD = "__substg1.0_"
_ATTACHED = "__attach_version1.0_"


def read(content: bytes) -> Incoming:
    """Read a message as Outlook saves it.

    Raises:
        Convoluted, Unreadable, NothingToRead: as their sentences say.
    """
    # Only whoever brings such a file needs what reads it.
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(content), raise_defects=olefile.DEFECT_INCORRECT) as file:
            return _read(file)
    except (NothingToRead, Convoluted):
        raise
    except (
        OSError,
        RecursionError,
        MemoryError,
        ValueError,
        LookupError,
        AttributeError,
        TypeError,
        ArithmeticError,
    ) as error:
        # struct.error is a ValueError's neighbour: whatever a broken file makes the reader stumble over ends here.
        raise Unreadable from error
    except Exception as error:
        raise Unreadable from error


def _read(file: Any) -> Incoming:
    entries = file.listdir(streams=True, storages=True)
    if len(entries) > MOST_ENTRIES:
        raise Convoluted
    names = {path[0] for path in entries}
    if not any(name.startswith(("__properties_version1.0", _FIELD)) for name in names):
        raise Unreadable
    html = _stream(file, HTML + BINARY)
    text = _words(file, BODY) or (markup.as_text(mime.decoded(html)) if html else "")
    return made(
        text,
        subject=_words(file, SUBJECT),
        sender_name=_words(file, SENDER_NAME),
        sender_address=_words(file, SENDER_SMTP) or _words(file, SENDER_ADDRESS),
        attachments=tuple(
            _words(file, LONG_NAME, name) or _words(file, SHORT_NAME, name)
            for name in sorted(names)
            if name.startswith(_ATTACHED)
        ),
        is_mail=True,
    )


def _words(file: Any, field: str, storage: str = "") -> str:
    content = _stream(file, field + UNICODE, storage)
    if content is not None:
        return content.decode("utf-16-le", errors="replace")
    return mime.decoded(_stream(file, field + BYTES, storage) or b"")


def _stream(file: Any, field: str, storage: str = "") -> bytes | None:
    path = [part for part in (storage, _FIELD + field) if part]
    if not file.exists(path) or file.get_type(path) != 2 or file.get_size(path) > LONGEST_STREAM * 20:  # noqa: PLR2004 - 2 is a stream
        return None
    content: bytes = file.openstream(path).read(LONGEST_STREAM)
    return content
