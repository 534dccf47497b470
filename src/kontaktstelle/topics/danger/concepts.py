"""Concepts in words: what somebody speaks of (a wish to die, means, now, long ago, …), whatever the language.

`data/danger/patterns_*.tsv` holds them: `concept, language, patterns`. A pattern is words in order: `stem*` begins so,
`*tail` ends so, `*part*` contains, `a|b` either, `_` any one word, `~` up to `WIDEST_GAP` words,
`$` the end. Patterns are folded as
what people type is. To be fast, a pattern is tried only where its rarest word, its anchor, stands.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kontaktstelle.topics import model
from kontaktstelle.topics.folding import fold
from kontaktstelle.topics.languages import ANY, languages_of
from kontaktstelle.topics.tree import DATA, rows

from .misspelling import Misspellings

WIDEST_GAP = 3
# A word as long as this tells its language itself: its patterns hold in a sentence of any language.
TELLS_ITS_LANGUAGE = 6
# By so many letters stems and tails are filed; a word is compared only with those of its own start and end.
KEY = 3
TAIL_KEY = 2
# Words of at least this length are also compared without their endings; in shorter ones an ending may tell the person.
INFLECTED_FROM = 8
# Concepts whose words are worth a guess when they are misspelt: those that may cost a life.
OFTEN_MISSPELT = frozenset(
    """SELF-DEATH SUICIDE-THOUGHTS SUICIDE-WORD OTHER-DEATH FAREWELL MEANS HITS HIT-DONE THREAT LOCKED RAPE TOUCHES UNCONSCIOUS
    NOT-BREATHING STROKE-WORD STROKE-SIGN HEART-WORD HEART-SIGN OVERDOSED BLEEDS SEIZURE SEIZURE-NOUN WITHDRAWAL
    WITHDRAWAL-SEVERE DELIRIUM CALL SHELTER CHILD-HURT""".split()
)
_SHORTEST_STEM = 2
# Broad concepts stand apart: other languages are read into German for them.
WORDS = "patterns_words.tsv"
_GAP = "~"
_ONE = "_"
_END = "$"

Atoms = frozenset[int]
# Stands in a pattern for the end of what was said; no word has this atom.
AT_END: Atoms = frozenset({-1})


class PatternWrongError(ValueError):
    """A pattern in the data cannot be read; raised when the data are loaded, never by what somebody types."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, read: what stands at each place before and after its anchor, nearest first.

    A place is the atoms of which the word must have one, an empty set for any word, None for a gap. `self_telling`: its
    anchor is long enough to tell its language.
    """

    concept: str
    language: str
    before: tuple[Atoms | None, ...]
    after: tuple[Atoms | None, ...]
    self_telling: bool

    def may_speak(self, spoken: frozenset[str], *, sure: bool) -> bool:
        """Say whether the pattern counts among words in these languages."""
        return self.language in spoken or self.language == ANY or (self.self_telling and not sure)


@dataclass(slots=True)
class _Atoms:
    """The pieces of which patterns consist, by how they are looked up in a word."""

    exact: dict[str, int] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)
    tails: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def number(self, literal: str) -> int:
        """Return the number of a piece, a new one if it is new."""
        kind, text = _kind(literal, self)
        if text not in kind:
            kind[text] = self.count
            self.count += 1
        return kind[text]


def _kind(literal: str, atoms: _Atoms) -> tuple[dict[str, int], str]:
    text = fold(literal.strip("*"))
    if len(text) < _SHORTEST_STEM and "*" in literal and not text.isdigit():
        raise PatternWrongError(f"stem too short: {literal!r}")
    if literal.startswith("*") and literal.endswith("*"):
        return atoms.parts, text
    if literal.startswith("*"):
        return atoms.tails, text
    return (atoms.stems if literal.endswith("*") else atoms.exact), text


class Concepts:
    """Finds concepts in folded words."""

    def __init__(self, lines: Iterable[Sequence[str]], bank: Collection[str] = ()) -> None:
        """Read patterns.

        Args:
            lines: concept, language, patterns.
            bank: words of the phrase bank; what was found in one of them is remembered, in no other word ever.
        """
        self._bank = bank
        self._remembered: dict[str, list[int]] = {}
        self._atoms = _Atoms()
        read = [
            (concept, language, [_alternatives(token) for token in pattern.split()])
            for concept, language, patterns in lines
            for pattern in patterns.split(";")
            if pattern.strip()
        ]
        common = _frequency(tokens for _concept, _language, tokens in read)
        self._anchored: dict[int, list[Pattern]] = defaultdict(list)
        for concept, language, tokens in read:
            self._add(concept, language, tokens, common)
        self._by_start = _by_key(self._atoms.stems, lambda text: text[:KEY])
        self._by_end = _by_key(self._atoms.tails, lambda text: text[-TAIL_KEY:])
        self._parts = tuple(self._atoms.parts.items())
        self._by_root: dict[str, list[int]] = defaultdict(list)
        for text, atom in self._atoms.exact.items():
            if len(text) >= INFLECTED_FROM:
                self._by_root[_root(text)].append(atom)
        self._misspellings = Misspellings(
            {
                literal
                for concept, _language, tokens in read
                if concept in OFTEN_MISSPELT
                for token in tokens
                for literal in token
            }
        )

    def _add(self, concept: str, language: str, tokens: list[list[str]], common: dict[str, int]) -> None:
        """File one pattern under its anchor."""
        at = min(
            (place for place, token in enumerate(tokens) if token not in ([_GAP], [_ONE], [_END])),
            key=lambda place: (sum(common[literal] for literal in tokens[place]), -_length(tokens[place])),
            default=-1,
        )
        if at < 0:
            raise PatternWrongError(f"pattern without a word: {concept} {language} {tokens}")
        places: list[Atoms | None] = [None if token == [_GAP] else self._place(token) for token in tokens]
        before, after = tuple(reversed(places[:at])), tuple(places[at + 1 :])
        for literal in tokens[at]:
            tells = len(literal.strip("*")) >= TELLS_ITS_LANGUAGE
            self._anchored[self._atoms.number(literal)].append(
                Pattern(concept, language, before, after, tells)
            )

    def _place(self, token: list[str]) -> Atoms:
        if token == [_END]:
            return AT_END
        return frozenset() if token == [_ONE] else frozenset(self._atoms.number(literal) for literal in token)

    def find(self, words: Sequence[str]) -> set[str]:
        """Return the names of the concepts that occur in folded words."""
        remembered = self._remembered
        seen = [remembered[word] if word in remembered else self._of_word(word) for word in words]
        anchored = self._anchored
        if not any(atom in anchored for atoms in seen for atom in atoms):
            return set()
        spoken, sure = languages_of(words)
        found: set[str] = set()
        for at, atoms in enumerate(seen):
            for pattern in (pattern for atom in atoms for pattern in anchored.get(atom, ())):
                if pattern.concept in found or not pattern.may_speak(spoken, sure=sure):
                    continue
                if _matches(pattern.before, seen, at - 1, -1) and _matches(pattern.after, seen, at + 1, 1):
                    found.add(pattern.concept)
        return found

    def only_nearly(self, word: str) -> bool:
        """Say whether a word is only near to one of danger: a misspelling, or an ordinary word that must be exempted."""
        return not self._exactly(word) and bool(self._misspellings.meant(word))

    def _of_word(self, word: str) -> list[int]:
        """Return the atoms of a word; those of the word it was probably meant to be if it has none."""
        found = self._exactly(word)
        if not found and (meant := self._misspellings.meant(word)):
            found = [atom for each in meant for atom in self._exactly(each)]
        if word in self._bank:
            self._remembered[word] = found
        return found

    def _exactly(self, word: str) -> list[int]:
        found = []
        atom = self._atoms.exact.get(word)
        if atom is not None:
            found.append(atom)
        elif len(word) >= INFLECTED_FROM:
            found += self._by_root.get(_root(word), ())
        for size in range(1, KEY + 1):
            for stem, atom in self._by_start.get(word[:size], ()):
                if word.startswith(stem):
                    found.append(atom)
        for tail, atom in self._by_end.get(word[-TAIL_KEY:], ()):
            if word.endswith(tail):
                found.append(atom)
        for part, atom in self._parts:
            if part in word:
                found.append(atom)
        return found


def _root(word: str) -> str:
    """Return a long word without its German ending, so that "allergischen" is "allergischer"."""
    for ending in ("en", "er", "es", "em", "e", "n", "s"):
        if word.endswith(ending):
            return word[: -len(ending)]
    return word


def _by_key(literals: dict[str, int], key: Callable[[str], str]) -> dict[str, tuple[tuple[str, int], ...]]:
    filed: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for text, atom in literals.items():
        filed[key(text)].append((text, atom))
    return {start: tuple(texts) for start, texts in filed.items()}


def _matches(places: tuple[Atoms | None, ...], seen: list[list[int]], at: int, step: int) -> bool:
    """Say whether the words from `at` on, in the direction of `step`, fill the places."""
    for number, place in enumerate(places):
        if place is None:
            rest = places[number + 1 :]
            return any(_matches(rest, seen, at + step * skipped, step) for skipped in range(WIDEST_GAP + 1))
        if place is AT_END:
            return at == len(seen)
        if not 0 <= at < len(seen) or (place and place.isdisjoint(seen[at])):
            return False
        at += step
    return True


def _alternatives(token: str) -> list[str]:
    found = token.split("|")
    if not all(found):
        raise PatternWrongError(f"empty alternative: {token!r}")
    # Folding may make two words of one ("S-Bahn"); a pattern has them as two words from the start.
    return [literal if literal in (_GAP, _ONE, _END) else literal.lower() for literal in found]


def _frequency(patterns: Iterable[list[list[str]]]) -> dict[str, int]:
    """Count in how many patterns a literal stands: the rarest makes the best anchor."""
    counts: dict[str, int] = defaultdict(int)
    for tokens in patterns:
        for literal in {literal for token in tokens for literal in token}:
            counts[literal] += 1
    return counts


def _length(token: list[str]) -> int:
    return min(len(literal) for literal in token)


@lru_cache(maxsize=1)
def load() -> Concepts:
    """Return the sharp concepts of the data, in all languages, read once."""
    return Concepts(
        (
            row
            for file in sorted((DATA / "danger").glob("patterns_*.tsv"))
            if file.name != WORDS
            for row in rows(file)
        ),
        model.load().german,
    )


@lru_cache(maxsize=1)
def load_words() -> Concepts:
    """Return the broad concepts: single German words."""
    return Concepts(rows(DATA / "danger" / WORDS), model.load().german)
