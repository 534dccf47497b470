"""The gazetteer in memory: places by folded name and by postcode, Kreise by key and name.

One place per name and Kreis; its coordinates are the mean of its postcodes', its size the number of them (the only
measure of size the data have: the more postcodes, the bigger the town). Read once, 0.1 s.
"""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]|\s*/.*$|,.*$")
# What follows a name to tell it from its namesakes: "Freiburg im Breisgau" is also asked for as "Freiburg".
_TAIL = re.compile(
    r" (?:am|an der|an dem|an|auf|a d|a|bei|b|im|in der|in|i d|i|ob der|ob|unter|vor der|vor|v d|vom|zu|zum|hinter)( .*)$"
)
_HEAD = re.compile(
    r"^(?:lutherstadt|hansestadt|universitatsstadt|landeshauptstadt|stadt|gemeinde|markt|kreisstadt|klingenstadt|barlachstadt|reuterstadt|bruder grimm stadt) "
)
_WORDS = re.compile(r"[^\W_]+")
_ABBREVIATIONS = {
    "st": "sankt",
    "hann": "hannoversch",
    "str": "strasse",
    "gr": "gross",
    "kl": "klein",
    "obb": "oberbayern",
    "opf": "oberpfalz",
    "thur": "thuringen",
    "westf": "westfalen",
    "wurtt": "wurttemberg",
}
_KREIS_WORDS = {
    "kreis",
    "landkreis",
    "kreisfreie",
    "stadt",
    "region",
    "hansestadt",
    "stadtverband",
    "stadteregion",
    "lk",
    "freie",
    "und",
    "landeshauptstadt",
    "wissenschaftsstadt",
    "kreisfreien",
}
_LETTERS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "é": "e", "è": "e"})
_SPELLED_OUT = re.compile(r"(?<![aeqou])([aou])e(?![iu])")


@dataclass(slots=True)
class Spot:
    """A named place in one Kreis."""

    name: str
    kreis_key: str
    kreis: str
    land: str
    lat: float
    lon: float
    postcodes: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many postcodes it has."""
        return len(self.postcodes)


@dataclass(slots=True)
class Kreis:
    """A Kreis or kreisfreie Stadt."""

    key: str
    name: str
    land: str
    lat: float
    lon: float
    words: frozenset[str] = field(default_factory=frozenset)


def fold(name: str) -> str:
    """Return a place name folded: lower case, umlauts in every spelling alike, abbreviations written out."""
    plain = _SPELLED_OUT.sub(r"\1", name.lower().translate(_LETTERS))
    return " ".join(_ABBREVIATIONS.get(word, word) for word in _WORDS.findall(plain))


def variants(name: str) -> list[str]:
    """Return the folded ways a place is asked for, the full name first."""
    full = fold(name)
    shorter = [full, fold(_BRACKETS.sub("", name))]
    shorter += [_TAIL.sub("", each) for each in shorter]
    shorter += [_HEAD.sub("", each) for each in shorter]
    return [each for each in dict.fromkeys(shorter) if each]


class Gazetteer:
    """All places, ready to be looked up."""

    def __init__(self) -> None:
        with (DATA / "plz.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter=";"))[1:]
        grouped: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
        self.by_postcode: dict[str, list[Spot]] = defaultdict(list)
        per_kreis: dict[str, list[list[str]]] = defaultdict(list)
        for row in rows:
            grouped[row[1], row[4]].append(row)
            per_kreis[row[4]].append(row)
        self.spots: list[Spot] = []
        for (name, key), same in grouped.items():
            spot = Spot(
                name,
                key,
                same[0][3],
                same[0][2],
                _mean(same, 5),
                _mean(same, 6),
                tuple(sorted({row[0] for row in same})),
            )
            self.spots.append(spot)
            for postcode in spot.postcodes:
                self.by_postcode[postcode].append(spot)
        for spots in self.by_postcode.values():
            spots.sort(key=lambda spot: (-spot.size, spot.name))
        # A postcode's own coordinates, finer than its town's.
        self.at_postcode = {
            postcode: (_mean(same, 5), _mean(same, 6)) for postcode, same in _by(rows, 0).items()
        }
        self.kreise = {
            key: Kreis(
                key,
                _shown_kreis(key, same[0][3]),
                same[0][2],
                _mean(same, 5),
                _mean(same, 6),
                kreis_words(same[0][3]),
            )
            for key, same in per_kreis.items()
        }

    @cached_property
    def by_name(self) -> dict[str, list[tuple[Spot, bool]]]:
        """Folded name → places, and whether this is the full name."""
        index: dict[str, list[tuple[Spot, bool]]] = defaultdict(list)
        for spot in self.spots:
            for rank, variant in enumerate(variants(spot.name)):
                index[variant].append((spot, rank == 0))
        return dict(index)

    @cached_property
    def kreis_by_name(self) -> dict[str, list[Kreis]]:
        """Folded name of a Kreis with or without its kind → Kreise."""
        index: dict[str, list[Kreis]] = defaultdict(list)
        for kreis in self.kreise.values():
            names = {fold(kreis.name)}
            words = [word for word in fold(kreis.name).split() if word not in _KREIS_WORDS]
            names |= {
                " ".join(words),
                f"kreis {' '.join(words)}",
                f"landkreis {' '.join(words)}",
                f"lk {' '.join(words)}",
                f"region {' '.join(words)}",
            }
            for name in names:
                index[name].append(kreis)
        return dict(index)


def kreis_words(name: str) -> frozenset[str]:
    """Return the words that tell a Kreis from others."""
    return frozenset(word for word in fold(name).split() if word not in _KREIS_WORDS)


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Return the gazetteer, read at first use."""
    return Gazetteer()


