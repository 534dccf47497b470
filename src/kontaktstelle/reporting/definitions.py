"""Definitions of the figures: what each counts and does not, its unit, its source; and the catalogues others ask for.

They stand in tab-separated files beside this module, are printed with every table, and `docs/fach/kennzahlen.md` is written from
them. A catalogue is versioned by year: a changed question is a new line from its year on, old years read as they were.
"""

from dataclasses import dataclass
from pathlib import Path

from kontaktstelle import places
from kontaktstelle.activities import kinds
from kontaktstelle.enquiries import codes
from kontaktstelle.enquiries.codes import UNKNOWN
from kontaktstelle.enquiries.lifecycle import ReferralStatus
from kontaktstelle.enquiries.models import Contact, Referral
from kontaktstelle.foundings.lifecycle import FoundingStatus
from kontaktstelle.foundings.models import Founding, Outreach
from kontaktstelle.funding.lifecycle import ApplicationStatus
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.support.models import SupportKind
from kontaktstelle.topics import tree

OTHER, OTHER_LABEL = "other", "sonstige"
_HERE = Path(__file__).parent
_MONTHS = ("Jan.", "Feb.", "März", "April", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.")


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. `is_shielded`: it counts seekers, contacts or referrals, so what leaves the house is suppressed."""

    key: str
    area: str
    name: str
    unit: str
    counts: str
    counts_not: str
    source: str
    is_shielded: bool
    breakdowns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class By:
    """One breakdown. `has_mentions`: a row can have several values, so it adds up to the mentions, not to the rows."""

    key: str
    name: str
    lists: tuple[str, ...]
    has_mentions: bool
    note: str


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a catalogue in a year: its heading, and the figures (with a breakdown, or none) that answer it."""

    number: str
    heading: str
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a Land or an association asks for in a year."""

    key: str
    name: str
    source: str
    questions: tuple[Question, ...]


def _rows(name: str, columns: int) -> list[list[str]]:
    return [[*row, *[""] * (columns - len(row))] for row in tree.rows(_HERE / name)]


FIGURES: dict[str, Definition] = {
    key: Definition(
        key, area, name, unit, counts, counts_not, source, shielded == "yes", tuple(broken_down.split())
    )
    for key, area, name, unit, counts, counts_not, source, shielded, broken_down in _rows("figures.tsv", 9)
}
BREAKDOWNS: dict[str, By] = {
    key: By(key, name, tuple(lists.split()), mentions == "yes", note)
    for key, name, lists, mentions, note in _rows("breakdowns.tsv", 5)
}
AREAS: dict[str, str] = {
    "anfragen": "Anfragen und Kontakte",
    "vermittlung": "Vermittlung",
    "gruppen": "Gruppen",
    "gruendung": "Gründung",
    "foerderung": "Förderung",
    "raum": "Räume",
    "fortbildung": "Fortbildung",
    "oeffentlichkeit": "Öffentlichkeitsarbeit",
    "kooperation": "Zusammenarbeit",
    "begleitung": "Begleitung von Gruppen",
}
# grouping → value → key of its group; and grouping → key → label.
GROUPINGS: dict[str, dict[str, str]] = {}
_GROUP_LABELS: dict[str, dict[str, str]] = {}
for _grouping, _of, _key, _label, _members in _rows("groupings.tsv", 5):
    _GROUP_LABELS.setdefault(_grouping, {})[_key] = _label
    for _member in _members.split("|" if _of == "field" else " "):
        GROUPINGS.setdefault(_grouping, {})[_member] = _key
_LABELS: dict[str, dict[str, str]] = {
    "source": dict(Contact.Source.choices),
    "yes-no": {"yes": "ja", "no": "nein"},
    "target": {"group": "Selbsthilfegruppe", "network": "Beratungsnetz"},
    "route": dict(Referral.Route.choices),
    "result": {**dict(ReferralStatus.choices), **{code.key: code.label for code in codes.LISTS["result"].values()}},
    "origin": dict(Founding.Origin.choices),
    "post-way": dict(PostWay.choices),
    "application": dict(ApplicationStatus.choices),
    "activity": {key: kind.label for key, kind in kinds.KINDS.items()},
    "support": dict(SupportKind.choices),
}  # fmt: skip


def grouped(grouping: str, value: str) -> str:
    """Return the group a value belongs to; what belongs to none is `other`, what nobody said stays `unknown`."""
    return value if value == UNKNOWN else GROUPINGS[grouping].get(value, OTHER)


def label(by: str, key: str) -> str:
    """Return what a table says for a value of a breakdown; two values are joined by a comma."""
    lists = BREAKDOWNS[by].lists
    if len(lists) > 1:
        return ", ".join(
            _of_list(by, name, part) for name, part in zip(lists, key.split("/", 1), strict=True)
        )
    return _of_list(by, lists[0], key)


def catalogue(key: str, *, year: int) -> Catalogue:
    """Return a catalogue as it stands for a year; a catalogue that did not exist then has no questions.

    Raises:
        KeyError: no such catalogue.
    """
    name, source = _PRESETS[key]
    asked = [
        Question(number, heading, tuple(_pair(each) for each in figures.split()))
        for preset, since, until, number, heading, figures in _rows("presets.tsv", 6)
        if preset == key and int(since) <= year <= (int(until) if until else year)
    ]
    return Catalogue(key, name, source, tuple(asked))


def catalogues() -> list[str]:
    """Return the keys of all catalogues."""
    return list(_PRESETS)


_PRESETS: dict[str, tuple[str, str]] = {
    key: (name, source) for key, name, source in _rows("preset_names.tsv", 3)
}


def _pair(text: str) -> tuple[str, str]:
    figure, _, by = text.partition("/")
    return figure, by


def _of_list(by: str, name: str, key: str) -> str:  # noqa: PLR0911 - one way of reading per list
    if key == UNKNOWN:
        return codes.UNKNOWN_LABEL
    if name in codes.LISTS:
        return codes.label(name, key)
    if name == "grouping":
        return _GROUP_LABELS[by].get(key, OTHER_LABEL if key == OTHER else key)
    if name == "topic":
        return tree.label(key) if key in tree.TOPICS else key
    if name == "month":
        year, month = key.split("-")
        return f"{_MONTHS[int(month) - 1]} {year}"
    if name == "quarter":
        year, quarter = key.split("-")
        return f"{int(quarter[1:])}. Quartal {year}"
    if name == "kreis":
        return places.kreis_name(key) or key
    if name == "exit":
        status, _, reason = key.partition("/")
        ended = dict(FoundingStatus.choices).get(status, status)
        return f"{ended}: {reason}" if reason else str(ended)
    if name == "heard-of":
        kind, _, way = key.partition("/")
        return str(dict(Outreach.Way.choices).get(way, way)) if kind == "call" else codes.label("heard", key)
    return _LABELS.get(name, {}).get(key, OTHER_LABEL if key == OTHER else key)
