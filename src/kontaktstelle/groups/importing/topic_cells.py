"""Topics as a list writes them: several in a cell, official labels, other words, words nobody knows.

Only what is certain becomes a topic: the office's own mapping, an id or label, a word of the vocabulary. What resolving
makes of other words is a proposal in the report and never stored.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from kontaktstelle.topics import bank, resolving, tree
from kontaktstelle.topics.folding import words

from .refusals import MappingUnusable

MOST_PROPOSALS = 3
LONGEST_TOPIC = 120
MOST_LINES_SHOWN = 20
IGNORED = "-"


@dataclass(slots=True)
class UnknownTopic:
    """A word that stands where topics stand: its lines, and what may be meant (ids, best first)."""

    word: str
    lines: list[int] = field(default_factory=list)
    count: int = 0
    proposals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topics:
    """What a cell says: known topics by id, and the words left over, in the cell's order. Shared by all its rows."""

    known: list[str]
    unknown: list[str]


def folded(text: str) -> str:
    """Return a topic's words as they are compared."""
    return " ".join(words(text))


@lru_cache(maxsize=1)
def _certain() -> dict[str, tuple[str, ...]]:
    """Return folded words → topics. Ids and labels count before the vocabulary."""
    meaning: dict[str, tuple[str, ...]] = {}
    for word in bank.vocabulary():
        if word.exact and all(topic in tree.TOPICS for topic in word.exact):
            meaning.setdefault(folded(word.text), word.exact)
    for topic in tree.TOPICS.values():
        meaning[folded(topic.label)] = (topic.id,)
    for topic in tree.TOPICS.values():
        meaning[folded(topic.id)] = (topic.id,)
    return meaning


class TopicReader:
    """Reads topic cells of one file; the same cell is read once."""

    def __init__(self, mapping: Mapping[str, object]) -> None:
        self._own = {folded(word): _targets(word, topics) for word, topics in mapping.items()}
        self._known: dict[str, Topics] = {}
        self.unknown: dict[str, UnknownTopic] = {}

    def read(self, cell: str, line: int) -> Topics:
        """Return what a cell says and remember its unknown words."""
        topics = self._known.get(cell)
        if topics is None:
            topics = self._known[cell] = self._read(cell)
        for word in topics.unknown:
            entry = self.unknown.get(folded(word) or word)
            if entry is None:
                entry = self.unknown[folded(word) or word] = UnknownTopic(
                    word, proposals=self._proposals(word)
                )
            entry.count += 1
            if len(entry.lines) < MOST_LINES_SHOWN:
                entry.lines.append(line)
        return topics

    def _read(self, cell: str) -> Topics:
        known: dict[str, None] = {}
        unknown: dict[str, None] = {}
        for topics, word in self._parts(cell):
            known.update(dict.fromkeys(topics))
            if word:
                unknown[word[:LONGEST_TOPIC]] = None
        return Topics(list(known), list(unknown))

    def _meaning(self, text: str) -> tuple[str, ...] | None:
        key = folded(text)
        return self._own[key] if key in self._own else _certain().get(key)

    def _parts(self, cell: str) -> Iterable[tuple[tuple[str, ...], str]]:
        """Yield the topics of each part of a cell, or the part itself if nobody knows it."""
        if not cell.strip():
            return
        whole = self._meaning(cell)
        if whole is not None:
            yield whole, ""
            return
        for part in re.split(r"[;\n|•]|\s[-–]\s", cell):
            text = part.strip(" ,.\t")
            if text:
                yield from self._listed(text)

    def _listed(self, text: str) -> Iterable[tuple[tuple[str, ...], str]]:
        """Read a part in which commas may stand in names too: the longest run of pieces that means something wins."""
        meaning = self._meaning(text)
        if meaning is not None:
            yield meaning, ""
            return
        pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
        found: list[tuple[tuple[str, ...], str]] = []
        start = 0
        while start < len(pieces) and len(pieces) > 1:
            for end in range(min(len(pieces), start + 6), start, -1):
                meaning = self._meaning(", ".join(pieces[start:end]))
                if meaning is not None:
                    found.append((meaning, ""))
                    start = end
                    break
            else:
                found.append(self._joined(pieces[start]))
                start += 1
        if any(topics for topics, _ in found):
            yield from found
        else:
            yield self._joined(text)

    def _joined(self, text: str) -> tuple[tuple[str, ...], str]:
        """Read "Angst / Panik", "Trauer und Trennung": only if every piece is known."""
        meaning = self._meaning(text)
        if meaning is not None:
            return meaning, ""
        bare = self._meaning(re.sub(r"\s*[(\[].*?[)\]]", "", text))
        if bare:
            return bare, ""
        for separator in (
            r"\s*/\s*",
            r"\s+(?:und|u\.|&|\+|sowie)\s+",
            r"\s*(?:/|\s(?:und|u\.|&|\+|sowie)\s)\s*",
        ):
            pieces = re.split(separator, text)
            meanings = [self._meaning(piece) for piece in pieces]
            if len(pieces) > 1 and all(meanings):
                return tuple(topic for each in meanings if each for topic in each), ""
        return (), text

    def _proposals(self, word: str) -> tuple[str, ...]:
        return tuple(
            topic.id for topic in resolving.resolve(word).topics[:MOST_PROPOSALS] if topic.id in tree.TOPICS
        )


def _targets(word: str, topics: object) -> tuple[str, ...]:
    if topics in (None, "", IGNORED):
        return ()
    ids = [topics] if isinstance(topics, str) else topics
    if not isinstance(ids, list | tuple):
        raise MappingUnusable(f"Die Zuordnung nennt zu „{word[:60]}“ kein Thema.")
    by_label = _certain()
    found: list[str] = []
    for each in ids:
        known = by_label.get(folded(str(each)))
        if not known:
            raise MappingUnusable(
                f"Die Zuordnung nennt zu „{word[:60]}“ das Thema „{str(each)[:60]}“; das gibt es nicht."
            )
        found += known
    return tuple(dict.fromkeys(found))
