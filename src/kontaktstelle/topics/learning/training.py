"""Train a softmax classifier over features of words, with typing errors made on purpose.

Each phrase is learnt twice: as it stands, and with errors as people make them, so that pieces of words carry the
meaning. Exactly right topics share the target, acceptable ones get `ACCEPTABLE` of a share. Deterministic: fixed seeds.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from random import Random

import numpy as np
import numpy.typing as npt
from scipy import sparse

from kontaktstelle.topics import folding
from kontaktstelle.topics.bank import Phrase
from kontaktstelle.topics.features import as_word, features, pieces
from kontaktstelle.topics.languages import lexicons
from kontaktstelle.topics.model import CLASSES, NOTHING, Model

ACCEPTABLE = 0.25
SEEN_AT_LEAST = 2
EPOCHS = 5
BATCH = 256
RATE = 0.2
SEED = 20261125
FUNCTION_WORD_TOPICS = 60
_NUMBER = {topic: number for number, topic in enumerate(CLASSES)}
_LETTERS = "enirstahdulcgmobkfwzpv"

Floats = npt.NDArray[np.float32]


def learn(phrases: Sequence[Phrase], vocabulary: Sequence[Phrase], *, epochs: int = EPOCHS) -> Model:
    """Learn from phrases and vocabulary.

    Args:
        phrases: of the bank, including those that mean nothing.
        vocabulary: words that mean topics; learnt like phrases.
        epochs: how often everything is seen.
    """
    rng = Random(SEED)  # noqa: S311 - reproducible, not secret
    known = [*phrases, *vocabulary]
    whole = function_words(phrases) - {word for phrase in vocabulary for word in folding.words(phrase.text)}
    plain = [features(_read(phrase.text, phrase.language), whole) for phrase in known]
    noisy = [features(_read(with_errors(phrase.text, rng), phrase.language), whole) for phrase in known]
    seen = Counter(feature for document in plain for feature in set(document))
    names = sorted(
        name for name, count in seen.items() if count >= SEEN_AT_LEAST or (name.startswith(as_word("")) and count)
    )
    numbers = {name: number for number, name in enumerate(names)}
    total = len(plain)
    idf = np.array([np.log((total + 1) / (seen[name] + 1)) + 1 for name in names], np.float32)
    rows = _matrix(plain + noisy, numbers, idf)
    targets = np.array([_target(phrase) for phrase in known], np.float32)
    weights, bias = _descend(rows, np.concatenate([targets, targets]), epochs=epochs)
    return _packed(numbers, weights, bias, idf, whole, _german(known))


def function_words(phrases: Sequence[Phrase]) -> frozenset[str]:
    """Return the words that occur with so many topics that they tell nothing about any (ich, nicht, mehr)."""
    topics: dict[str, set[str]] = defaultdict(set)
    for phrase in phrases:
        for word in folding.words(phrase.text):
            topics[word].update(phrase.exact[:1])
    return frozenset(word for word, of in topics.items() if len(of) > FUNCTION_WORD_TOPICS)


def _read(text: str, language: str) -> list[str]:
    """Return the words as `resolving` reads them: foreign ones also as the German they mean."""
    words = folding.words(text)
    lexicon = lexicons().get(language)
    return words + lexicon.translate(words) if lexicon else words


def _german(phrases: Sequence[Phrase]) -> dict[str, int]:
    """Return the words of the German bank and in how many phrases each stands."""
    return dict(
        Counter(
            word for phrase in phrases if phrase.language == "de" for word in set(folding.words(phrase.text))
        )
    )


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


def _target(phrase: Phrase) -> Floats:
    target = np.zeros(len(CLASSES), np.float32)
    if not phrase.exact and not phrase.acceptable:
        target[NOTHING] = 1
        return target
    for topic in phrase.exact:
        target[_NUMBER[topic]] += 1
    for topic in phrase.acceptable:
        target[_NUMBER[topic]] += ACCEPTABLE
    result: Floats = target / target.sum()
    return result


def _matrix(documents: Sequence[list[str]], numbers: dict[str, int], idf: Floats) -> sparse.csr_matrix:
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


def _descend(rows: sparse.csr_matrix, targets: Floats, *, epochs: int) -> tuple[Floats, Floats]:
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


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = powers / powers.sum(axis=1, keepdims=True)
    return result


def _packed(  # noqa: PLR0917 - the parts of a model
    numbers: dict[str, int],
    weights: Floats,
    bias: Floats,
    idf: Floats,
    whole: frozenset[str],
    german: dict[str, int],
) -> Model:
    """Add the pieces of each known word to its row; round weights to int8, a row's largest weight is 127 steps."""
    rows = weights * idf[:, None]
    squares = idf * idf
    for name, number in numbers.items():
        if name.startswith(as_word("")) and (word := name[1:]) not in whole:
            parts = list({numbers[piece] for piece in pieces(word) if piece in numbers})
            rows[number] += (weights[parts] * idf[parts, None]).sum(axis=0)
            squares[number] += (idf[parts] ** 2).sum()
    largest = np.abs(rows).max(axis=1)
    steps = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    packed = np.round(rows / steps[:, None]).astype(np.int8)
    return Model(numbers, packed, steps, squares.astype(np.float32), idf, bias, whole, german)
