"""A linear classifier over features of words: rows of whole numbers, mapped into memory and shared by all workers.

Written by `learning`, used for topics (`model`) and for danger (`danger.learnt`). Files in a directory: `features.txt` (one a
line), `weights.npy` (int8, features × classes), `scales.npy` (by feature: what one step of its int8 is worth, its squared
length), `bias.npy`, `classes.txt`.
The row of a word the bank knows holds its pieces already, so that a search adds up a row for each word and pair; only
words nobody listed are cut into pieces.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from .features import PIECES, as_pair, as_word, pieces

# Words of which none is known and so large a part of whose pieces is not either are no language ("xqzt blubb").
STRANGE = 0.5


class ModelMissing(Exception):  # noqa: N818 - named for what to do about it
    """The model was not built, or for other classes."""


@dataclass(slots=True)
class Classifier:
    """Weights by feature; `scores` adds them up."""

    classes: tuple[str, ...]
    features: dict[str, int]
    weights: npt.NDArray[np.int8]
    steps: npt.NDArray[np.float32]
    squares: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    sizes: tuple[int, ...] = PIECES

    def scores(self, words: Sequence[str], further: Iterable[str] = ()) -> npt.NDArray[np.float32] | None:
        """Return the score of each class for folded words, or None if they are no words this classifier has learnt of.

        Args:
            words: folded, in order.
            further: features beside those of the words.
        """
        numbers = self._numbers(words)
        numbers.update(self.features.get(feature, -1) for feature in further)
        numbers.discard(-1)
        if not numbers:
            return None
        rows = np.fromiter(numbers, np.intp, len(numbers))
        amounts = self.steps[rows] / np.float32(sqrt(self.squares[rows].sum()))
        result: npt.NDArray[np.float32] = amounts @ self.weights[rows].astype(np.float32)
        result += self.bias
        return result

    def _numbers(self, words: Sequence[str]) -> set[int]:
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
                cut = [known(piece, -1) for piece in pieces(word, self.sizes)]
                numbers.update(cut)
                tried += len(cut) + 1
                strange += cut.count(-1) + 1
            if previous:
                numbers.add(known(as_pair(previous, word), -1))
            previous = word
        return numbers if is_language or strange <= STRANGE * tried else set()

    @classmethod
    def packed(  # noqa: PLR0917 - the parts of a classifier
        cls,
        classes: tuple[str, ...],
        numbers: dict[str, int],
        weights: npt.NDArray[np.float32],
        bias: npt.NDArray[np.float32],
        idf: npt.NDArray[np.float32],
        whole: Collection[str] = frozenset(),
        sizes: tuple[int, ...] = PIECES,
    ) -> Self:
        """Add the pieces of each known word to its row; round weights to int8, a row's largest weight is 127 steps.

        `sizes`: into pieces of how many letters words nobody listed will be cut; others are then needed no more.
        """
        rows = weights * idf[:, None]
        squares = idf * idf
        cut: set[str] = set()
        for name, number in numbers.items():
            if name.startswith(as_word("")) and (word := name[1:]) not in whole:
                known = {piece for piece in pieces(word) if piece in numbers}
                cut |= known
                parts = sorted(numbers[piece] for piece in known)
                rows[number] += (weights[parts] * idf[parts, None]).sum(axis=0)
                squares[number] += (idf[parts] ** 2).sum()
        kept = [name for name in numbers if name not in cut or len(name) in sizes]
        chosen = [numbers[name] for name in kept]
        rows, squares = rows[chosen], squares[chosen]
        largest = np.abs(rows).max(axis=1)
        steps = np.where(largest > 0, largest / 127, 1).astype(np.float32)
        return cls(
            classes,
            {name: number for number, name in enumerate(kept)},
            np.round(rows / steps[:, None]).astype(np.int8),
            steps,
            squares.astype(np.float32),
            bias,
            sizes,
        )

    def save(self, directory: Path) -> None:
        """Write the classifier; `classes.txt` ties it to what it was learnt for."""
        directory.mkdir(exist_ok=True)
        np.save(directory / "weights.npy", self.weights)
        np.save(directory / "scales.npy", np.stack([self.steps, self.squares]))
        np.save(directory / "bias.npy", self.bias)
        (directory / "features.txt").write_text("\n".join(self.features), encoding="utf-8")
        (directory / "classes.txt").write_text("\n".join(self.classes), encoding="utf-8")

    @classmethod
    def read(cls, directory: Path, classes: tuple[str, ...], sizes: tuple[int, ...] = PIECES) -> Self:
        """Return the classifier built for these classes.

        Raises:
            ModelMissing: `make install` builds it.
        """
        try:
            if tuple((directory / "classes.txt").read_text(encoding="utf-8").split("\n")) != classes:
                raise ModelMissing(
                    "Das gelernte Modell gehört zu einem anderen Themenbaum. Bitte „make install“ ausführen."
                )
            names = (directory / "features.txt").read_text(encoding="utf-8").split("\n")
            steps, squares = np.load(directory / "scales.npy")
            # As a plain array over the mapped file: the memmap class itself costs more than the look-up.
            weights = np.asarray(np.load(directory / "weights.npy", mmap_mode="r"))
            bias = np.load(directory / "bias.npy")
        except (OSError, ValueError) as error:
            raise ModelMissing(
                "Das gelernte Modell fehlt. „make install“ baut es aus der Phrasensammlung."
            ) from error
        numbered = {name: number for number, name in enumerate(names)}
        return cls(classes, numbered, weights, steps, squares, bias, sizes)
