"""What was learnt of topics: a classifier from words to topics, and which words the phrase bank knows.

Files in `topics/model/`, written by `learning`: those of `classifier`, `idf.npy`, `function_words.txt`, `german.tsv` (words of
the German phrases and how often). The classes are the topics in the order of `tree.TOPICS` and, last, "nothing".
"""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .classifier import Classifier, ModelMissing
from .features import as_word
from .tree import TOPICS

DIRECTORY = Path(__file__).parent / "model"
CLASSES = (*TOPICS, "-")
NOTHING = len(CLASSES) - 1
# In idf: up to three times as many phrases as a word of a single phrase.
SELDOM = 1.1


@dataclass(slots=True)
class Model:
    """The classifier of topics, with what is known of single words."""

    topics: Classifier
    idf: npt.NDArray[np.float32]
    function_words: frozenset[str]
    german: dict[str, int]
    seldom_from: float = field(init=False)

    def __post_init__(self) -> None:
        """Find once what tells seldom words from others."""
        self.seldom_from = float(self.idf.max()) - SELDOM

    def scores(self, words: list[str]) -> npt.NDArray[np.float32] | None:
        """Return the score of each class for folded words, or None if they are no words this model has learnt of."""
        return self.topics.scores(words)

    def knows(self, word: str) -> bool:
        """Say whether a folded word stands in the bank."""
        return as_word(word) in self.topics.features

    def is_seldom(self, word: str) -> bool:
        """Say whether a folded word stands in so few phrases that it tells more of one group than of a topic."""
        number = self.topics.features.get(as_word(word))
        return number is not None and bool(self.idf[number] > self.seldom_from)

    def save(self, directory: Path = DIRECTORY) -> None:
        """Write the model."""
        self.topics.save(directory)
        np.save(directory / "idf.npy", self.idf)
        (directory / "function_words.txt").write_text(
            "\n".join(sorted(self.function_words)), encoding="utf-8"
        )
        (directory / "german.tsv").write_text(
            "\n".join(f"{word}\t{count}" for word, count in sorted(self.german.items())), encoding="utf-8"
        )


@lru_cache(maxsize=1)
def load() -> Model:
    """Return the built model.

    Raises:
        ModelMissing: `make install` builds it.
    """
    topics = Classifier.read(DIRECTORY, CLASSES)
    try:
        idf = np.load(DIRECTORY / "idf.npy")
        function_words = frozenset((DIRECTORY / "function_words.txt").read_text(encoding="utf-8").split("\n"))
        counted = (
            line.split("\t") for line in (DIRECTORY / "german.tsv").read_text(encoding="utf-8").split("\n")
        )
        german = {word: int(count) for word, count in counted}
    except OSError as error:
        raise ModelMissing(
            "Das gelernte Modell fehlt. „make install“ baut es aus der Phrasensammlung."
        ) from error
    return Model(topics, idf, function_words, german)
