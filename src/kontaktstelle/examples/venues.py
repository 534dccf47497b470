"""Places example groups meet at: an office's own rooms and invented houses in real towns, shared by several groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kontaktstelle.groups.models import Answer, Venue
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.places.gazetteer import gazetteer

from .chance import drawn, happens, one_of
from .offices import ExampleOffice, ExampleTown

HOUSES = (
    "Bürgerhaus",
    "Gemeindehaus",
    "Begegnungsstätte",
    "Nachbarschaftstreff",
    "Familienzentrum",
    "Haus der Vereine",
    "Stadtteiltreff",
    "Kulturhaus",
    "Gemeindezentrum",
    "Treffpunkt",
)
TREES = (
    "Ahorn",
    "Birke",
    "Buche",
    "Eberesche",
    "Eibe",
    "Erle",
    "Esche",
    "Fichte",
    "Ginkgo",
    "Hainbuche",
    "Hasel",
    "Holunder",
    "Kastanie",
    "Kiefer",
    "Kirsche",
    "Lärche",
    "Magnolie",
    "Mispel",
    "Pappel",
    "Platane",
    "Quitte",
    "Robinie",
    "Sanddorn",
    "Schlehe",
    "Tanne",
    "Ulme",
    "Wacholder",
    "Walnuss",
    "Weide",
    "Zeder",
)
STREETS = ("Beispielstraße", "Musterweg", "Beispielplatz", "Musterallee", "Beispielgasse")
GROUPS_TO_A_HOUSE = 7
OWN_ROOMS = "Räume der Kontaktstelle"
OWN_ROOMS_SHARE = 0.3
STEP_FREE = {Answer.YES: 60.0, Answer.NO: 22.0, Answer.UNKNOWN: 18.0}
ACCESS = {
    Answer.YES: (
        "Aufzug, Rollstuhl-WC",
        "ebenerdig, Rollstuhl-WC",
        "Rampe am Seiteneingang",
        "ebenerdig, Parkplatz vor dem Haus",
    ),
    Answer.NO: ("drei Stufen am Eingang", "erster Stock ohne Aufzug", "zwei Stufen, Klingel links"),
    Answer.UNKNOWN: ("",),
}
# One house is closed, so that its groups pause: the day is so long ago.
CLOSED_SINCE_DAYS = 20
CLOSED_NOTE = "Wasserschaden, voraussichtlich bis zum Frühjahr"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group belongs: town with one of its postcodes, coordinates (degrees, WGS 84), Kreis, site."""

    town: str
    postcode: str
    lat: float
    lon: float
    kreis_key: str
    site: str


def places_of(town: ExampleTown) -> list[Place]:
    """Return a place per postcode of a town, with coordinates from the gazetteer.

    Raises:
        LookupError: the gazetteer does not know the town, or not with this postcode.
    """
    known = gazetteer()
    found = []
    for postcode in town.postcodes:
        spot = next(
            (
                spot
                for spot in known.by_postcode[postcode]
                if spot.name == town.name and spot.kreis_key == town.kreis_key
            ),
            None,
        )
        if spot is None:
            raise LookupError(f"{postcode} {town.name}")
        # A postcode of a big town is finer than its town; one shared by villages is not.
        lat, lon = known.at_postcode[postcode] if spot.size > 1 else (spot.lat, spot.lon)
        found.append(Place(town.name, postcode, lat, lon, town.kreis_key, town.site))
    return found


def venues_of(office: ExampleOffice, contact_point: ContactPoint, on: date) -> dict[str, list[Venue]]:
    """Return unsaved venues by town, the office's own rooms first where it has a site."""
    share = sum(town.share for town in office.towns)
    by_town: dict[str, list[Venue]] = {}
    number = 0
    for town in office.towns:
        houses = round(office.groups * town.share / share / GROUPS_TO_A_HOUSE) + 1
        own = [
            _own_rooms(site.postcode, town, contact_point) for site in office.sites if site.town == town.name
        ]
        by_town[town.name] = own + [
            _house(office, town, contact_point, number + index) for index in range(houses)
        ]
        number += houses
    closed = by_town[office.towns[0].name][-1]
    closed.closed_since, closed.closed_note = on - timedelta(days=CLOSED_SINCE_DAYS), CLOSED_NOTE
    return by_town


def chosen(venues: Sequence[Venue], *about: object) -> Venue:
    """Draw the venue of a group: often the office's own rooms, else one of the houses."""
    own = [venue for venue in venues if venue.name.startswith(OWN_ROOMS)]
    houses = [venue for venue in venues if not venue.name.startswith(OWN_ROOMS)]
    if own and happens(OWN_ROOMS_SHARE, *about, "own rooms"):
        return one_of(own, *about, "room")
    return one_of(houses, *about, "house")


def town_names(office: ExampleOffice) -> dict[str, float]:
    """Return town → its share of the groups."""
    return {town.name: town.share for town in office.towns}


def _own_rooms(postcode: str, town: ExampleTown, contact_point: ContactPoint) -> Venue:
    place = next(place for place in places_of(town) if place.postcode == postcode)
    return Venue(
        contact_point=contact_point, name=f"{OWN_ROOMS}, {postcode} {town.name} (Beispiel)", street="Beispielstraße 1", postcode=postcode, town=town.name,
        lat=place.lat, lon=place.lon, step_free=Answer.YES, access_note="Aufzug, Rollstuhl-WC, Induktionsanlage",
    )  # fmt: skip


def _house(office: ExampleOffice, town: ExampleTown, contact_point: ContactPoint, number: int) -> Venue:
    about = (office.slug, "venue", number)
    place = one_of(places_of(town), *about, "postcode")
    step_free = drawn(STEP_FREE, *about, "step-free")
    # The kind moves on by one with each round of trees, so that no two of 300 houses have one name.
    tree, kind = TREES[number % len(TREES)], HOUSES[(number + number // len(TREES)) % len(HOUSES)]
    return Venue(
        contact_point=contact_point, name=f"{kind} {tree} (Beispiel)", street=f"{one_of(STREETS, *about, 'street')} {2 + number % 40}", postcode=place.postcode,
        town=town.name, lat=place.lat, lon=place.lon, step_free=step_free, access_note=one_of(ACCESS[step_free], *about, "access"),
    )  # fmt: skip
