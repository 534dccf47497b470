"""What a classifier sees of words: whole words, pieces of words, neighbours.

Pieces (3 to 5 letters, with word edges) carry understanding over to inflection, compounds split or joined and
misspelling. Short words (MS, CI, PH) and function words (ich, nicht, mehr) count only whole: a piece of one means nothing.
"""

from collections.abc import Collection, Sequence

SHORTEST_IN_PIECES = 4
PIECES = (3, 4, 5)


def features(words: Sequence[str], whole: Collection[str] = frozenset()) -> list[str]:
    """Return the features of folded words; a feature may occur several times.

    Args:
        words: folded, in order.
        whole: words that are not cut into pieces.
    """
    found: list[str] = []
    previous = ""
    for word in words:
        found.append(as_word(word))
        if word not in whole:
            found += pieces(word)
        if previous:
            found.append(as_pair(previous, word))
        previous = word
    return found


def as_word(word: str) -> str:
    """Return the feature of a whole word."""
    return "=" + word


def as_pair(first: str, second: str) -> str:
    """Return the feature of two neighbours."""
    return f"{first} {second}"


def pieces(word: str, sizes: Sequence[int] = PIECES) -> list[str]:
    """Return the features of a word's pieces; none if it is too short."""
    if len(word) < SHORTEST_IN_PIECES:
        return []
    edged = f"<{word}>"
    return [edged[start : start + size] for size in sizes for start in range(len(edged) - size + 1)]
