"""Other languages, read into German: small lexicons that people can read and correct (`data/lexicon/<language>.tsv`).

A search is read as foreign if more of its words stand in one foreign lexicon than in the German bank. Its words are then
understood twice: as they stand (phrases of that language were learnt) and as the German words they mean, so that what the
German phrases teach holds for everybody.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache

from . import folding
from .tree import DATA, rows

LONGEST_PHRASE = 3
SHORTEST_STEM = 3
# "And", "then", "with", "for", "like" are written as part of the Arabic word that follows.
_ARABIC_PREFIXES = frozenset("وفبلك")


class Lexicon:
    """Words and stems of one language with their German."""

    def __init__(self, language: str) -> None:
        self.words: dict[str, tuple[str, ...]] = {}
        self.stems: dict[str, tuple[str, ...]] = {}
        for row in rows(DATA / "lexicon" / f"{language}.tsv"):
            german = tuple(folding.words(row[1]))
            key = " ".join(folding.words(row[0]))
            if row[0].rstrip().endswith("*") and " " not in key:
                self.stems.setdefault(key, german)
            elif key:
                self.words.setdefault(key, german)
        self.lengths = sorted({len(stem) for stem in self.stems}, reverse=True)

    def german(self, word: str) -> tuple[str, ...] | None:
        """Return the German of one folded word, by itself or by its longest stem."""
        exact = self.words.get(word)
        if exact is not None:
            return exact
        for length in self.lengths:
            if SHORTEST_STEM <= length <= len(word) and (found := self.stems.get(word[:length])) is not None:
                return found
        if word[:1] in _ARABIC_PREFIXES and len(word) > SHORTEST_STEM:
            return self.german(word[1:])
        return None

    def share(self, words: Sequence[str]) -> float:
        """Return how much of the words this language knows, from 0 to 1."""
        return sum(self.german(word) is not None for word in words) / len(words)

    def translate(self, words: Sequence[str]) -> list[str]:
        """Return the words in German; unknown ones are left out."""
        result: list[str] = []
        position = 0
        while position < len(words):
            for length in range(min(LONGEST_PHRASE, len(words) - position), 0, -1):
                chunk = words[position : position + length]
                german = self.words.get(" ".join(chunk)) if length > 1 else self.german(chunk[0])
                if german is not None:
                    result += german
                    position += length - 1
                    break
            position += 1
        return result


@lru_cache(maxsize=1)
def lexicons() -> dict[str, Lexicon]:
    """Return all lexicons there are."""
    return {file.stem: Lexicon(file.stem) for file in sorted((DATA / "lexicon").glob("*.tsv"))}


def into_german(words: Sequence[str], known: Collection[str]) -> list[str]:
    """Return what foreign words mean in German, or nothing if the words are German.

    Args:
        words: folded words.
        known: words of the German bank.
    """
    foreign = [word for word in words if word not in known]
    if not foreign:
        return []
    german = 1 - len(foreign) / len(words)
    best = max(lexicons().values(), key=lambda lexicon: lexicon.share(words), default=None)
    return best.translate(words) if best is not None and best.share(words) > german else []
