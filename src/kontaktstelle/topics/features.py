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
        found.append("=" + word)
        if len(word) >= SHORTEST_IN_PIECES and word not in whole:
            edged = f"<{word}>"
            length = len(edged)
            for size in PIECES:
                found += [edged[start : start + size] for start in range(length - size + 1)]
        if previous:
            found.append(f"{previous} {word}")
        previous = word
    return found