_CITIES_BELOW = {
    "01": 50,
    "02": 99,
    "03": 50,
    "04": 99,
    "05": 50,
    "10": 0,
    "11": 99,
    "12": 60,
    "13": 60,
    "15": 50,
    "16": 60,
}
_CITY_TENS = {"06": {"1"}, "09": {"6"}, "14": {"1"}}
_CITIES_OF_BW = {"08111", "08121", "08211", "08212", "08221", "08222", "08231", "08311", "08421"}


def is_city(kreis_key: str) -> bool:
    """Say whether this key is a kreisfreie Stadt, by the official numbering of each Land."""
    land, rest = kreis_key[:2], kreis_key[3:]
    if not rest.isdigit():
        return False
    if land == "08":
        return kreis_key in _CITIES_OF_BW
    if land == "07":
        return int(rest) <= 20  # noqa: PLR2004 - Rheinland-Pfalz numbers its cities up to 20
    if land in _CITY_TENS:
        return rest[0] in _CITY_TENS[land]
    return int(rest) < _CITIES_BELOW.get(land, 0)


def _shown_kreis(key: str, name: str) -> str:
    """Return how people call a Kreis: "Kreisfreie Stadt Dresden" is Dresden, "Unna" is Kreis Unna."""
    bare = re.sub(r"^(?:Kreisfreie Stadt|Landeshauptstadt|Hansestadt|Stadt) |, .*$", "", name)
    if is_city(key) or re.search(r"kreis\b|^Kreis |^Landkreis |Region|Regionalverband|Kreis$", name):
        return bare
    return f"{'Kreis' if key[:2] in {'01', '05'} else 'Landkreis'} {bare}"


def _by(rows: list[list[str]], column: int) -> dict[str, list[list[str]]]:
    index: dict[str, list[list[str]]] = defaultdict(list)
    for row in rows:
        index[row[column]].append(row)
    return index


def _mean(rows: list[list[str]], column: int) -> float:
    return round(sum(float(row[column]) for row in rows) / len(rows), 5)
