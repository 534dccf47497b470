"""Which law binds a Träger: rows of `law.tsv`, by kind of Träger, each with its source and the day it was checked."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kontaktstelle.organisation.models import Traeger

FILE = Path(__file__).parent / "law.tsv"
KINDS = tuple(Traeger.Kind.values)


@dataclass(frozen=True, slots=True)
class Provision:
    """What the law says it where, for one kind of Träger.

    Attributes:
        label: what it is about, in German.
        text: where it stands, e.g. `Art. 30 DSGVO`.
        source: the laws it was taken from.
        checked_on: the day somebody compared it with them, as written in the file; empty: nobody yet.
    """

    label: str
    text: str
    source: str
    checked_on: str


def provisions(kind: str) -> dict[str, Provision]:
    """Return every provision by its key, for a kind of Träger."""
    column = KINDS.index(kind)
    return {
        key: Provision(label, texts[column], source, checked_on)
        for key, (label, texts, source, checked_on) in _read().items()
    }


@cache
def _read() -> dict[str, tuple[str, tuple[str, ...], str, str]]:
    head, *lines = FILE.read_text(encoding="utf-8").splitlines()
    _, _, *kinds, _, _ = head.split("\t")
    if tuple(kinds) != KINDS:
        raise ValueError(f"{FILE.name} names other kinds of Träger than the program.")
    rows = {}
    for line in lines:
        key, label, *texts, source, checked_on = line.split("\t")
        rows[key] = (label, tuple(texts), source, checked_on)
    return rows
