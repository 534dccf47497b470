"""Typing errors and compounds: an unknown word read as the known word it is nearest to, or without a tail like "-gruppe".

Nearest by deletions: a known word and a typed one are candidates if they agree after one letter is dropped from either;
that covers a letter dropped, doubled, swapped or wrong. Long words may differ by two. Exact words are never changed.
"""

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz.distance import OSA

SHORTEST = 5
TWO_ERRORS_FROM = 9
SHORTEST_HEAD = 4
# What people join to a topic's name when they look for a group about it.
TAILS = (
    "selbsthilfegruppen", "selbsthilfegruppe", "selbsthilfetreff", "selbsthilfe", "gesprachsgruppe", "gesprachskreis", "angehorigengruppe", "gruppen", "gruppe", "treffen", "treff",
    "stammtisch", "hilfe", "kreis", "verein", "beratung", "patienten", "patient", "erkrankung", "krank", "kranke", "betroffene",
)  # fmt: skip


class Speller:
    """Knows words and finds the one somebody meant."""

    def __init__(self, names: Iterable[str], others: Iterable[str]) -> None:
        self.rank = dict.fromkeys((word for word in others if len(word) >= SHORTEST), 1)
        self.rank.update(dict.fromkeys((word for word in names if len(word) >= SHORTEST), 0))
        without: dict[str, list[str]] = defaultdict(list)
        for word in self.rank:
            for shorter in _without_one(word):
                without[shorter].append(word)
        self.without = {shorter: tuple(words) for shorter, words in without.items()}

    def correct(self, word: str) -> str | None:
        """Return the known word an unknown one stands for, or None."""
        if len(word) < SHORTEST:
            return None
        candidates: set[str] = set()
        for shorter in _without_one(word):
            candidates.update(self.without.get(shorter, ()))
            if shorter in self.rank:
                candidates.add(shorter)
        candidates.update(self.without.get(word, ()))
        allowed = 2 if len(word) >= TWO_ERRORS_FROM else 1
        best: tuple[int, int, int, str] | None = None
        for candidate in candidates:
            distance = OSA.distance(word, candidate, score_cutoff=allowed)
            if distance <= allowed:
                order = (distance, self.rank[candidate], abs(len(candidate) - len(word)), candidate)
                best = order if best is None or order < best else best
        return best[3] if best else None


def without_tail(word: str) -> str | None:
    """Return what stands before a tail like "-selbsthilfegruppe", or None."""
    for tail in TAILS:
        if word.endswith(tail) and len(word) - len(tail) >= SHORTEST_HEAD:
            head = word[: -len(tail)]
            return head[:-1] if head.endswith("s") and len(head) > SHORTEST else head
    return None


def _without_one(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]
