"""The desk's ways: what stands at its head, for whom, and with which key. A page not built yet is not offered."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from kontaktstelle.organisation.rights import TABLE, Right, Role


@dataclass(frozen=True, slots=True)
class Way:
    """A way at the head of the desk: words, URL name, the right it takes, the key that goes there."""

    words: str
    name: str
    right: Right
    key: str = ""


WAYS = (
    Way("Heute", "desk:today", Right.AT_THE_DESK),
    Way("Kontakt erfassen", "desk:log", Right.LOG_CONTACT, "n"),
    Way("Posteingang", "desk:inbox", Right.SEE_NOTE, "p"),
    Way("Anfragen", "desk:enquiries", Right.SEE_ENQUIRY),
    Way("Gruppen", "desk:groups", Right.EDIT_GROUP),
    Way("Gründungen", "desk:foundings", Right.FOUND),
    Way("Förderung", "desk:funding", Right.FUNDING),
    Way("Aktivitäten", "desk:activities", Right.LOG_CONTACT),
    Way("Zahlen", "desk:report", Right.STATISTICS),
    Way("Stammdaten", "desk:base_records", Right.AT_THE_DESK),
)
SEARCH = Way("Suche", "desk:search", Right.AT_THE_DESK, "/")


@dataclass(frozen=True, slots=True)
class ShownWay:
    """A way as a page shows it; `here` is "page" for the page itself, "true" for a page below it, "" elsewhere."""

    words: str
    address: str
    key: str
    here: str


def ways_for(roles: frozenset[Role], path: str, ways: tuple[Way, ...] = WAYS) -> list[ShownWay]:
    """Return the ways somebody with these roles may go; the one the page at `path` belongs to is marked."""
    open_to = [(way, _address(way.name)) for way in ways if TABLE[way.right] & roles]
    there = [(way, address) for way, address in open_to if address]
    return [ShownWay(way.words, address, way.key, _here(way, address, path)) for way, address in there]


def _here(way: Way, address: str, path: str) -> str:
    if path == address:
        return "page"
    return "true" if path.startswith(address) and way.name != "desk:today" else ""


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
