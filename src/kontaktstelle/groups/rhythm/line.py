"""A line of tokens that the grammar reads by patterns over their kinds, taking away what it has understood."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .tokens import Token

# Stands where something was understood, so that what stood apart does not become neighbours.
TAKEN = "_"


class Doubt(Exception):  # noqa: N818 - a finding about the text, no fault
    """The text says something about time that cannot be read with certainty: it stays a text."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place where a pattern matched: where it was, and its tokens."""

    at: int
    tokens: tuple[Token, ...]
    match: re.Match[str]

    def of(self, kind: str) -> list[Token]:
        """Return the tokens of one kind (or of several, given as letters)."""
        return [token for token in self.tokens if token.kind in kind]

    def group(self, name: str) -> list[Token]:
        """Return the tokens of a named group."""
        first, last = self.match.span(name)
        return list(self.tokens[first - self.at : last - self.at]) if first >= 0 else []

    @property
    def before(self) -> str:
        """The kinds in front of the place."""
        return self.match.string[: self.match.start()]

    @property
    def after(self) -> str:
        """The kinds behind the place."""
        return self.match.string[self.match.end() :]


class Line:
    """The tokens not understood yet.

    Attributes:
        tokens: the tokens; changed by the methods only.
        kinds: their kinds, one letter each.
    """

    def __init__(self, tokens: Iterable[Token]) -> None:
        self.tokens = list(tokens)
        self.kinds = ""
        self._note_kinds()

    def _note_kinds(self) -> None:
        # Every pattern runs over this string; putting it together for each of them took most of the time.
        self.kinds = "".join([token.kind for token in self.tokens])

    def find(self, pattern: str, when: Callable[[Found], bool] | None = None) -> list[Found]:
        """Return the places where a pattern matches and a condition holds."""
        places = [
            Found(match.start(), tuple(self.tokens[match.start() : match.end()]), match)
            for match in re.finditer(pattern, self.kinds)
        ]
        return places if when is None else [place for place in places if when(place)]

    def cut(self, pattern: str, when: Callable[[Found], bool] | None = None) -> list[Found]:
        """Take the places away as if they had not been written: times and exceptions stand anywhere."""
        places = self.find(pattern, when)
        for place in reversed(places):
            del self.tokens[place.at : place.at + len(place.tokens)]
        if places:
            self._note_kinds()
        return places

    def take(self, pattern: str, when: Callable[[Found], bool] | None = None) -> list[Found]:
        """Take the places away and leave a mark of the same length."""
        places = self.find(pattern, when)
        for place in places:
            self.tokens[place.at : place.at + len(place.tokens)] = [Token(TAKEN)] * len(place.tokens)
        if places:
            self._note_kinds()
        return places

    def put(self, at: int, token: Token) -> None:
        """Put another token in place of one."""
        self.tokens[at] = token
        self._note_kinds()

    def refuse(self, pattern: str, when: Callable[[Found], bool] | None = None) -> None:
        """Raise Doubt where a pattern matches."""
        if self.find(pattern, when):
            raise Doubt
