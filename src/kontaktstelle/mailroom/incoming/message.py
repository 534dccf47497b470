"""What a message that came in is, once it was read: plain words. And how reading one can be refused."""

import re
from dataclasses import dataclass

from kontaktstelle.refusal import StepRefused

LONGEST_TEXT = 20_000
LONGEST_LINE = 200
MOST_NAMED = 20
# What no screen shows and what turns the direction of writing: nothing may look other than it is.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_MANY_EMPTY = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")
_QUOTED_FROM = re.compile(
    r"^(?:-{2,} ?(?:Ursprüngliche Nachricht|Original Message|Weitergeleitete Nachricht).*|Am .{4,120} schrieb .{0,120}:|On .{4,120} wrote:|-- ?)$",
    re.IGNORECASE,
)
_HEAD_OF_A_MAIL = re.compile(r"^(?:Von|From): .+$", re.MULTILINE | re.IGNORECASE)
_SUBJECT_OF_A_MAIL = re.compile(r"^(?:Betreff|Subject): ?(.*)$", re.MULTILINE | re.IGNORECASE)


class Unreadable(StepRefused):
    """The file is none of those we read, or broken."""

    sentence = "Diese Datei können wir nicht lesen. Bitte öffnen Sie die Nachricht und kopieren Sie ihren Text hierher."


class TooLarge(StepRefused):
    """More than a message with words needs."""

    sentence = "Diese Datei ist größer als 10 MB. Bitte öffnen Sie die Nachricht und kopieren Sie nur ihren Text hierher."


class Convoluted(StepRefused):
    """So many parts within parts that no person wrote it."""

    sentence = "Diese Nachricht ist ungewöhnlich verschachtelt, deshalb öffnen wir sie nicht. Bitte kopieren Sie nur ihren Text hierher."


class NothingToRead(StepRefused):
    """No words: empty, only attachments, or encrypted."""

    sentence = "In dieser Nachricht steht kein Text, den wir lesen können. Ist sie verschlüsselt oder besteht sie nur aus Anhängen, öffnen Sie sie bitte im Mailprogramm."


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as plain words. It lives as long as the answer to one request and is stored nowhere.

    `sender_name` and `sender_address` are what the message claims; `attachments` are names, never contents; `is_mail`
    says that it certainly came by mail; `is_cut` that `text` is only the beginning.
    """

    text: str
    subject: str = ""
    sender_name: str = ""
    sender_address: str = ""
    attachments: tuple[str, ...] = ()
    is_mail: bool = False
    is_cut: bool = False

    def own_words(self) -> str:
        """Return subject and text without what is only quoted: an older mail, a signature."""
        lines: list[str] = []
        for line in self.text.split("\n"):
            if _QUOTED_FROM.match(line.strip()) and any(each.strip() for each in lines):
                break
            if not line.startswith(">"):
                lines.append(line)
        return "\n".join(part for part in (self.subject, "\n".join(lines).strip()) if part)


def made(
    text: str,
    *,
    subject: str = "",
    sender_name: str = "",
    sender_address: str = "",
    attachments: tuple[str, ...] = (),
    is_mail: bool = False,
) -> Incoming:
    """Return a message fit for the screen.

    Raises:
        NothingToRead: there are no words in it.
    """
    words = clean(text[: LONGEST_TEXT * 4]).strip()
    if not words:
        raise NothingToRead
    address = one_line(sender_address)
    return Incoming(
        words[:LONGEST_TEXT].rstrip(),
        one_line(subject),
        one_line(sender_name),
        address if _is_address(address) else "",
        tuple(one_line(name) or "ohne Namen" for name in attachments[:MOST_NAMED]),
        is_mail,
        len(words) > LONGEST_TEXT or len(text) > LONGEST_TEXT * 4,
    )


def pasted(text: str) -> Incoming:
    """Return text that somebody pasted; heads of a mail among it say that it is one."""
    words = clean(text)
    subject = _SUBJECT_OF_A_MAIL.search(words[:2000])
    is_mail = bool(subject and _HEAD_OF_A_MAIL.search(words[:2000]))
    return made(words, subject=subject[1] if subject and is_mail else "", is_mail=is_mail)


def clean(text: str) -> str:
    """Return text without signs nobody sees and without long gaps."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return _MANY_EMPTY.sub("\n\n", _UNSEEN.sub("", text))


def one_line(text: str) -> str:
    """Return text as one short line."""
    return " ".join(clean(text[: LONGEST_LINE * 4]).split())[:LONGEST_LINE]


def _is_address(text: str) -> bool:
    local, at, domain = text.partition("@")
    return bool(local and at and "." in domain and " " not in text and "@" not in domain)
