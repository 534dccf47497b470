"""Misspelt words of danger: who is in need types fast. One letter dropped, added, swapped or wrong is read as meant."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from kontaktstelle.topics.folding import fold

# Below this length a word differs from too many others by one letter.
SHORTEST = 6
ORDINARY = Path(__file__).parent / "model" / "ordinary.txt"


class Misspellings:
    """Knows words and finds those a misspelt one may stand for."""

    def __init__(self, literals: Iterable[str]) -> None:
        filed: dict[str, set[tuple[str, bool]]] = defaultdict(set)
        for literal in literals:
            text = fold(literal.strip("*"))
            if len(text) >= SHORTEST and not literal.startswith("*"):
                for start in _starts(text):
                    filed[start].add((text, literal.endswith("*")))
        self._filed = {start: tuple(sorted(texts)) for start, texts in filed.items()}

    def meant(self, word: str) -> list[str]:
        """Return the known words a word of at least `SHORTEST` letters may be a misspelling of."""
        if len(word) < SHORTEST or word in ordinary():
            return []
        found = {
            text
            for start in _starts(word)
            for text, is_stem in self._filed.get(start, ())
            if (is_stem or -1 <= len(word) - len(text) <= 1) and _near(word, text, is_stem=is_stem)
        }
        return sorted(found)


def _starts(word: str) -> tuple[str, str, str]:
    """Return the three letters a word begins with, and with one of the first letters dropped; never the very first."""
    return word[:3], word[0] + word[2:4], word[:2] + word[3]


def _near(word: str, text: str, *, is_stem: bool) -> bool:
    """Say whether a word is a text (or begins with it) but for one letter."""
    if not is_stem:
        return OSA.distance(word, text, score_cutoff=1) <= 1
    length = len(text)
    return any(
        OSA.distance(word[:size], text, score_cutoff=1) <= 1 for size in (length, length - 1, length + 1)
    )


@lru_cache(maxsize=1)
def ordinary() -> frozenset[str]:
    """Return ordinary words that are only near to a word of danger ("schlafen" is not "schlagen")."""
    return frozenset(ORDINARY.read_text(encoding="utf-8").split()) if ORDINARY.exists() else frozenset()
