"""The words of a message: fixed German templates, into which nothing a person wrote can get.

A template is a text file `<app>/templates/<app>/mail/<name>.txt`, called `<app>/mail/<name>`:

    Betreff: Bitte antworten Sie bis $frist
    Art: Frist
    Link: /antwort/

    Wir haben eine Frage an Sie …

`Art` says as which kinds it may go (of a self-help group's post only `Frist` and `Sammelpost`), `Link` the beginning of
the one address it may name. The placeholders are `$stelle`, `$telefon`, `$frist` and `$link`: the office's public name
and number, a date, and an address of this site that ends in a secret. There is no placeholder for words: neither topic
nor group nor a person's text has a way into a mail, whatever a caller does.
"""

import json
import re
import string
import textwrap
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

from .addresses import Sender, one_line
from .lifecycle import Kind, Way

PLACEHOLDERS = frozenset({"stelle", "telefon", "frist", "link"})
LONGEST_SUBJECT = 78
LINE = 70
_VALUE_IN_SUBJECT = re.compile(r"(?:\s+(?:am|bis|von))?\s*\$\w+")
_KEY = re.compile(r"([a-z_]+)/mail/[a-z_]+")
# A path a template may name: one or two words of its own, then what makes it secret (22 characters carry 128 bit).
_PREFIX = re.compile(r"/(?:[a-z-]{1,20}/){1,3}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{22,120}")
_KIND_BY_LABEL = {kind.label: kind for kind in Kind}


class WordingWrong(Exception):  # noqa: N818 - a mistake of whoever wrote the template or the call
    """A template or a call that uses it is wrong: found by the first test that runs it, never by a reader."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one message says, before greeting and signature."""

    subject: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A whole message: what it says and who says it. This is what lies sealed in the outbox."""

    piece: Piece
    sender: Sender

    def as_json(self) -> str:
        """Return it as one text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Content":
        """Read what `as_json` wrote."""
        read = json.loads(text)
        piece = Piece(read["piece"]["subject"], tuple(read["piece"]["paragraphs"]))
        return cls(piece, Sender(**read["sender"]))


@dataclass(frozen=True, slots=True)
class Wording:
    """A template as it was read."""

    key: str
    subject: str
    kinds: frozenset[Kind]
    prefix: str
    body: str

    def say(self, *, kind: Kind, sender: Sender, path: str | None = None, until: date | None = None) -> Piece:
        """Put the few values into the words.

        Args:
            kind: as which it goes.
            sender: the office.
            path: where on this site it leads, `Link` and a secret; only if the template names a link.
            until: the date it names.

        Raises:
            WordingWrong: the kind, the path or the date is not what the template says.
        """
        if kind not in self.kinds:
            raise WordingWrong(f"{self.key} may not go as {kind}")
        values = {"stelle": sender.name, "telefon": sender.phone, "link": self._link(path)}
        if until is not None:
            values["frist"] = f"{until:%d.%m.%Y}"
        try:
            subject, body = (_Words(text).substitute(values) for text in (self.subject, self.body))
        except KeyError as missing:
            raise WordingWrong(f"{self.key} needs a date") from missing
        return Piece(one_line(subject), tuple(one_line(part) for part in re.split(r"\n{2,}", body.strip())))

    def _link(self, path: str | None) -> str:
        if bool(path) != bool(self.prefix):
            raise WordingWrong(f"{self.key} {'needs a' if self.prefix else 'names no'} link")
        if path is None:
            return ""
        if not path.startswith(self.prefix) or not _SECRET.fullmatch(
            path.removeprefix(self.prefix).rstrip("/")
        ):
            # Not even this sentence repeats the path: it may be a secret, or name what nobody may learn.
            raise WordingWrong(f"{self.key} names only addresses {self.prefix}… that end in a secret")
        return f"{site_address()}{path}"


class _Words(string.Template):
    """Plain `$name` only."""

    flags = re.ASCII


