"""Where a group of a list is: postcode, town and district to coordinates and Kreis, without guessing."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, hypot, radians

from kontaktstelle import places

KM_PER_DEGREE = 111.2
TOO_FAR_KM = 40


@dataclass(frozen=True, slots=True)
class Placing:
    """Coordinates and Kreis of a group (None and "" where not certain), and a sentence if something is to be checked."""

    lat: float | None = None
    lon: float | None = None
    kreis_key: str = ""
    hint: str = ""


class PlaceReader:
    """Finds places for one office; the same three cells are looked up once."""

    def __init__(self, home: Iterable[str]) -> None:
        self._home = frozenset(home)
        self._known: dict[tuple[str, str, str], Placing] = {}

    def place(self, postcode: str, town: str, district: str) -> Placing:
        """Return where this is."""
        key = (postcode, town, district)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._place(postcode, town, district)
        return found

    def _place(self, postcode: str, town: str, district: str) -> Placing:
        by_code = places.find(f"{postcode} {town}") if postcode else None
        by_name = places.find(town, district=district) if town else None
        coded = by_code.place if by_code else None
        named = by_name.place if by_name and by_name.kind == "found" else None
        if by_name and by_name.kind in {"found", "ambiguous"}:
            named = self._at_home(named, by_name.choices, district) or named
        if coded and named:
            if _km(coded, named) > TOO_FAR_KM:
                return Placing(
                    hint=f"Postleitzahl {postcode} und Ort „{town}“ passen nicht zusammen; die Gruppe hat noch keinen Punkt auf der Karte."
                )
            exact = by_code is not None and by_code.kind == "found"
            return _at(coded if exact else named)
        if coded and by_code and by_code.kind == "found":
            return _at(coded)
        if named:
            return _at(self._in_district(named, town, district))
        return self._nowhere(postcode, town, district, by_name)

    def _at_home(
        self, named: places.Place | None, choices: tuple[places.Place, ...], district: str
    ) -> places.Place | None:
        """Prefer the only namesake in the office's own Kreise, unless the list names the Kreis."""
        if district or (named and named.kreis_key in self._home):
            return named
        here = [choice for choice in choices if choice.kreis_key in self._home]
        return here[0] if len(here) == 1 else None

    def _in_district(self, town: places.Place, name: str, district: str) -> places.Place:
        """Return the part of the town if the data know it, else the town."""
        if not district or district == name:
            return town
        part = places.find(f"{name} {district}")
        certain = (
            part.kind == "found"
            and part.place is not None
            and part.place.kreis_key == town.kreis_key
            and not part.note
        )
        return part.place if certain and part.place else town

    def _nowhere(self, postcode: str, town: str, district: str, by_name: places.Finding | None) -> Placing:
        kreis = places.find(district) if district else None
        key = kreis.place.kreis_key if kreis and kreis.kind == "found" and kreis.place else ""
        if not (postcode or town):
            # Only a Kreis, or a group for the whole country: no point, and nothing is wrong with it.
            return Placing(kreis_key=key)
        if by_name and by_name.kind == "ambiguous":
            which = ", ".join(choice.label() for choice in by_name.choices[:4])
            return Placing(
                kreis_key=key,
                hint=f"Den Ort „{town}“ gibt es mehrmals ({which}); mit Postleitzahl oder Kreis ist er eindeutig. Noch kein Punkt auf der Karte.",
            )
        if by_name and by_name.kind == "nearest" and by_name.place:
            return Placing(
                kreis_key=key,
                hint=f"Den Ort „{town}“ kennen wir nicht; gemeint ist vielleicht {by_name.place.label()}. Noch kein Punkt auf der Karte.",
            )
        what = f"Den Ort „{town}“" if town else f"Die Postleitzahl {postcode}"
        return Placing(
            kreis_key=key, hint=f"{what} kennen wir nicht; die Gruppe hat noch keinen Punkt auf der Karte."
        )


def _at(place: places.Place) -> Placing:
    return Placing(place.lat, place.lon, place.kreis_key)


def _km(one: places.Place, other: places.Place) -> float:
    east = (one.lon - other.lon) * cos(radians((one.lat + other.lat) / 2))
    return hypot(one.lat - other.lat, east) * KM_PER_DEGREE
