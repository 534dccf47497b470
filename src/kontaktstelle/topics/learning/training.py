"""Train a softmax classifier over features of words, with typing errors made on purpose.

Each phrase is learnt twice: as it stands, and with errors as people make them, so that pieces of words carry the
meaning. Exactly right topics share the target, acceptable ones get `ACCEPTABLE` of a share; groups that speak a language
none where they would only do too: `resolving` tells them by the language, and learnt from every phrase in it they would
stand before what troubles people. Deterministic: fixed seeds.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from random import Random

import numpy as np

from kontaktstelle.topics import folding
from kontaktstelle.topics.bank import Phrase
from kontaktstelle.topics.classifier import Classifier
from kontaktstelle.topics.features import features
from kontaktstelle.topics.languages import SPOKEN_IN, lexicons
from kontaktstelle.topics.model import CLASSES, NOTHING, Model

from .fitting import SEED, Floats, descend, matrix, number, with_errors

ACCEPTABLE = 0.25
EPOCHS = 3
FUNCTION_WORD_TOPICS = 60
_SPOKEN = frozenset(SPOKEN_IN.values())
_NUMBER = {topic: number for number, topic in enumerate(CLASSES)}


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
    numbers, idf = number(plain)
    rows = matrix(plain + noisy, numbers, idf)
    targets = np.array([_target(phrase) for phrase in known], np.float32)
    weights, bias = descend(rows, np.concatenate([targets, targets]), epochs=epochs)
    return Model(Classifier.packed(CLASSES, numbers, weights, bias, idf, whole), idf, whole, _german(known))


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


def _target(phrase: Phrase) -> Floats:
    target = np.zeros(len(CLASSES), np.float32)
    if not phrase.exact and not phrase.acceptable:
        target[NOTHING] = 1
        return target
    for topic in phrase.exact:
        target[_NUMBER[topic]] += 1
    for topic in phrase.acceptable:
        if topic not in _SPOKEN or _SPOKEN.issuperset(phrase.exact):
            target[_NUMBER[topic]] += ACCEPTABLE
    result: Floats = target / target.sum()
    return result
