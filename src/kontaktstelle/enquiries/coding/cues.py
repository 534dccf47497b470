"""Cues: what words in a note tell a code, as tables of patterns.

A pattern is words in order: "@NAME" any word of that name in `words.tsv`, "a|b" either, "stem*" and "*tail" parts of words,
"b+c" two words as one
of these, "_" any one word, "~" up to three words, "^" the clause begins, "$" it ends. Patterns are folded like everything else.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from kontaktstelle.topics import folding, tree

TABLES = Path(__file__).parent
_GAP = r"(?: [^ ]+){0,3}?"


@dataclass(frozen=True, slots=True)
class Cue:
    """A row of a table: its leading columns and what it looks for."""

    columns: tuple[str, ...]
    pattern: re.Pattern[str]

    def first(self, words: tuple[str, ...]) -> int | None:
        """Return the number of the first word it fits from, or None."""
        line = " " + " ".join(words)
        match = self.pattern.search(line + " ")
        return None if match is None else line.count(" ", 0, match.start())

    def fits(self, words: tuple[str, ...]) -> bool:
        """Say whether it fits anywhere in a clause."""
        return self.first(words) is not None


@cache
def table(name: str) -> tuple[Cue, ...]:
    """Return the rows of a table in order; the last column holds the patterns."""
    return tuple(
        Cue(
            tuple(leading),
            re.compile("|".join(_compiled(each) for each in patterns.split(";") if each.strip())),
        )
        for *leading, patterns in tree.rows(TABLES / f"{name}.tsv")
    )


@cache
def word(name: str) -> Cue:
    """Return a cue for one word of a named list."""
    return Cue((name,), re.compile(_compiled(f"@{name}")))


def is_one(name: str, said: str) -> bool:
    """Say whether a folded word belongs to a named list."""
    return _whole(name).fullmatch(said) is not None


@cache
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(_listed(name))


@cache
def _listed(name: str) -> str:
    """Return the expression for one word of a named list."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for each in _lists()[name]:
        (unwanted if each.startswith("!") else wanted).append(_glob(each.lstrip("!")))
    refuse = f"(?!(?:{'|'.join(unwanted)})(?: |$))" if unwanted else ""
    return f"{refuse}(?:{'|'.join(wanted)})"


@lru_cache(maxsize=1)
def _lists() -> dict[str, list[str]]:
    return {name: words.split() for name, words in tree.rows(TABLES / "words.tsv")}


def _compiled(pattern: str) -> str:
    parts = []
    for item in pattern.split():
        if item == "^":
            parts.append("^")
        elif item == "$":
            parts.append("(?= $)")
        elif item == "~":
            parts.append(_GAP)
        elif item == "_":
            parts.append(" [^ ]+")
        else:
            start = item.startswith("^")
            either = "|".join(
                " ".join(
                    _listed(each[1:]) if each.startswith("@") else _glob(each) for each in words.split("+")
                )
                for words in item.lstrip("^").split("|")
            )
            parts.append(("^" if start else "") + f" (?:{either})(?= )")
    return "".join(parts)


def _glob(word: str) -> str:
    stem = re.escape(folding.fold(word.strip("*")))
    return ("[^ ]*" if word.startswith("*") else "") + stem + ("[^ ]*" if word.endswith("*") else "")
