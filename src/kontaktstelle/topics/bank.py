"""The phrase bank: how people put it, as data reviewed like code.

`data/phrases/*.tsv`: `topics, kind, phrase` by hand, one file per part of the tree (German) or language;
`data/words.tsv`: `topics, flag, word`, the vocabulary. Ids are separated by spaces, best first; `~id` is acceptable too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .tree import DATA, rows

NOTHING = "-"
LANGUAGES = ("de", "en", "tr", "pl", "uk", "ru", "ar")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way of putting it.

    `exact` are the topics it means (empty: none at all), `acceptable` those that would do; `kind` tells who speaks
    (`self`, `parent`, …) or what it is (`word`, `medical`, `misspelt`); `flag` only for words of the vocabulary.
    """

    text: str
    exact: tuple[str, ...]
    acceptable: tuple[str, ...]
    kind: str
    language: str
    flag: str = "-"

    def answers(self, topic: str) -> bool:
        """Say whether a topic is a right answer, exact or acceptable."""
        return topic in self.exact or topic in self.acceptable


def phrases() -> list[Phrase]:
    """Return all phrases of the bank in a fixed order."""
    return [phrase for file in sorted((DATA / "phrases").glob("*.tsv")) for phrase in _of_file(file)]


def vocabulary() -> list[Phrase]:
    """Return the words and names that mean topics, among them the topics' own labels."""
    return [_phrase(topics, "name", text, "de", flag) for topics, flag, text in rows(DATA / "words.tsv")]


def _of_file(file: Path) -> Iterator[Phrase]:
    language = file.stem.split("_")[0]
    language = language if language in LANGUAGES else "de"
    for topics, kind, text in rows(file):
        yield _phrase(topics, kind, text, language)


def _phrase(topics: str, kind: str, text: str, language: str, flag: str = "-") -> Phrase:
    ids = [] if topics == NOTHING else topics.split()
    exact = tuple(topic for topic in ids if not topic.startswith("~"))
    acceptable = tuple(topic[1:] for topic in ids if topic.startswith("~"))
    return Phrase(text, exact, acceptable, kind, language, flag)
