"""An .eml file: MIME, read for its words only. Bounded before it is parsed; attachments are named, never decoded."""

import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from . import markup
from .message import Convoluted, Incoming, NothingToRead, Unreadable, made

LONGEST_HEAD = 4000
MOST_DEPTHS = 60
MOST_SEPARATORS = 5000
MOST_PARTS = 400
# Ten megabytes of attachments are some 140,000 lines.
MOST_LINES = 200_000
_CONTENT_HEADS = re.compile(rb"(?im)^content-[a-z-]{1,40}:[^\n]*(?:\n[ \t][^\n]*)*")
# Text encodings that mails come in; others ("punycode", "unicode_escape") cost time or do more than decode.
_CHARSET = re.compile(
    r"(?:utf-?8|utf-?16(?:le|be)?|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?\d{1,2}|windows-?125\d|cp125\d|cp1250|koi8-[ru]|macintosh|"
    r"iso-2022-jp|gb2312|gbk|gb18030|big5|euc-jp|euc-kr|shift_jis)"
)
FALLBACKS = ("utf-8", "cp1252")


def read(content: bytes) -> Incoming:
    """Read a message in MIME.

    Raises:
        Convoluted, Unreadable, NothingToRead: as their sentences say.
    """
    _check_bounds(content)
    try:
        whole = message_from_bytes(content, policy=policy.compat32)
        texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
        attachments: list[str] = []
        for part in _parts(whole):
            kind = part.get_content_type()
            if kind in texts and not _is_attached(part):
                texts[kind].append(_text(part))
            elif part is not whole or not kind.startswith("text/"):
                attachments.append(_name(part))
        sender_name, sender_address = parseaddr(_head(whole, "From"))
        plain = "\n\n".join(text for text in texts["text/plain"] if text.strip())
        return made(
            plain or "\n\n".join(markup.as_text(text) for text in texts["text/html"]),
            subject=_head(whole, "Subject"),
            sender_name=sender_name,
            sender_address=sender_address,
            attachments=tuple(attachments),
            is_mail=True,
        )
    except NothingToRead:
        raise
    except (
        RecursionError,
        MessageError,
        HeaderParseError,
        ValueError,
        LookupError,
        AttributeError,
        TypeError,
    ) as error:
        # The parser meets bytes no mail program writes; which of these it stumbles over tells nobody anything.
        raise Unreadable from error


def _check_bounds(content: bytes) -> None:
    if content.lower().count(b"boundary") > MOST_DEPTHS or content.count(b"\n--") > MOST_SEPARATORS:
        raise Convoluted
    if content.count(b"\n") > MOST_LINES:
        raise Convoluted
    if any(found.end() - found.start() > LONGEST_HEAD for found in _CONTENT_HEADS.finditer(content)):
        raise Convoluted


def _parts(whole: Message) -> Iterator[Message]:
    """Yield the parts that are no containers; an enclosed mail is one part and is not entered."""
    waiting, seen = [whole], 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > MOST_PARTS:
            raise Convoluted
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting.extend(reversed(inner))  # type: ignore[arg-type]
        else:
            yield part


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return decoded(content, str(part.get_content_charset() or "")) if isinstance(content, bytes) else ""


def decoded(content: bytes, charset: str = "") -> str:
    """Return text in whatever encoding it says, or else looks like; what fits none keeps its gaps visible."""
    names = [charset.lower()] if _CHARSET.fullmatch(charset.lower()) else []
    for name in [*names, *FALLBACKS]:
        try:
            return content.decode(codecs.lookup(name).name)
        except (LookupError, UnicodeError):
            continue
    return content.decode("utf-8", errors="replace")


def _name(part: Message) -> str:
    if part.get_content_type() == "message/rfc822":
        return "weitergeleitete Nachricht"
    try:
        return _worded(part.get_filename() or "")
    except (ValueError, LookupError):
        return ""


def _head(message: Message, name: str) -> str:
    return _worded(str(message.get(name, ""))[:LONGEST_HEAD])


def _worded(raw: str) -> str:
    raw = raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        pieces = decode_header(raw)
        known = [
            (text, name if name and _CHARSET.fullmatch(name.lower()) else None if name is None else "utf-8")
            for text, name in pieces
        ]
        return str(make_header(known))
    except (HeaderParseError, UnicodeError, LookupError, ValueError):
        return raw
