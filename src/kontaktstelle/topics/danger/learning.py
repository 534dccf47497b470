"""Learn the second opinion and exempt ordinary words: `python -m kontaktstelle.topics.danger.learning`.

From the utterances judged by hand (`data/danger/learn*.tsv`) against the phrase bank, whose phrases count as calm; those of
topics where danger is talked about are left out unless judged. Never from `held_out.tsv`. Deterministic.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.optimize as optimise
from scipy import sparse

from kontaktstelle.topics import bank, folding
from kontaktstelle.topics.tree import DATA, rows

from . import concepts, learnt, misspelling, recognising

# Phrases of these topics may show danger themselves; they count only where somebody judged them.
SENSITIVE = frozenset(
    """suicidality suicide-bereaved self-harm domestic-violence stalking sexual-abuse sexual-abuse-men abuse-parents
    violence-perpetrators emotional-abuse crime-victims""".split()
)
OF_THE_BANK = 0.5
# Every so many phrases of the bank are enough.
EVERY = 1
SEEN_AT_LEAST = 2
REGULAR = 0.3
STEPS = 80
LEAST_WEIGHT = 10
# Ordinary words near to those of danger that the bank may not have.
FURTHER = frozenset("schlafe schlafen schlaft geschlafen schlafend streben sterne bretter klagen".split())
CALM = learnt.CLASSES.index("calm")

Floats = npt.NDArray[np.float64]


def exempt_ordinary_words() -> None:
    """Write `ordinary.txt`: words of the bank, rightly spelt, that are only near to words of danger."""
    misspelling.ORDINARY.unlink(missing_ok=True)
    misspelling.ordinary.cache_clear()
    known = concepts.load()
    spelt = {
        word
        for phrase in [*bank.phrases(), *bank.vocabulary()]
        if "misspelt" not in {phrase.kind, phrase.flag}
        for word in folding.words(phrase.text)
    }
    exempt = sorted(FURTHER | {word for word in spelt if known.only_nearly(word)})
    misspelling.ORDINARY.write_text("\n".join(exempt) + "\n", encoding="utf-8")
    misspelling.ordinary.cache_clear()


def learn() -> None:
    """Learn and write `weights.tsv`."""
    texts, targets, shares = _examples()
    documents = [_features(text) for text in texts]
    seen = Counter(feature for document in documents for feature in document)
    numbers = {
        feature: number
        for number, feature in enumerate(sorted(f for f, count in seen.items() if count >= SEEN_AT_LEAST))
    }
    weights = _descend(_matrix(documents, numbers), np.array(targets), np.array(shares), numbers[learnt.BIAS])
    # Only differences between classes matter: the mean is taken out so that small weights can be left out.
    hundredths = np.rint((weights - weights.mean(axis=1, keepdims=True)) * learnt.SCALE).astype(int)
    lines = [
        "\t".join([feature, *map(str, hundredths[number])])
        for feature, number in numbers.items()
        if np.abs(hundredths[number]).max() >= LEAST_WEIGHT
    ]
    learnt.FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    learnt.load.cache_clear()


def _examples() -> tuple[list[str], list[int], list[float]]:
    judged = [row for file in sorted((DATA / "danger").glob("learn*.tsv")) for row in rows(file)]
    calm = [
        phrase.text
        for number, phrase in enumerate(
            phrase for phrase in bank.phrases() if SENSITIVE.isdisjoint(phrase.exact[:1])
        )
        if number % EVERY == 0
    ]
    classes = {name: number for number, name in enumerate(learnt.CLASSES)}
    return (
        [row[3] for row in judged] + calm,
        [classes.get(row[0], CALM) for row in judged] + [CALM] * len(calm),
        [1.0] * len(judged) + [OF_THE_BANK] * len(calm),
    )


def _features(text: str) -> dict[str, float]:
    words = folding.words(text)[: recognising.LONGEST]
    meant = recognising.german(words)
    return learnt.features(recognising.find(words, meant), words, meant)


def _matrix(documents: Sequence[dict[str, float]], numbers: dict[str, int]) -> sparse.csr_matrix:
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for document in documents:
        for feature, value in document.items():
            if feature in numbers:
                columns.append(numbers[feature])
                values.append(value)
        ends.append(len(columns))
    return sparse.csr_matrix((values, columns, ends), shape=(len(documents), len(numbers)))


def _descend(matrix: sparse.csr_matrix, targets: npt.NDArray[np.int64], shares: Floats, bias: int) -> Floats:
    """Minimise the weighted log loss of a softmax; the bias is not held small."""
    count, width, classes = matrix.shape[0], matrix.shape[1], len(learnt.CLASSES)
    wanted = np.zeros((count, classes))
    wanted[np.arange(count), targets] = 1
    held = np.full((width, 1), REGULAR)
    held[bias] = 0
    turned = matrix.T.tocsr()

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(width, classes)
        scores = matrix @ weights
        scores -= scores.max(axis=1, keepdims=True)
        powers = np.exp(scores)
        totals = powers.sum(axis=1, keepdims=True)
        right = scores[np.arange(count), targets] - np.log(totals[:, 0])
        slope = turned @ (shares[:, None] * (powers / totals - wanted)) + held * weights
        return float(-(shares * right).sum() + (held * weights * weights).sum() / 2), slope.ravel()

    found = optimise.minimize(
        loss, np.zeros(width * classes), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}
    )
    weights: Floats = found.x.reshape(width, classes)
    return weights


if __name__ == "__main__":
    exempt_ordinary_words()
    learn()
