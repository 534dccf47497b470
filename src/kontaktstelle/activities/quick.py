"""A line as one would say it: „3 Posts“, „Infostand 120 am 12.3.“, „Fortbildung Erste Hilfe 14, 5 warten“. Pure.

A number before the kind says how often, one behind it how many were reached; „90 Minuten“ or „2 Stunden“ how long. What
is left is what it was about.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from kontaktstelle.organisation.models import Site
from kontaktstelle.refusal import StepRefused

from . import kinds
from .kinds import Kind
from .log import Facts

_DAY = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{2}|\d{4})?$")
_NUMBER = re.compile(r"^\d{1,3}(?:\.\d{3})+$|^\d{1,7}$")
_HOURS, _MINUTES = {"stunden", "stunde", "std", "h"}, {"minuten", "min"}
_WAITING = {"warten", "wartend", "warteliste", "wartende"}
_MONTHS = (
    "januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember",
)  # fmt: skip
_FILLERS = {"am", "im", "in", "vom", "mit", "und", "x", "mal", "auf", "der"}
MOST_WORDS_OF_A_KIND = 4


class LineUnclear(StepRefused):
    """A line in which no kind is named."""

    sentence = "Wir finden darin keine Art. Schreiben Sie zum Beispiel „3 Posts“ oder „Infostand 120 am 12.3.“, oder füllen Sie die Felder aus."


def read(line: str, *, today: date, sites: Mapping[str, Site]) -> Facts:
    """Return what a line says.

    Args:
        line: as typed.
        today: stands where no day or month is named.
        sites: the office's, by a word that means each, in small letters.

    Raises:
        LineUnclear: no kind is named in it.
    """
    words = [word for word in (word.strip(",;:()„“\"'") for word in line.split()) if word]
    kind, start, end = _kind(words)
    said = _Said(words[end:], today, sites)
    said.read()
    times = next((_number(word) for word in words[:start] if _NUMBER.match(word)), 1)
    before = [word for word in words[:start] if not _NUMBER.match(word) and word.lower() not in _FILLERS]
    if "day" not in said.facts and "month" not in said.facts:
        said.facts["day"] = today
    said.facts.setdefault("month", said.facts.get("day"))
    return Facts(kind.key, times=times, text=" ".join(before + said.left), **said.facts)


class _Said:
    """What stands behind the kind: each word is a day, a month, a number, a site, or what it was about."""

    def __init__(self, words: list[str], today: date, sites: Mapping[str, Site]) -> None:
        self.words, self.today, self.sites = words, today, sites
        self.facts: dict[str, Any] = {}
        self.left: list[str] = []

    def read(self) -> None:
        place = 0
        while place < len(self.words):
            word = self.words[place]
            following = self.words[place + 1].lower() if place + 1 < len(self.words) else ""
            place += 1 + self._take(word, word.lower(), following)
        while self.left and self.left[-1].lower() in _FILLERS:
            self.left.pop()

    def _take(self, word: str, small: str, following: str) -> int:
        """Take a word in, and return how many of those behind it belonged to it."""
        if (day := _day(small, self.today)) is not None:
            self.facts["day"] = day
        elif (month := _month(small, following, self.today)) is not None:
            self.facts["month"], by_year = month
            return by_year
        elif _NUMBER.match(word):
            name, factor = _unit(following)
            self.facts[name] = _number(word) * factor
            return int(name != "reached")
        elif small in _WAITING and _NUMBER.match(following):
            self.facts["waiting"] = _number(following)
            return 1
        elif small in self.sites and "site" not in self.facts:
            self.facts["site"] = self.sites[small]
        elif small not in _FILLERS or self.left:
            self.left.append(word)
        return 0


def _kind(words: list[str]) -> tuple[Kind, int, int]:
    for length in range(MOST_WORDS_OF_A_KIND, 0, -1):
        for start in range(len(words) - length + 1):
            found = kinds.meant(" ".join(words[start : start + length]))
            if found is not None:
                return found, start, start + length
    raise LineUnclear


def _number(word: str) -> int:
    return int(word.replace(".", ""))


def _unit(following: str) -> tuple[str, int]:
    if following in _HOURS:
        return "minutes", 60
    if following in _MINUTES:
        return "minutes", 1
    return ("waiting", 1) if following in _WAITING else ("reached", 1)


def _day(word: str, today: date) -> date | None:
    if word in {"heute", "gestern"}:
        return today - timedelta(days=word == "gestern")
    said = _DAY.match(word)
    if said is None:
        return None
    day, month, year = int(said[1]), int(said[2]), said[3]
    try:
        if year:
            return date(int(year) + 2000 * (len(year) == 2), month, day)  # noqa: PLR2004 - two digits of a year
        found = date(today.year, month, day)
        return found if found <= today else found.replace(year=today.year - 1)
    except ValueError:
        return None


def _month(word: str, following: str, today: date) -> tuple[date, int] | None:
    """Return the month a word names, and whether the next word was its year."""
    if word not in _MONTHS:
        return None
    number = _MONTHS.index(word) + 1
    if re.match(r"^20\d\d$", following):
        return date(int(following), number, 1), 1
    found = date(today.year, number, 1)
    return (found if found <= today else found.replace(year=today.year - 1)), 0
