"""Fit a softmax over features of words: numbering of features, their rarity, descent. Deterministic: fixed seeds."""

from collections import Counter
from collections.abc import Sequence
from random import Random

import numpy as np
import numpy.typing as npt
import scipy.optimize as optimise
from scipy import sparse

from kontaktstelle.topics.features import as_word

SEEN_AT_LEAST = 2
BATCH = 256
RATE = 0.2
SEED = 20261125
_LETTERS = "enirstahdulcgmobkfwzpv"

Floats = npt.NDArray[np.float32]


def number(documents: Sequence[Sequence[str]]) -> tuple[dict[str, int], Floats]:
    """Return the features worth learning, numbered, and how rare each is (idf): whole words, and what is seen twice."""
    seen = Counter(feature for document in documents for feature in set(document))
    names = sorted(
        name for name, count in seen.items() if count >= SEEN_AT_LEAST or name.startswith(as_word(""))
    )
    total = len(documents)
    idf = np.array([np.log((total + 1) / (seen[name] + 1)) + 1 for name in names], np.float32)
    return {name: at for at, name in enumerate(names)}, idf


def with_errors(text: str, rng: Random) -> str:
    """Return the text with one typing error, or two in a long one; short words are left alone."""
    if len(text) < 5:  # noqa: PLR2004 - an error in MS makes another word
        return text
    for _ in range(2 if len(text) > 25 else 1):  # noqa: PLR2004 - about one error per four words
        at = rng.randrange(1, len(text) - 1)
        way = rng.random()
        if way < 0.25:  # noqa: PLR2004 - dropped, doubled, swapped, wrong: equally often
            text = text[:at] + text[at + 1 :]
        elif way < 0.5:  # noqa: PLR2004
            text = text[:at] + text[at] + text[at:]
        elif way < 0.75:  # noqa: PLR2004
            text = text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
        else:
            text = text[:at] + rng.choice(_LETTERS) + text[at + 1 :]
    return text


def matrix(documents: Sequence[list[str]], numbers: dict[str, int], idf: Floats) -> sparse.csr_matrix:
    """Return documents × features, each document of length one."""
    columns: list[int] = []
    ends = [0]
    values: list[Floats] = []
    for document in documents:
        known = list({number for feature in document if (number := numbers.get(feature)) is not None})
        weight = idf[known]
        length = float(np.sqrt(weight @ weight)) or 1.0
        values.append(weight / length)
        columns += known
        ends.append(len(columns))
    return sparse.csr_matrix(
        (np.concatenate(values), np.array(columns, np.int32), np.array(ends)),
        shape=(len(documents), len(numbers)),
    )


def descend(rows: sparse.csr_matrix, targets: Floats, *, epochs: int) -> tuple[Floats, Floats]:
    """Adagrad per feature over mini-batches; only the features of a batch are touched."""
    count, width = rows.shape
    weights = np.zeros((width, targets.shape[1]), np.float32)
    squares = np.full((width, 1), 1e-6, np.float32)
    bias = np.zeros(targets.shape[1], np.float32)
    rng = np.random.default_rng(SEED)
    for _ in range(epochs):
        order = rng.permutation(count)
        for start in range(0, count, BATCH):
            chosen = order[start : start + BATCH]
            batch = rows[chosen]
            difference = _softmax(batch @ weights + bias) - targets[chosen]
            active, place = np.unique(batch.indices, return_inverse=True)
            local = sparse.csr_matrix(
                (batch.data, place.astype(np.int32), batch.indptr), shape=(len(chosen), len(active))
            )
            slope = (local.T @ difference) * (10 / len(chosen))
            squares[active] += (slope * slope).mean(axis=1, keepdims=True)
            weights[active] -= RATE * slope / np.sqrt(squares[active])
            bias -= RATE * 0.1 * difference.mean(axis=0)
    return weights, bias


def settle(rows: sparse.csr_matrix, targets: Floats, *, regular: float, steps: int) -> tuple[Floats, Floats]:
    """Find the weights of least regularised loss (L-BFGS): slower than `descend` and better, for few classes.

    Args:
        rows: documents × features.
        targets: documents × classes, each row adds up to one.
        regular: how small weights are held; the bias is not.
        steps: at most so many.
    """
    width, classes = rows.shape[1], targets.shape[1]
    turned = rows.T.tocsr()

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights, bias = flat[:-classes].reshape(width, classes), flat[-classes:]
        scores = rows @ weights + bias
        shares = _softmax(scores)
        slope = shares - targets
        value = -(targets * np.log(shares + 1e-12)).sum() + regular * (weights * weights).sum() / 2
        return float(value), np.concatenate([
            (turned @ slope + regular * weights).ravel(), slope.sum(axis=0)
        ])  # fmt: skip

    found = optimise.minimize(
        loss, np.zeros((width + 1) * classes), jac=True, method="L-BFGS-B", options={"maxiter": steps}
    ).x
    return found[:-classes].reshape(width, classes).astype(np.float32), found[-classes:].astype(np.float32)


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = powers / powers.sum(axis=1, keepdims=True)
    return result
