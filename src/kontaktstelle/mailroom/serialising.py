"""The bytes of a mail: written line by line from a fixed set of headers, then read again and compared.

Nothing is taken from the standard library's writer (Python 3.11 before .15 lets a foreign subject add headers, and
folds a comma of a name into a second recipient). What was written is parsed anew by other code, and unless it says
exactly what was meant – these headers, this one recipient, this text – it does not leave.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.parser import BytesParser
from email.utils import format_datetime, getaddresses

from .addresses import AddressRefused, MailAddress, has_controls, one_line

# The order in which they stand; nothing else may, and each exactly once.
HEADERS = (
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding", "Auto-Submitted", "X-Auto-Response-Suppress",
)  # fmt: skip
LONGEST_LINE = 998
# An encoded word may have 75 characters; 42 bytes become 56 and leave room for `=?utf-8?b?…?=`.
_WORD_BYTES = 42
_HEADER_LINE = re.compile(rb"([A-Za-z-]+): [\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_FOLDED_LINE = re.compile(rb" [\x21-\x7e][\x20-\x7e]*")


class BytesRefused(Exception):  # noqa: N818 - the message must not leave
    """What was written is not exactly what was meant."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it is meant.

    Attributes:
        number: by which its Message-ID is always the same, however often it is sent.
        to: its one recipient.
        origin: the address it comes from, also of the envelope.
        name: the office's.
        reply_to: the office's address.
        subject: one line.
        text: its lines.
        on: its date; told to the minute, in UTC.
    """

    number: str
    to: MailAddress = field(repr=False)
    origin: MailAddress
    name: str
    reply_to: MailAddress
    subject: str
    text: str = field(repr=False)
    on: datetime

    @property
    def message_id(self) -> str:
        """The Message-ID, with angle brackets."""
        return f"<{self.number}@{self.origin.text.rpartition('@')[2]}>"

    def as_bytes(self) -> bytes:
        """Return the mail as it goes over the line, read again and found to be what was meant.

        Raises:
            BytesRefused: it says anything else; it must not be sent.
        """
        for line in (self.number, self.name, self.subject):
            if has_controls(line) or line != one_line(line) or not line:
                raise BytesRefused("A header would be empty, more than one line, or read differently.")
        values = {
            "From": f"{_phrase(self.name)} <{self.origin.text}>",
            "To": self.to.text,
            "Reply-To": self.reply_to.text,
            "Subject": self.subject if _is_plain(self.subject) else _encoded(self.subject),
            "Date": format_datetime(self.on.astimezone(UTC).replace(second=0, microsecond=0)),
            "Message-ID": self.message_id,
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": "quoted-printable",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        }
        head = "".join(f"{name}: {values[name]}\r\n" for name in HEADERS)
        body = binascii.b2a_qp(self.text.encode(), istext=True).replace(b"\n", b"\r\n")
        whole = head.encode("ascii") + b"\r\n" + body + b"\r\n"
        check(whole, self)
        return whole


def check(whole: bytes, meant: Mail) -> None:
    """Read a mail again and compare it with what was meant.

    Raises:
        BytesRefused: a header more or less, another recipient or sender, another text, a line SMTP does not know.
    """
    if re.search(rb"(?<!\r)\n|\r(?!\n)|\0", whole) or any(
        len(line) > LONGEST_LINE for line in whole.split(b"\r\n")
    ):
        raise BytesRefused("Lines do not end as SMTP wants them.")
    head, blank, _ = whole.partition(b"\r\n\r\n")
    if not blank or _names(head) != list(HEADERS):
        raise BytesRefused("The headers are not those that are allowed.")
    read = BytesParser(policy=policy.default.clone(raise_on_defect=False)).parsebytes(whole)
    for name, address in (("From", meant.origin), ("To", meant.to), ("Reply-To", meant.reply_to)):
        header = read[name]
        found = [each.addr_spec for each in header.addresses]
        by_the_old_parser = [each for _, each in getaddresses([_raw(whole, name)])]
        if found != [address.text] or by_the_old_parser != [address.text] or header.defects:
            raise BytesRefused("It would not go to exactly one recipient, or not come from the office.")
        try:
            MailAddress(found[0])
        except AddressRefused as error:
            raise BytesRefused("An address is none.") from error
    # The old parser: the new one of Python 3.11 puts spaces between the encoded words of a name.
    said = str(make_header(decode_header(getaddresses([_raw(whole, "From")])[0][0])))
    if said != meant.name or str(read["Subject"]) != meant.subject:
        raise BytesRefused("Name or subject read differently.")
    if read.is_multipart() or read.get_content_type() != "text/plain":
        raise BytesRefused("Only plain text leaves.")
    if read.get_content().rstrip("\r\n").replace("\r\n", "\n") != meant.text.rstrip("\n"):
        raise BytesRefused("The text reads differently.")


def _names(head: bytes) -> list[str]:
    names: list[str] = []
    for line in head.split(b"\r\n"):
        if match := _HEADER_LINE.fullmatch(line):
            names.append(match[1].decode("ascii"))
        elif not names or not _FOLDED_LINE.fullmatch(line):
            raise BytesRefused("A line of the head is no header.")
    return names


def _raw(whole: bytes, name: str) -> str:
    found = re.search(rb"^" + name.encode() + rb": ([^\r\n]*(?:\r\n [^\r\n]*)*)", whole, re.MULTILINE)
    return found[1].replace(b"\r\n", b"").decode("ascii") if found else ""


def _is_plain(text: str) -> bool:
    # `=?` would be read as an encoded word by whoever receives it.
    return text.isascii() and "=?" not in text


def _phrase(name: str) -> str:
    if not _is_plain(name):
        return _encoded(name)
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _encoded(text: str) -> str:
    """Return RFC 2047 words; no letter is cut in two."""
    words, word = [], b""
    for letter in text:
        if len(word + letter.encode()) > _WORD_BYTES:
            words.append(word)
            word = b""
        word += letter.encode()
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(each).decode()}?=" for each in [*words, word])
