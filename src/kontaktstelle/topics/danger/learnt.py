"""What was learnt of danger: how much words look like those of people in danger, or in need of treatment.

A classifier over words, their pieces and neighbours, and what `concepts` and `rules` found in them; built by
`topics.learning.alarms` from utterances judged by hand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from kontaktstelle.topics.classifier import Classifier

from .rules import KINDS

DIRECTORY = Path(__file__).parent / "model"
CLASSES = (*KINDS, "need", "calm")
NEED = CLASSES.index("need")
# Longer pieces say no more about danger and would have to be looked up too.
PIECES = (3,)


@dataclass(frozen=True, slots=True)
class Opinion:
    """How probable danger is and which kind is likeliest; how probable it is that somebody looks for treatment."""

    danger: float = 0.0
    kind: str = KINDS[0]
    need: float = 0.0


def opinion(words: Sequence[str], german: Sequence[str], found: Iterable[str], rule: str) -> Opinion:
    """Return the opinion on folded words.

    Args:
        words: as typed.
        german: the same read into German; the same object if they are German.
        found: concepts.
        rule: the kind of danger the rules name, or "".
    """
    scores = load().scores(read(words, german), signs(found, rule))
    if scores is None:
        return Opinion()
    powers: list[float] = np.exp(scores - scores.max()).tolist()
    total = sum(powers)
    dangers = powers[: len(KINDS)]
    return Opinion(sum(dangers) / total, KINDS[dangers.index(max(dangers))], powers[NEED] / total)


def read(words: Sequence[str], german: Sequence[str]) -> Sequence[str]:
    """Return the words the classifier sees."""
    return words if german is words else [*words, *german]


def signs(found: Iterable[str], rule: str) -> list[str]:
    """Return as features what concepts and rules found."""
    told = [f"+{concept}" for concept in found]
    return [*told, "!", f"!{rule}"] if rule else told


@lru_cache(maxsize=1)
def load() -> Classifier:
    """Return the classifier, read once.

    Raises:
        ModelMissing: `make install` builds it.
    """
    return Classifier.read(DIRECTORY, CLASSES, PIECES)
