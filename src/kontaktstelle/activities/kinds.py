"""The kinds of activities, as data with the field's words, versioned by year: `kinds.tsv`.

A kind is never removed, only ended (`until`), so that an old year reads as it was written.
"""

from dataclasses import dataclass
from pathlib import Path

from django.db.models import TextChoices

from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import tree


class Field(TextChoices):
    """Chapters of a yearly report to which kinds belong."""

    OUTREACH = "outreach", "Öffentlichkeitsarbeit"
    TRAINING = "training", "Fortbildungen und Treffen"
    COMMITTEE = "committee", "Gremien"
    COOPERATION = "cooperation", "Kooperation"
    ROOM = "room", "eigene Räume"


class UnknownKind(StepRefused):
    """A kind no list has, or not in that year."""

    sentence = "Diese Art kennt die Liste nicht. Bitte wählen Sie eine aus."


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind.

    Args:
        key: as stored.
        field: the chapter it belongs to.
        label: one of it.
        several: many of it.
        reached: what the number reached counts, e.g. „Teilnehmende“.
        since: the first year in which it is offered.
        until: the last one; None while it is.
        shortcut: its key on the form, "" for none.
        also: further words by which a quick line means it, in small letters.
    """

    key: str
    field: Field
    label: str
    several: str
    reached: str
    since: int
    until: int | None
    shortcut: str
    also: tuple[str, ...]

    def is_offered(self, year: int) -> bool:
        """Say whether the kind was, is or will be offered in a year."""
        return self.since <= year and (self.until is None or year <= self.until)

    def said(self, times: int) -> str:
        """Return it with its number: „3 Fortbildungen für Gruppen“, once: „Fortbildung für Gruppen“."""
        return self.label if times == 1 else f"{times} {self.several}"


def _read() -> dict[str, Kind]:
    return {
        key: Kind(
            key, Field(field), label, several, reached, int(since), int(until) if until else None, shortcut, tuple(also.split())
        )
        for key, field, label, several, reached, since, until, shortcut, also in tree.rows(Path(__file__).parent / "kinds.tsv")
    }  # fmt: skip


KINDS: dict[str, Kind] = _read()


def offered(year: int) -> list[Kind]:
    """Return the kinds that are offered in a year, in the order of the list."""
    return [kind for kind in KINDS.values() if kind.is_offered(year)]


def checked(key: str, *, year: int) -> Kind:
    """Return a kind fit to be stored.

    Raises:
        UnknownKind: the list has no such kind in that year.
    """
    kind = KINDS.get(key)
    if kind is None or not kind.is_offered(year):
        raise UnknownKind
    return kind


def meant(word: str) -> Kind | None:
    """Return the kind somebody means by a word, a label or a key, in whatever letters."""
    said = " ".join(word.lower().split())
    return next(
        (
            kind
            for kind in KINDS.values()
            if said in {kind.key, kind.label.lower(), kind.several.lower(), *kind.also}
        ),
        None,
    )
