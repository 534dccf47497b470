"""Misspelt words of danger: who is in need types fast. Nearest by one letter dropped, added, swapped or wrong."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from kontaktstelle.topics.folding import fold

SHORTEST = 6
# Below this length a stem differs from too many other words by one letter.
_SLACK = 1


class Misspellings:
    """Knows words and finds those a misspelt one may stand for."""

    def __init__(self, literals: Iterable[str]) -> None:
        self._whole: dict[str, list[str]] = defaultdict(list)
        self._stems: dict[str, list[str]] = defaultdict(list)
        for literal in literals:
            text = fold(literal.strip("*"))
            if len(text) < SHORTEST or literal.startswith("*"):
                continue
            index = self._stems if literal.endswith("*") else self._whole
            for variant in (text, *_without_one(text)):
                index[variant].append(text)
        self._stem_lengths = tuple(sorted({len(text) for texts in self._stems.values() for text in texts}))

    def meant(self, word: str) -> Sequence[str]:
        """Return the known words a word of at least `SHORTEST` letters may be a misspelling of."""
        if len(word) < SHORTEST or word in ordinary():
            return ()
        shorter = _without_one(word)
        found = set(self._whole.get(word, ()))
        for variant in shorter:
            found.update(self._whole.get(variant, ()))
        if not found:
            for size in self._stem_lengths:
                if size > len(word) + _SLACK:
                    break
                found.update(self._stems.get(word[:size], ()))
                if not found:
                    for at in range(1, size):
                        variant = word[:at] + word[at + 1 : size]
                        if variant in self._stems:
                            found.update(self._stems[variant])
        return sorted(found)


def _without_one(word: str) -> list[str]:
    # The first letter is rarely wrong; dropping it would join too many words.
    return [word[:at] + word[at + 1 :] for at in range(1, len(word))]


@lru_cache(maxsize=1)
def ordinary() -> frozenset[str]:
    """Return ordinary words that are only near to a word of danger ("schlafen" is not "schlagen")."""
    file = Path(__file__).parent / "ordinary.txt"
    return frozenset(file.read_text(encoding="utf-8").split()) if file.exists() else frozenset()
