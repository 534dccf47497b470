"""Code lists of a contact: values with German labels, versioned by year; an office may switch fields and values on or off.

`unknown` is in every list and stands for what nobody said: nothing is preset, because a preset falsifies the year.
Values are never removed from `codes.tsv`, only ended, so that an old year reads as it was written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import tree

UNKNOWN = "unknown"
UNKNOWN_LABEL = "unbekannt"
# Fields an office switches on if it needs them; all others are always there.
OPTIONAL_FIELDS: dict[str, str] = {
    "age": "Alter",
    "sex": "Geschlecht",
    "language": "Sprache",
    "heard": "woher bekannt",
    "duration": "Dauer",
    "need": "Unterstützungsbedarf",
}
MOST_TOPICS = 3
# The outcome, of a contact or of a talk, after which nobody is led to a group until a person lets it go on.
CRISIS_HELP = "crisis-help"


class UnknownCode(StepRefused):
    """A value that is not in the list, or was not in that year."""

    sentence = "Diesen Wert kennt die Liste nicht. Bitte wählen Sie einen aus."


class TooManyTopics(StepRefused):
    """More topics than a contact counts."""

    sentence = "Bitte wählen Sie höchstens drei Themen."


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a list: its key, what the screen says, the years it is offered, its key on the form."""

    key: str
    label: str
    since: int
    until: int | None
    also: tuple[str, ...]
    shortcut: str

    def is_offered(self, year: int) -> bool:
        """Say whether the value was, is or will be offered in a year."""
        return self.since <= year and (self.until is None or year <= self.until)


def _read() -> dict[str, dict[str, Code]]:
    lists: dict[str, dict[str, Code]] = {}
    for name, key, label, since, until, also, shortcut in tree.rows(Path(__file__).parent / "codes.tsv"):
        lists.setdefault(name, {})[key] = Code(
            key, label, int(since), int(until) if until else None, tuple(also.split()), shortcut
        )
    return lists


LISTS: dict[str, dict[str, Code]] = _read()


def label(name: str, key: str) -> str:
    """Return what the screen says for a value; a value nobody knows any more is shown as it stands."""
    code = LISTS[name].get(key)
    return code.label if code else UNKNOWN_LABEL if key in {UNKNOWN, ""} else key


def offered(name: str, *, year: int) -> list[Code]:
    """Return the values of a list that are offered in a year, before the office's own switches."""
    return [code for code in LISTS[name].values() if code.is_offered(year)]


def checked(name: str, key: str, *, year: int) -> str:
    """Return a value fit to be stored; nothing said becomes `unknown`.

    Raises:
        UnknownCode: the list has no such value in that year.
    """
    if key in {"", UNKNOWN}:
        return UNKNOWN
    code = LISTS[name].get(key)
    if code is None or not code.is_offered(year):
        raise UnknownCode
    return key


def checked_several(name: str, keys: Iterable[str], *, year: int) -> list[str]:
    """Return several values in the order of the list, each once; none said is the empty list.

    Raises:
        UnknownCode: the list has no such value in that year.
    """
    wanted = {checked(name, key, year=year) for key in keys} - {UNKNOWN}
    return [key for key in LISTS[name] if key in wanted]


def checked_topics(topics: Iterable[str]) -> list[str]:
    """Return up to three topics in the order given, each once.

    Raises:
        UnknownCode: no such topic.
        TooManyTopics: more than three.
    """
    chosen = list(dict.fromkeys(topics))
    if any(topic not in tree.TOPICS for topic in chosen):
        raise UnknownCode("Dieses Thema gibt es nicht. Bitte wählen Sie eines aus der Liste.")
    if len(chosen) > MOST_TOPICS:
        raise TooManyTopics
    return chosen


def proposed(name: str, word: str) -> str:
    """Return the value that the coding of a pasted note means by a word, or `unknown`."""
    return next((code.key for code in LISTS[name].values() if word == code.key or word in code.also), UNKNOWN)
