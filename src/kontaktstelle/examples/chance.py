"""Chance that always falls alike: every question has its own seed, so one answer never moves another."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def chance(*question: object) -> random.Random:
    """Return the source of chance for one question about one thing, the same in every run and on every machine."""
    return random.Random("/".join(str(part) for part in question))  # noqa: S311 - examples, not secrets


def drawn(weights: Mapping[T, float], *question: object) -> T:
    """Draw one of the keys by weight."""
    return chance(*question).choices(list(weights), weights=list(weights.values()))[0]


def one_of(choices: Sequence[T], *question: object) -> T:
    """Draw one of the choices."""
    return chance(*question).choice(choices)


def happens(share: float, *question: object) -> bool:
    """Say whether something that happens to this share of all (0 to 1) happens here."""
    return chance(*question).random() < share


def shared_out(weights: Mapping[T, float], seats: int) -> dict[T, int]:
    """Share out seats in proportion to the weights (largest remainder; the earlier key wins a tie)."""
    total = sum(weights.values())
    exact = {key: seats * weight / total for key, weight in weights.items()}
    given = {key: int(value) for key, value in exact.items()}
    left = seats - sum(given.values())
    for key in sorted(exact, key=lambda key: given[key] - exact[key])[:left]:
        given[key] += 1
    return given
