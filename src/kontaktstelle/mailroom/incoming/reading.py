"""Which kind of file it is, and who reads it. What a file is called says little; how it begins counts first."""

import re

from . import mime, outlook
from .message import Incoming, TooLarge, Unreadable, made

LARGEST = 10_000_000
_HEADS = re.compile(rb"\s*(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]*\r?\n)")
# Begins like something that is no text: archives, PDF, pictures, programs.
_NO_TEXT = (
    b"PK",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8",
    b"GIF8",
    b"MZ",
    b"\x7fELF",
    b"7z\xbc",
    b"Rar!",
    b"\x1f\x8b",
    b"{\\rtf",
)


def read(name: str, content: bytes) -> Incoming:
    """Read a file that holds one message.

    Args:
        name: what the file is called; only its ending is looked at.
        content: its bytes, at most `LARGEST`.

    Raises:
        TooLarge, Unreadable, Convoluted, NothingToRead: as their sentences say.
    """
    if len(content) > LARGEST:
        raise TooLarge
    if content.startswith(outlook.SIGNATURE):
        return outlook.read(content)
    if content.startswith(_NO_TEXT):
        raise Unreadable
    ending = name.lower().rpartition(".")[2]
    if ending == "eml" or (ending != "txt" and _HEADS.match(content[:2000])):
        return mime.read(content)
    if ending == "msg" or b"\x00" in content[:4000].removeprefix(b"\xff\xfe"):
        raise Unreadable
    return made(mime.decoded(content.removeprefix(b"\xef\xbb\xbf")))
