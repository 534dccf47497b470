"""Columns: which column of a list says what, by its heading or by the office's own mapping."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from .cells import cleaned, day, on_one_line
from .fields import JOINED, SPELLINGS, folded, heading_of, is_field, person_field, person_way
from .refusals import MappingUnusable

IGNORED = "-"
ALIKE = 88
SHORTEST_GUESSED = 5
SHOWN = 60


@dataclass(slots=True)
class Columns:
    """The reading of a header: per field the columns that say it, in order; what nobody could place."""

    of_field: dict[str, list[int]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    count: int = 0

    def cells(self, row: Sequence[str], missing: str | None) -> dict[str, str | None]:
        """Return the row's texts by field; None where a short row does not reach the column."""
        width = len(row)
        said: dict[str, str | None] = {}
        for name, places in self.of_field.items():
            if len(places) == 1:
                place = places[0]
                said[name] = cleaned(row[place]) if place < width else missing
            else:
                parts = [cleaned(row[place]) for place in places if place < width]
                said[name] = _join(name, parts) if parts else missing
        return said


def score(cells: Sequence[str], mapped: Mapping[str, str]) -> int:
    """Return how many of these cells are headings; a row with the most is the header. A name counts double."""
    found = 0
    for cell in cells:
        key = folded(cell) if 0 < len(cell) <= SHOWN * 2 else ""
        if key and (key in mapped or key in SPELLINGS):
            found += 2 if (mapped.get(key) or SPELLINGS.get(key)) == "name" else 1
        elif key and person_way(key):
            found += 1
    return found


def mapped_columns(columns: Mapping[str, str]) -> dict[str, str]:
    """Return an office's mapping of headings, folded.

    Raises:
        MappingUnusable: it names a field there is not.
    """
    mapped: dict[str, str] = {}
    for heading, target in columns.items():
        name = str(target or IGNORED).strip()
        name = name if is_field(name) or name == IGNORED else SPELLINGS.get(folded(name), name)
        if name != IGNORED and not is_field(name):
            raise MappingUnusable(
                f"Die Zuordnung nennt für die Spalte „{str(heading)[:SHOWN]}“ das Feld „{name[:SHOWN]}“; das gibt es nicht."
            )
        mapped[folded(str(heading))] = name
    return mapped


def read_header(header: Sequence[str], rows: Sequence[Sequence[str]], mapped: Mapping[str, str]) -> Columns:
    """Read a header.

    Args:
        header: the cells of the header row.
        rows: some rows below it, to tell a date from a word where a heading means both ("Stand").
        mapped: folded heading → field, from `mapped_columns`; counts before everything else.
    """
    columns = Columns(count=len(header))
    person = 0
    left = ""
    for place, cell in enumerate(header):
        heading = on_one_line(cleaned(cell))
        key = folded(heading)
        if not key:
            if any(place < len(row) and row[place].strip() for row in rows):
                columns.unknown.append(f"Spalte {place + 1} (ohne Überschrift)")
            continue
        name = mapped.get(key) or _named(key, heading, place, rows, columns)
        if name is None and (way := person_way(key)):
            name, person = _of_person(way, person, left, heading, columns)
            if way[2] == "name" and name in columns.of_field and not way[1] and not key.endswith("name"):
                # A second "Ansprechpartner" beside the first is another person.
                person += 1
                name = person_field(person, "name")
        if name is None:
            name = _guessed(key, heading, columns)
        if name is None:
            columns.unknown.append(heading[:SHOWN])
        elif name != IGNORED:
            columns.of_field.setdefault(name, []).append(place)
            if match := re.match(r"person(\d+)_", name):
                person = int(match[1])
        left = name or ""
    return columns


def _named(key: str, heading: str, place: int, rows: Sequence[Sequence[str]], columns: Columns) -> str | None:
    if key == "stand":
        filled = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        dates = sum(day(text) is not None for text in filled)
        return "confirmed_on" if 2 * dates >= len(filled) else "stage"
    if key in SPELLINGS:
        return SPELLINGS[key]
    # "Thema 1", "Thema 2"; "Name*"; "Gruppe (vollständig)".
    bare = re.sub(r" \d+$", "", key)
    if SPELLINGS.get(bare) in JOINED:
        return SPELLINGS[bare]
    without_bracket = folded(re.sub(r"[(\[].*?[)\]]", " ", heading))
    if without_bracket != key and without_bracket in SPELLINGS:
        columns.notes.append(
            f"Die Spalte „{heading[:SHOWN]}“ lesen wir als „{heading_of(SPELLINGS[without_bracket])}“."
        )
        return SPELLINGS[without_bracket]
    return None


def _of_person(
    way: tuple[bool, int, str], person: int, left: str, heading: str, columns: Columns
) -> tuple[str, int]:
    names_person, number, kind = way
    if not names_person and kind == "address" and left.startswith("venue"):
        return "venue_street", person
    if names_person and not number:
        number = person or 1
    elif not names_person and person:
        number = person  # it stands beside the person's name
    elif not names_person:
        number = number or 1
        columns.notes.append(
            f"Die Spalte „{heading[:SHOWN]}“ lesen wir als private Angabe der Ansprechperson {number}; sie bleibt versiegelt. "
            "Ist sie öffentlich gemeint, ordnen Sie die Spalte bitte selbst zu."
        )
    return person_field(number, kind), number


def _guessed(key: str, heading: str, columns: Columns) -> str | None:
    if len(key) < SHORTEST_GUESSED:
        return None
    close = process.extractOne(key, SPELLINGS.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
    if close is None:
        return None
    name = SPELLINGS[close[0]]
    columns.notes.append(f"Die Spalte „{heading[:SHOWN]}“ lesen wir als „{heading_of(name)}“.")
    return name


def _join(name: str, parts: list[str]) -> str:
    filled = [part for part in parts if part]
    if name in JOINED:
        return JOINED[name].join(dict.fromkeys(filled))
    if name.startswith("person"):
        return (" " if name.endswith("_name") else " / ").join(dict.fromkeys(filled))
    return filled[0] if filled else ""
