"""A small learnt score as second opinion: how much words look like those of people in danger.

Softmax over concepts, words and pairs of neighbouring words; weights in `weights.tsv` (`feature, one whole number for each
class`), learnt by `learning` from utterances judged by hand against the phrase bank.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .rules import KINDS

FILE = Path(__file__).parent / "weights.tsv"
CLASSES = (*KINDS, "need", "calm")
# Weights are kept as whole hundredths; a feature weighs by what it is.
SCALE = 100
CONCEPT, WORD, NEIGHBOURS = 1.0, 0.5, 0.4
BIAS = "bias"
_LONG = 15
LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Opinion:
    """How probable danger is, from 0 to 1, and which kind is likeliest."""

    danger: float
    kind: str


def features(found: Iterable[str], words: Sequence[str], german: Sequence[str]) -> dict[str, float]:
    """Return the features of folded words with their values.

    Args:
        found: concepts.
        words: as typed.
        german: the same read into German; the same object if they are German.
    """
    read = words if german is words else [*words, *german]
    values = {f"+{concept}": CONCEPT for concept in found}
    values |= dict.fromkeys((f"={word}" for word in read), WORD)
    values |= {f"{first} {second}": NEIGHBOURS for first, second in pairwise(read)}
    values[LENGTH] = min(len(words), _LONG) / _LONG
    values[BIAS] = 1.0
    return values


def opinion(found: Iterable[str], words: Sequence[str], german: Sequence[str]) -> Opinion:
    """Return the second opinion on folded words; the arguments are those of `features`."""
    weights = load()
    places: list[int] = []
    values: list[float] = []
    for feature, value in features(found, words, german).items():
        place = weights.places.get(feature)
        if place is not None:
            places.append(place)
            values.append(value)
    if not places:
        return Opinion(0.0, KINDS[0])
    scores = np.array(values, np.float32) @ weights.matrix[places]
    powers: list[float] = np.exp(scores - scores.max()).tolist()
    dangers = powers[: len(KINDS)]
    return Opinion(sum(dangers) / sum(powers), KINDS[dangers.index(max(dangers))])


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights: where each feature's row is, and the rows, one number for each class."""

    places: dict[str, int]
    matrix: npt.NDArray[np.float32]


@lru_cache(maxsize=1)
def load() -> Weights:
    """Return the weights, read once."""
    lines = [line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines()]
    matrix = np.array([line[1:] for line in lines], np.float32) / np.float32(SCALE)
    return Weights({line[0]: number for number, line in enumerate(lines)}, matrix)
