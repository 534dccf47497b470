"""The list of groups at the desk: searched by name, topic and place, narrowed by what staff look for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.paginator import Page, Paginator

from kontaktstelle.groups import upkeep
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group
from kontaktstelle.topics import folding, tree

from . import matches

ON_A_PAGE = 50
LONGEST_SEARCH = 200
MOST_MEANT = 3
ALL = "alle"
# Key in the address, words on the page, and which groups it means. Dissolved ones stand only under their own word.
WHICH: dict[str, tuple[str, Callable[[Group, date], bool]]] = {
    ALL: ("alle", lambda group, _: group.stage != Stage.DISSOLVED),
    "offen": ("nimmt auf", lambda group, _: group.stage == Stage.OPEN),
    "gruendung": ("in Gründung", lambda group, _: group.stage == Stage.FOUNDING),
    "voll": ("voll", lambda group, _: group.stage == Stage.FULL),
    "stopp": ("Aufnahmestopp", lambda group, _: group.stage == Stage.INTAKE_STOP),
    "pause": ("pausiert", lambda group, _: group.stage == Stage.PAUSED),
    "geschuetzt": ("geschützt", lambda group, _: group.protected and group.stage != Stage.DISSOLVED),
    "alt": (
        "Stand älter als ein Jahr",
        lambda group, on: group.stage != Stage.DISSOLVED and upkeep.is_stale(group, on),
    ),
    "verborgen": (
        "nicht im Verzeichnis",
        lambda group, _: not group.listed and group.stage != Stage.DISSOLVED,
    ),
    "beendet": ("aufgelöst", lambda group, _: group.stage == Stage.DISSOLVED),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One group of the list."""

    number: UUID
    name: str
    stage: str
    marks: str
    where: str
    topics: str
    confirmed_on: date | None
    is_stale: bool


def rows(which: str, words: str, number: str | None, *, on: date) -> tuple["Page[Group]", list[Row]]:
    """Return a page of groups, and its rows as they are shown.

    Args:
        which: key of `WHICH`.
        words: what was searched, "" for everything.
        number: of the page, as it was asked for.
        on: today.
    """
    belongs = WHICH[which][1]
    found = [
        group
        for group in Group.objects.select_related("venue").defer("description", "note_sealed")
        if belongs(group, on)
    ]
    if words.strip():
        found = _having(found, words)
    found.sort(key=lambda group: (folding.fold(group.name), group.town, str(group.pk)))
    page = Paginator(found, ON_A_PAGE).get_page(number)
    return page, [_row(group, on) for group in page]


def count() -> int:
    """Return how many groups the office knows at all."""
    return Group.objects.count()


def _having(groups: Sequence[Group], words: str) -> list[Group]:
    """Return the groups in whose name, place or topics every word stands; where none has them, those the words mean."""
    asked = folding.words(words)
    named = [group for group in groups if all(word in _said(group) for word in asked)]
    if named or not asked:
        return named
    meant = {each.id for each in matches.topics_for(words)[:MOST_MEANT]}
    return [group for group in groups if meant & set(group.topics)]


def _said(group: Group) -> str:
    parts = [group.name, group.town, group.district, group.postcode, group.association, *group.unknown_topics]
    parts += [tree.label(topic) for topic in group.topics if topic in tree.TOPICS]
    if group.venue is not None:
        parts += [group.venue.name, group.venue.town]
    return " ".join(word for part in parts for word in folding.words(str(part)))


def _row(group: Group, on: date) -> Row:
    marks = [
        "geschützt" if group.protected else "",
        "" if group.listed or group.stage == Stage.DISSOLVED else "nicht im Verzeichnis",
    ]
    return Row(
        group.pk,
        group.name,
        "nimmt auf" if group.stage == Stage.OPEN else str(Stage(group.stage).label),
        " · ".join(mark for mark in marks if mark),
        group.town or group.district,
        ", ".join(tree.label(topic) for topic in group.topics[:2] if topic in tree.TOPICS),
        group.confirmed_on,
        upkeep.is_stale(group, on),
    )
