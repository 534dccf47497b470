"""Find a place by whatever somebody writes: a postcode, a name, "Stadt-Ortsteil", a Kreis.

Nothing is guessed silently: a name several places have is `ambiguous` unless one of them plainly stands out (a city
among villages, a Kreisstadt in the Kreis of its name); a misspelt name or a postcode the data lack says so in `note`.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz, process

from .gazetteer import DATA, Kreis, Spot, fold, gazetteer, is_city, kreis_words

# A namesake stands out if it has so many times as many postcodes as the next one.
STANDS_OUT = 3
ENOUGH_FOR_A_CITY = 4
# A name of so many places ("Neustadt") is asked back, unless one of them is a big city.
VERY_COMMON = 8
BIG_CITY = 10
CLOSE_ENOUGH = 88
CLEARLY_CLOSER = 4
LONGEST = 120
MOST_CHOICES = 12
_POSTCODE = re.compile(r"(?<!\d)(?:D-? ?)?(\d{5})(?!\d)")
_BEFORE_A_PLACE = {
    "in",
    "nahe",
    "nah",
    "bei",
    "um",
    "raum",
    "aus",
    "umgebung",
    "umkreis",
    "region",
    "stadt",
    "kreis",
    "landkreis",
    "ort",
    "von",
    "near",
    "w",
    "kolo",
}
_GREATER = re.compile(r"^(?:in der nahe von|in der nahe|nahe|raum|grossraum|bei|in|um|umgebung|umkreis) ")


@dataclass(frozen=True, slots=True)
class Place:
    """A place: name, postcode if one was asked for, Kreis, Land, coordinates (degrees, WGS 84)."""

    name: str
    kreis_key: str
    kreis: str
    land: str
    lat: float
    lon: float
    postcode: str = ""

    def label(self) -> str:
        """Return the name with its Kreis, to tell it from namesakes."""
        return (
            self.name
            if self.kreis in self.name or self.name in self.kreis.split()
            else f"{self.name} ({self.kreis})"
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a search for a place.

    `kind`: `found`; `nearest` (a close one stands in, `note` says so); `ambiguous` (`choices`, biggest first);
    `unknown` (`note` says what to do).
    """

    kind: str
    place: Place | None = None
    choices: tuple[Place, ...] = ()
    note: str = ""


def find(text: str, *, district: str = "") -> Finding:
    """Find the place somebody wrote.

    Args:
        text: postcode, town, district, Kreis; any spelling.
        district: name of the Kreis or city it lies in, if known (lists of groups have it); decides among namesakes.
    """
    text = text.strip()[:LONGEST]
    if match := _POSTCODE.search(text):
        return _by_postcode(match[1], _POSTCODE.sub(" ", text))
    key = _GREATER.sub("", fold(text))
    if not key:
        return Finding("unknown", note="Bitte geben Sie eine Postleitzahl oder einen Ort ein.")
    return _by_name(key, text, kreis_words(district) if district else frozenset())


@lru_cache(maxsize=1)
def _ordinary_words() -> frozenset[str]:
    """Return folded names of places that are also words of everyday language, from `data/ordinary_words.txt`."""
    file = DATA / "ordinary_words.txt"
    return frozenset(file.read_text(encoding="utf-8").split()) if file.exists() else frozenset()


def in_words(words: list[str]) -> tuple[Place, int, int] | None:
    """Find a place named in a sentence.

    Args:
        words: folded words in order.

    Returns:
        The place and the span of words that name it (start, end); None if none is plainly meant: without "in", "bei",
        "Raum" before it only cities count, and never a name that is also an ordinary word ("Essen", "Hof").
    """
    names = gazetteer().by_name
    for start, word in enumerate(words):
        if len(word) == 5 and word.isdigit():  # noqa: PLR2004 - a German postcode
            found = _by_postcode(word, "")
            if found.place:
                return found.place, start, start + 1
    for start in range(len(words)):
        introduced = start > 0 and words[start - 1] in _BEFORE_A_PLACE
        for end in range(min(len(words), start + 4), start, -1):
            key = " ".join(words[start:end])
            if key not in names or len(key) < 3:  # noqa: PLR2004 - shorter names are not told from words
                continue
            if (
                end - start == 1
                and key in _ordinary_words()
                and not (introduced and _biggest(key) >= ENOUGH_FOR_A_CITY)
            ):
                continue
            if (
                not introduced
                and _biggest(key) < ENOUGH_FOR_A_CITY
                and not any(_is_seat(spot) for spot, _ in names[key])
            ):
                continue
            found = _by_name(key, key, frozenset())
            if found.kind == "found" and found.place:
                return found.place, start, end
    return None


def kreis_name(key: str) -> str:
    """Return how people call a Kreis, or "" for an unknown key."""
    kreis = gazetteer().kreise.get(key)
    return kreis.name if kreis else ""


def kreis_centre(key: str) -> tuple[float, float] | None:
    """Return the middle of a Kreis's places (lat, lon), or None for an unknown key."""
    kreis = gazetteer().kreise.get(key)
    return (kreis.lat, kreis.lon) if kreis else None