@lru_cache(maxsize=128)
def subject_of(key: str) -> str:
    """Return the subject of a template as the desk names it, without the values it would hold: "Förderung: eine Frist"."""
    return _VALUE_IN_SUBJECT.sub("", wording(key).subject).strip()


def wording(key: str) -> Wording:
    """Return a template by its name, e.g. `enquiries/mail/someone_asks`.

    Raises:
        WordingWrong: there is none, or it is not written as described above.
    """
    match = _KEY.fullmatch(key)
    if match is None:
        raise WordingWrong(f"{key!r} is no name of a template")
    try:
        file = Path(apps.get_app_config(match[1]).path) / "templates" / f"{key}.txt"
        text = file.read_text(encoding="utf-8")
    except (LookupError, FileNotFoundError) as error:
        raise WordingWrong(f"There is no template {key}") from error
    return _read(key, text)


def every_key() -> list[str]:
    """Return the names of all templates of all apps."""
    return sorted(
        f"{app.label}/mail/{file.stem}"
        for app in apps.get_app_configs()
        for file in (Path(app.path) / "templates" / app.label / "mail").glob("*.txt")
    )


def whole_text(content: Content, *, way: Way) -> str:
    """Return a message as it is read: greeting, what it says, who says it."""
    sender = content.sender
    reached = f"Telefon {sender.phone}" if sender.phone else f"E-Mail {sender.email}"
    if way == Way.LETTER:
        ending = ["Mit freundlichen Grüßen", sender.name]
    else:
        ending = [
            "Freundliche Grüße",
            f"{sender.name}\n{reached}",
            "--\nBitte schreiben Sie nichts Vertrauliches in eine E-Mail. Rufen Sie uns lieber an.",
        ]
    paragraphs = ["Guten Tag,", *content.piece.paragraphs, *ending]
    return "\n\n".join(paragraphs if way == Way.LETTER else map(_wrapped, paragraphs))


def _wrapped(paragraph: str) -> str:
    """Return lines short enough for every mail program; an address of this site stays in one piece."""
    lines = paragraph.split("\n")
    return "\n".join(
        part
        for line in lines
        for part in textwrap.wrap(line, LINE, break_long_words=False, break_on_hyphens=False) or [""]
    )


def site_address() -> str:
    """Return where this site is reached, without a slash at the end; on a try-out this machine."""
    return str(settings.PUBLIC_ADDRESS) or f"http://localhost:{settings.LOCAL_PORT}"


def _read(key: str, text: str) -> Wording:
    head, _, body = text.partition("\n\n")
    lines = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    if set(lines) - {"Betreff", "Art", "Link"} or not {"Betreff", "Art"} <= set(lines):
        raise WordingWrong(f"{key}: the head consists of Betreff, Art and perhaps Link")
    used = {name for part in (lines["Betreff"], body) for name in _placeholders(key, part)}
    if used - PLACEHOLDERS or "link" in _placeholders(key, lines["Betreff"]):
        raise WordingWrong(f"{key}: placeholders are {sorted(PLACEHOLDERS)}, and no link in a subject")
    prefix = lines.get("Link", "")
    if ("link" in used) != bool(prefix) or (prefix and not _PREFIX.fullmatch(prefix)):
        raise WordingWrong(f"{key}: Link and $link belong together")
    if len(lines["Betreff"]) > LONGEST_SUBJECT or not body.strip():
        raise WordingWrong(f"{key}: a short subject and a text")
    try:
        kinds = frozenset(_KIND_BY_LABEL[label.strip()] for label in lines["Art"].split(","))
    except KeyError as unknown:
        raise WordingWrong(f"{key}: no such kind {unknown}") from unknown
    return Wording(key, lines["Betreff"], kinds, prefix, body)


def _placeholders(key: str, text: str) -> list[str]:
    template = _Words(text)
    if not template.is_valid():
        raise WordingWrong(f"{key}: a lonely dollar sign")
    return template.get_identifiers()
