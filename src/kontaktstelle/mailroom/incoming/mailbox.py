"""A mailbox of the office, read over IMAP: list what waits, open one message, mark it once somebody took it in.

Off unless `KONTAKTSTELLE_IMAP_URL` names a server: `imaps://user:word@host:993/INBOX` (TLS from the start) or
`imap://user:word@host:143/INBOX` (STARTTLS, demanded). Listing and opening change nothing there, not even "read". What was
taken in is marked as read and, if `KONTAKTSTELLE_IMAP_DONE` names a folder, lies there; nothing is ever deleted.
"""

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from kontaktstelle.refusal import StepRefused

from .message import TooLarge
from .reading import LARGEST

SECONDS_TO_ANSWER = 8
DEFAULT_PORTS = {"imaps": 993, "imap": 143}
MOST_LISTED = 50
WAITING = "UNSEEN UNDELETED"
READ = r"\Seen"
_KEY = re.compile(r"([1-9]\d{0,9})-([1-9]\d{0,9})")
_UID = re.compile(rb"\bUID (\d+)")
_ARRIVED = re.compile(rb'\bINTERNALDATE "([^"]{10,40})"')
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_FLAGS = re.compile(rb"\bFLAGS \(([^)]*)\)")


class MailboxAway(StepRefused):
    """The server does not answer, is not to be trusted, or does not let us in."""

    sentence = "Das Postfach antwortet gerade nicht. Es geht nichts verloren; bitte versuchen Sie es später noch einmal."


