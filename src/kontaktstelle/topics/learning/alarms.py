"""Learn danger and need from utterances judged by hand (`data/danger/learn*.tsv`), with calm phrases of the bank beside them.

Never from `held_out.tsv`. The concepts of an utterance are learnt from only where nobody who wrote the patterns had read
it: what a pattern was written for says nothing about how far it can be trusted.
"""

from random import Random

import numpy as np

from kontaktstelle.topics import bank, folding
from kontaktstelle.topics.classifier import Classifier
from kontaktstelle.topics.danger import concepts, learnt, misspelling, recognising, rules
from kontaktstelle.topics.features import features
from kontaktstelle.topics.tree import DATA, rows

from .fitting import SEED, Floats, matrix, number, settle, with_errors

# Phrases of these topics may show danger themselves; they count only where somebody judged them.
SENSITIVE = frozenset(
    """suicidality suicide-bereaved self-harm domestic-violence stalking sexual-abuse sexual-abuse-men abuse-parents
    violence-perpetrators emotional-abuse crime-victims""".split()
)
PATTERNS_WRITTEN_FOR = frozenset({"learn.tsv", "learn_more.tsv", "learn_bank.tsv"})
REGULAR = 0.05
STEPS = 80
# Ordinary words near to those of danger that the bank may not have.
FURTHER = frozenset("schlafe schlafen schlaft geschlafen schlafend streben sterne bretter klagen".split())
_NUMBER = {name: at for at, name in enumerate(learnt.CLASSES)}


def learn() -> Classifier:
    """Learn from all utterances there are."""
    rng = Random(SEED)  # noqa: S311 - reproducible, not secret
    plain: list[list[str]] = []
    noisy: list[list[str]] = []
    targets: list[Floats] = []
    for judged, text, with_signs in _judged():
        plain.append(_document(text, with_signs=with_signs))
        noisy.append(_document(with_errors(text, rng), with_signs=with_signs))
        targets.append(np.eye(len(learnt.CLASSES), dtype=np.float32)[_NUMBER.get(judged, _NUMBER["calm"])])
    numbers, idf = number(plain)
    weights, bias = settle(
        matrix(plain + noisy, numbers, idf),
        np.array(targets + targets, np.float32),
        regular=REGULAR,
        steps=STEPS,
    )
    return Classifier.packed(learnt.CLASSES, numbers, weights, bias, idf, sizes=learnt.PIECES)


def _judged() -> list[tuple[str, str, bool]]:
    """Return what utterances were judged to be, their text, and whether their concepts count."""
    judged = [
        (row[0], row[3], file.name not in PATTERNS_WRITTEN_FOR)
        for file in sorted((DATA / "danger").glob("learn*.tsv"))
        for row in rows(file)
    ]
    calm = [phrase.text for phrase in bank.phrases() if SENSITIVE.isdisjoint(phrase.exact[:1])]
    return judged + [("calm", text, True) for text in calm]


def _document(text: str, *, with_signs: bool) -> list[str]:
    words = folding.words(text)[: recognising.LONGEST]
    german = recognising.german(words)
    found = recognising.find(words, german) if with_signs else set()
    rule = rules.acute(found)
    return features(learnt.read(words, german)) + learnt.signs(found, rule.kind if rule else "")


def ordinary_words() -> list[str]:
    """Return words of the bank, rightly spelt, that are only near to words of danger: they are no misspellings."""
    misspelling.ORDINARY.unlink(missing_ok=True)
    misspelling.ordinary.cache_clear()
    known = concepts.load()
    spelt = {
        word
        for phrase in [*bank.phrases(), *bank.vocabulary()]
        if "misspelt" not in {phrase.kind, phrase.flag}
        for word in folding.words(phrase.text)
    }
    return sorted(FURTHER | {word for word in spelt if known.only_nearly(word)})


def build() -> Classifier:
    """Write `danger/model/`: ordinary words first, which what is learnt then knows."""
    learnt.DIRECTORY.mkdir(exist_ok=True)
    misspelling.ORDINARY.write_text("\n".join(ordinary_words()) + "\n", encoding="utf-8")
    misspelling.ordinary.cache_clear()
    learned = learn()
    learned.save(learnt.DIRECTORY)
    learnt.load.cache_clear()
    return learned