def _by_postcode(postcode: str, beside: str) -> Finding:
    all_places = gazetteer()
    spots = all_places.by_postcode.get(postcode)
    if spots:
        wanted = fold(beside)
        spot = next((spot for spot in spots if wanted and fold(spot.name) == wanted), spots[0])
        lat, lon = (
            all_places.at_postcode[postcode] if len(spots) == 1 or spot is spots[0] else (spot.lat, spot.lon)
        )
        return Finding("found", replace(_place(spot), postcode=postcode, lat=lat, lon=lon))
    known = [other for other in all_places.by_postcode if other[:3] == postcode[:3]] or [
        other for other in all_places.by_postcode if other[:2] == postcode[:2]
    ]
    if not known:
        return Finding(
            "unknown",
            note=f"Die Postleitzahl {postcode} gibt es in Deutschland nicht. Bitte prüfen Sie die Zahl oder geben Sie den Ort ein.",
        )
    nearest = min(known, key=lambda other: (abs(int(other) - int(postcode)), other))
    spot = all_places.by_postcode[nearest][0]
    place = replace(_place(spot), postcode=nearest)
    return Finding(
        "nearest",
        place,
        note=f"Die Postleitzahl {postcode} kennen wir nicht. Wir suchen rund um {nearest} {spot.name}.",
    )


def _by_name(key: str, text: str, hint: frozenset[str]) -> Finding:
    all_places = gazetteer()
    if found := all_places.by_name.get(key):
        return _choose(found, hint)
    if kreise := all_places.kreis_by_name.get(key):
        return _kreis(kreise)
    # "Hamburg-Bergedorf": a city and a part of it the data do not name.
    words = key.split()
    for end in range(len(words) - 1, 0, -1):
        head = " ".join(words[:end])
        found = all_places.by_name.get(head)
        if found and any(spot.size >= ENOUGH_FOR_A_CITY or _is_seat(spot) for spot, _ in found):
            choice = _choose(found, hint)
            if choice.place:
                return Finding("found", choice.place, note=f"Wir suchen rund um {choice.place.name}.")
            return choice
    return _misspelt(key, text, hint)


def _misspelt(key: str, text: str, hint: frozenset[str]) -> Finding:
    names = gazetteer().by_name
    close = process.extract(key, names.keys(), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH, limit=5)
    if close and (
        len(close) == 1
        or close[0][1] - close[1][1] >= CLEARLY_CLOSER
        or (close[0][1] >= close[1][1] and _biggest(close[0][0]) >= STANDS_OUT * _biggest(close[1][0]))
    ):
        choice = _choose(names[close[0][0]], hint)
        if choice.place:
            return Finding(
                "nearest",
                choice.place,
                note=f"„{text}“ kennen wir nicht. Wir suchen rund um {choice.place.name}.",
            )
        return choice
    if close:
        return Finding("ambiguous", choices=tuple(_place(names[name][0][0]) for name, *_ in close))
    return Finding(
        "unknown", note=f"Den Ort „{text}“ kennen wir nicht. Bitte versuchen Sie es mit der Postleitzahl."
    )


def _choose(found: list[tuple[Spot, bool]], hint: frozenset[str]) -> Finding:
    spots = [spot for spot, _ in found]
    if hint:
        inside = [spot for spot in spots if kreis_words(spot.kreis) & hint]
        if len(inside) > 1:
            inside = [spot for spot in inside if kreis_words(spot.kreis) == hint] or inside
        if len({spot.kreis_key for spot in inside}) == 1:
            return Finding("found", _place(max(inside, key=lambda spot: spot.size)))
        spots = inside or spots
    if len(spots) == 1:
        return Finding("found", _place(spots[0]))
    full = {id(spot) for spot, is_full in found if is_full}
    order = sorted(
        spots,
        key=lambda spot: (
            not is_city(spot.kreis_key),
            not _is_seat(spot),
            -spot.size,
            id(spot) not in full,
            spot.kreis,
        ),
    )
    by_size = sorted((spot.size for spot in spots), reverse=True)
    first = order[0]
    stands_out = first.size == by_size[0] and (
        first.size >= STANDS_OUT * by_size[1]
        or (_is_seat(first) and not any(_is_seat(other) for other in order[1:]))
    )
    if len(spots) >= VERY_COMMON and first.size < BIG_CITY:
        stands_out = False
    only_full = [spot for spot in spots if id(spot) in full]
    if stands_out:
        return Finding("found", _place(first), choices=tuple(_place(spot) for spot in order[1:MOST_CHOICES]))
    if (
        len(spots) < VERY_COMMON
        and len(only_full) == 1
        and only_full[0].size >= by_size[0]
        and only_full[0].size > min(by_size)
    ):
        return Finding(
            "found",
            _place(only_full[0]),
            choices=tuple(_place(spot) for spot in order if spot is not only_full[0])[:MOST_CHOICES],
        )
    return Finding("ambiguous", choices=tuple(_place(spot) for spot in order[:MOST_CHOICES]))


def _kreis(kreise: list[Kreis]) -> Finding:
    places = tuple(
        Place(kreis.name, kreis.key, kreis.name, kreis.land, kreis.lat, kreis.lon) for kreis in kreise
    )
    return Finding("found", places[0]) if len(places) == 1 else Finding("ambiguous", choices=places)


def _is_seat(spot: Spot) -> bool:
    """Say whether a place is a kreisfreie Stadt or gave its Kreis the name."""
    own = set(fold(spot.name).split())
    named = kreis_words(spot.kreis)
    return bool(named) and (
        named <= own or (is_city(spot.kreis_key) and bool(named & own)) or fold(spot.name) in named
    )


def _biggest(name: str) -> int:
    return max(spot.size for spot, _ in gazetteer().by_name[name])


def _place(spot: Spot) -> Place:
    return Place(
        spot.name,
        spot.kreis_key,
        kreis_name(spot.kreis_key),
        spot.land,
        spot.lat,
        spot.lon,
        spot.postcodes[0] if spot.size == 1 else "",
    )