class AlreadyTaken(StepRefused):
    """Somebody else took the message in, read it in the mail program, or moved it."""

    sentence = "Diese Nachricht hat inzwischen jemand anderes übernommen. Wenn Sie trotzdem speichern, zählt sie zweimal."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits: its number in the mailbox and when it came, nothing of what it says or who sent it."""

    key: str
    arrived_at: datetime


def is_set_up() -> bool:
    """Say whether a mailbox is read at all."""
    return bool(settings.IMAP_URL)


def waiting() -> list[Waiting]:
    """Return what waits, the newest first, at most `MOST_LISTED`. Nothing changes in the mailbox.

    Raises:
        MailboxAway: as its sentence says.
    """
    with _opened(readonly=True) as box:
        found = box.numbers()[-MOST_LISTED:]
        rows = box.fetched(",".join(found), "(INTERNALDATE)") if found else []
        listed = [
            Waiting(f"{box.validity}-{int(uid[1])}", _moment(arrived[1]))
            for row in rows
            if (uid := _UID.search(row)) and (arrived := _ARRIVED.search(row))
        ]
    return sorted(listed, key=lambda each: each.arrived_at, reverse=True)


def content_of(key: str) -> bytes:
    """Return a waiting message as it lies in the mailbox; it stays unread there.

    Raises:
        AlreadyTaken, MailboxAway, message.TooLarge: as their sentences say.
    """
    with _opened(readonly=True) as box:
        uid = box.still_waiting(key)
        size = _SIZE.search(b" ".join(box.fetched(uid, "(RFC822.SIZE)")))
        if size and int(size[1]) > LARGEST:
            raise TooLarge
        return box.literal(uid, f"(BODY.PEEK[]<0.{LARGEST + 1}>)")


def check_waits(key: str) -> None:
    """Refuse a message that does not wait any more.

    Raises:
        AlreadyTaken, MailboxAway: as their sentences say.
    """
    with _opened(readonly=True) as box:
        box.still_waiting(key)


def take_in(key: str) -> None:
    """Mark a message as read and lay it into the folder for what is done, if there is one.

    Raises:
        AlreadyTaken, MailboxAway: as their sentences say.
    """
    with _opened(readonly=False) as box:
        uid = box.still_waiting(key)
        box.command("STORE", uid, "+FLAGS.SILENT", f"({READ})")
        if settings.IMAP_DONE:
            box.lay_aside(uid, settings.IMAP_DONE)


class _Box:
    """One connection with the mailbox selected."""

    def __init__(self, line: imaplib.IMAP4, *, readonly: bool) -> None:
        self.line = line
        name = unquote(urlsplit(settings.IMAP_URL).path.lstrip("/")) or "INBOX"
        self._check(line.select(mailbox_name(name), readonly=readonly))
        self.validity = int(line.response("UIDVALIDITY")[1][0] or b"1")

    def command(self, *words: str) -> list[Any]:
        return self._check(self.line.uid(*words))

    def numbers(self) -> list[str]:
        answer = self.command("SEARCH", *WAITING.split())
        return [number.decode() for number in (answer[0] or b"").split() if number.isdigit()]

    def fetched(self, uids: str, what: str) -> list[bytes]:
        rows = self.command("FETCH", uids, what)
        return [row[0] if isinstance(row, tuple) else row for row in rows if row]

    def literal(self, uid: str, what: str) -> bytes:
        found = [row[1] for row in self.command("FETCH", uid, what) if isinstance(row, tuple)]
        if not found:
            raise AlreadyTaken
        return bytes(found[0])

    def still_waiting(self, key: str) -> str:
        match = _KEY.fullmatch(key)
        if match is None or int(match[1]) != self.validity:
            raise AlreadyTaken
        flags = _FLAGS.search(b" ".join(self.fetched(match[2], "(FLAGS)")))
        if flags is None or {b"\\seen", b"\\deleted"} & set(flags[1].lower().split()):
            raise AlreadyTaken
        return match[2]

    def lay_aside(self, uid: str, folder: str) -> None:
        """Move where the server can; else copy: then the message stays here, too, marked as read."""
        how = "MOVE" if "MOVE" in self.line.capabilities else "COPY"
        name = mailbox_name(folder)
        kind, _ = self.line.uid(how, uid, name)
        if kind != "OK" and self.line.create(name)[0] == "OK":
            self.line.uid(how, uid, name)

    def _check(self, answer: tuple[str, list[Any]]) -> list[Any]:
        if answer[0] != "OK":
            raise MailboxAway
        return answer[1]


@contextmanager
def _opened(*, readonly: bool) -> Iterator[_Box]:
    line: imaplib.IMAP4 | None = None
    try:
        line = _signed_in()
        yield _Box(line, readonly=readonly)
    except (OSError, imaplib.IMAP4.error, ValueError) as error:
        # What the server says may repeat an account or an address; nothing of it is kept.
        raise MailboxAway from error
    finally:
        if line is not None:
            _leave(line)


def _signed_in() -> imaplib.IMAP4:
    parts = urlsplit(settings.IMAP_URL)
    host, port = parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme]
    context = ssl.create_default_context(cafile=settings.IMAP_CA or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    line: imaplib.IMAP4
    if parts.scheme == "imaps":
        line = imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=SECONDS_TO_ANSWER)
    else:
        line = imaplib.IMAP4(host, port, timeout=SECONDS_TO_ANSWER)
        try:
            line.starttls(context)
        except BaseException:
            _leave(line)
            raise
    try:
        line.login(unquote(parts.username or ""), unquote(parts.password or ""))
    except BaseException:
        _leave(line)
        raise
    return line


def _leave(line: imaplib.IMAP4) -> None:
    try:
        line.logout()
    except (OSError, imaplib.IMAP4.error):
        line.shutdown()


def _moment(text: bytes) -> datetime:
    arrived = parsedate_to_datetime(text.decode("ascii").strip().replace("-", " ", 2))
    return arrived if arrived.tzinfo else arrived.replace(tzinfo=UTC)


def mailbox_name(name: str) -> str:
    """Return a folder's name as IMAP writes it: quoted, in its own form of UTF-7."""
    out: list[str] = []
    for run in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name):
        if run.isascii() and run.isprintable():
            out.append(run.replace("&", "&-"))
        else:
            coded = base64.b64encode(run.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
            out.append(f"&{coded}-")
    return '"' + "".join(out).replace("\\", "\\\\").replace('"', '\\"') + '"'


def check_settings() -> None:
    """Refuse to start with an address of a mailbox that is none; never repeats it, for it holds a password.

    Raises:
        ImproperlyConfigured: with a German sentence.
    """
    if not settings.IMAP_URL:
        return
    try:
        parts = urlsplit(settings.IMAP_URL)
        good = parts.scheme in DEFAULT_PORTS and bool(parts.hostname and parts.username) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise ImproperlyConfigured(
            "KONTAKTSTELLE_IMAP_URL ist keine Adresse eines Postfachs. Richtig ist "
            "imaps://benutzer:kennwort@mail.example.org:993/INBOX oder imap://benutzer:kennwort@mail.example.org:143/INBOX; "
            "Sonderzeichen im Kennwort als %-Zeichen (z. B. %40 für @)."
        )
