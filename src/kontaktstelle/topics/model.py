"""The learnt classifier: features of words to weights of topics, small enough to be shared by all workers.

Files in `topics/model/`, written by `learning`: `features.txt` (one a line), `weights.npy` (int8, features × classes,
mapped into memory and so shared), `scales.npy` (by feature: what one step of its int8 is worth, its squared length, its
idf), `bias.npy`, `function_words.txt`, `german.tsv` (words of the German phrases and how often).
The row of a word the bank knows holds its pieces already, so that a search adds up a row for each word and pair; only
words nobody listed are cut into pieces.
The classes are the topics in the order of `tree.TOPICS` and, last, "nothing".
"""

from dataclasses import dataclass, field
from functools import lru_cache
from math import sqrt
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .features import as_pair, as_word, pieces
from .tree import TOPICS

DIRECTORY = Path(__file__).parent / "model"
CLASSES = (*TOPICS, "-")
NOTHING = len(CLASSES) - 1
# In idf: up to three times as many phrases as a word of a single phrase.
SELDOM = 1.1
# Words of which none is known and so large a part of whose pieces is not either are no language ("xqzt blubb").
STRANGE = 0.5


class ModelMissing(Exception):  # noqa: N818 - named for what to do about it
    """The model was not built, or for another version of the topics."""


@dataclass(slots=True)
class Model:
    """Weights by feature; `scores` adds them up."""

    features: dict[str, int]
    weights: npt.NDArray[np.int8]
    steps: npt.NDArray[np.float32]
    squares: npt.NDArray[np.float32]
    idf: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    function_words: frozenset[str]
    german: dict[str, int]
    seldom_from: float = field(init=False)

    def __post_init__(self) -> None:
        """Find once what tells seldom words from others."""
        self.seldom_from = float(self.idf.max()) - SELDOM

    def scores(self, words: list[str]) -> npt.NDArray[np.float32] | None:
        """Return the score of each class for folded words, or None if they are no words this model has learnt of."""
        numbers = self._numbers(words)
        if not numbers:
            return None
        rows = np.fromiter(numbers, np.intp, len(numbers))
        amounts = self.steps[rows] / np.float32(sqrt(self.squares[rows].sum()))
        result: npt.NDArray[np.float32] = amounts @ self.weights[rows].astype(np.float32)
        result += self.bias
        return result

    def _numbers(self, words: list[str]) -> set[int]:
        """Return the features of words by their numbers; none if the words are of no language."""
        known = self.features.get
        numbers: set[int] = set()
        is_language = False
        strange = tried = 0
        previous = ""
        for word in words:
            number = known(as_word(word), -1)
            if number >= 0:
                is_language = True
                numbers.add(number)
            else:
                cut = [known(piece, -1) for piece in pieces(word)]
                numbers.update(cut)
                tried += len(cut) + 1
                strange += cut.count(-1) + 1
            if previous:
                numbers.add(known(as_pair(previous, word), -1))
            previous = word
        numbers.discard(-1)
        return numbers if is_language or strange <= STRANGE * tried else set()

    def knows(self, word: str) -> bool:
        """Say whether a folded word stands in the bank."""
        return as_word(word) in self.features

    def is_seldom(self, word: str) -> bool:
        """Say whether a folded word stands in so few phrases that it tells more of one group than of a topic."""
        number = self.features.get(as_word(word))
        return number is not None and bool(self.idf[number] > self.seldom_from)

    def save(self, directory: Path = DIRECTORY) -> None:
        """Write the model; `topics.txt` ties it to the tree it was learnt for."""
        directory.mkdir(exist_ok=True)
        np.save(directory / "weights.npy", self.weights)
        np.save(directory / "scales.npy", np.stack([self.steps, self.squares, self.idf]))
        np.save(directory / "bias.npy", self.bias)
        (directory / "features.txt").write_text("\n".join(self.features), encoding="utf-8")
        (directory / "function_words.txt").write_text(
            "\n".join(sorted(self.function_words)), encoding="utf-8"
        )
        (directory / "german.tsv").write_text(
            "\n".join(f"{word}\t{count}" for word, count in sorted(self.german.items())), encoding="utf-8"
        )
        (directory / "topics.txt").write_text("\n".join(CLASSES), encoding="utf-8")


@lru_cache(maxsize=1)
def load() -> Model:
    """Return the built model.

    Raises:
        ModelMissing: `make install` builds it.
    """
    try:
        if (DIRECTORY / "topics.txt").read_text(encoding="utf-8").split("\n") != list(CLASSES):
            raise ModelMissing(
                "Das gelernte Modell gehört zu einem anderen Themenbaum. Bitte „make install“ ausführen."
            )
        names = (DIRECTORY / "features.txt").read_text(encoding="utf-8").split("\n")
        steps, squares, idf = np.load(DIRECTORY / "scales.npy")
        # As a plain array over the mapped file: the memmap class itself costs more than the look-up.
        weights = np.asarray(np.load(DIRECTORY / "weights.npy", mmap_mode="r"))
        bias = np.load(DIRECTORY / "bias.npy")
        function_words = frozenset((DIRECTORY / "function_words.txt").read_text(encoding="utf-8").split("\n"))
        counted = (
            line.split("\t") for line in (DIRECTORY / "german.tsv").read_text(encoding="utf-8").split("\n")
        )
        german = {word: int(count) for word, count in counted}
    except (OSError, ValueError) as error:
        raise ModelMissing(
            "Das gelernte Modell fehlt. „make install“ baut es aus der Phrasensammlung."
        ) from error
    return Model(
        {name: number for number, name in enumerate(names)},
        weights,
        steps,
        squares,
        idf,
        bias,
        function_words,
        german,
    )
