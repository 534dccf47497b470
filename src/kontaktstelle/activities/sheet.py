"""CSV in and out, as a German Excel opens it: semicolons, UTF-8 with its mark. What goes out comes back identical.

A row that brings its number and is there already is left as it is, so that a list may be read twice. All rows are taken, or
none, with a sentence for each that is not understood. No cell can be taken for a formula.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kontaktstelle.groups.importing.cells import cleaned, neutral
from kontaktstelle.organisation.models import Site
from kontaktstelle.refusal import StepRefused

from . import kinds
from .log import Facts
from .models import ActivityRecord

COLUMNS = (
    "Tag oder Monat",
    "Art",
    "Anzahl",
    "Erreicht",
    "Warteliste",
    "Minuten",
    "Standort",
    "Text",
    "Nummer",
)
MOST_ROWS = 2000
MOST_BYTES = 1_000_000
_DAY_PARTS, _MONTH_PARTS = 3, 2
_FIRST_YEAR = 1900


class SheetUnreadable(StepRefused):
    """Rows that are not understood; `problems` says of each why."""

    sentence = "Diese Liste wurde nicht übernommen."

    def __init__(self, problems: list[str]) -> None:
        super().__init__()
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Read:
    """What a list says: new facts, and how many of its rows are there already."""

    new: tuple[Facts, ...]
    known: int


def written(records: Iterable[ActivityRecord]) -> bytes:
    """Return records as CSV, in the order given."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in records:
        kind = kinds.KINDS.get(row.kind)
        cells = (
            f"{row.day:%d.%m.%Y}" if row.day else f"{row.month:%m.%Y}",
            kind.label if kind else row.kind,
            row.times,
            row.reached,
            row.waiting,
            row.minutes,
            row.site.name if row.site else "",
            row.text,
            row.pk,
        )
        writer.writerow([neutral(str(cell)) if cell is not None else "" for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def read(raw: bytes, *, sites: Mapping[str, Site], known: Iterable[UUID]) -> Read:
    """Return what a list says.

    Args:
        raw: the file, or what was pasted from a spreadsheet.
        sites: the office's, by name in small letters.
        known: numbers of records that are there already.

    Raises:
        SheetUnreadable: with a sentence per row that is not understood.
    """
    if len(raw) > MOST_BYTES:
        raise SheetUnreadable(["Die Liste ist zu lang. Bitte teilen Sie sie."])
    lines = _lines(raw)
    if not lines:
        raise SheetUnreadable(["In der Liste steht nichts."])
    places = _places(lines[0][1])
    there, problems, new, seen = set(known), [], [], 0
    for number, cells in lines[1:]:
        said = {name: cleaned(cells[at]).strip() for name, at in places.items() if at < len(cells)}
        if not any(said.values()):
            continue
        try:
            if said.get("Nummer") and _number_of_row(said["Nummer"]) in there:
                seen += 1
                continue
            new.append(_facts(said, sites))
        except (StepRefused, ValueError) as refused:
            problems.append(f"Zeile {number}: {refused}")
    if len(new) > MOST_ROWS:
        problems.insert(0, f"Bitte höchstens {MOST_ROWS} Zeilen auf einmal.")
    if problems:
        raise SheetUnreadable(problems)
    return Read(tuple(new), seen)


def _lines(raw: bytes) -> list[tuple[int, list[str]]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    head = text.lstrip().split("\n", 1)[0]
    separator = max(";\t,", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator))
    except csv.Error as error:
        raise SheetUnreadable(
            ["Die Liste ist nicht zu lesen: Ein Anführungszeichen bleibt offen."]
        ) from error
    return [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]


def _places(head: list[str]) -> dict[str, int]:
    named = {cell.strip().lower(): at for at, cell in enumerate(head)}
    alike = {"tag": "Tag oder Monat", "datum": "Tag oder Monat", "monat": "Tag oder Monat", "thema": "Text"}
    places = {name: named[name.lower()] for name in COLUMNS if name.lower() in named}
    for word, name in alike.items():
        if word in named:
            places.setdefault(name, named[word])
    missing = [name for name in ("Tag oder Monat", "Art") if name not in places]
    if missing:
        raise SheetUnreadable([f"In der ersten Zeile fehlt: {', '.join(missing)}."])
    return places


def _facts(said: Mapping[str, str], sites: Mapping[str, Site]) -> Facts:
    kind = kinds.meant(said.get("Art", ""))
    if kind is None:
        raise ValueError(f"Diese Art kennen wir nicht: „{said.get('Art', '')[:40]}“.")
    place = said.get("Standort", "").lower()
    if place and place not in sites:
        raise ValueError(f"Diesen Standort kennen wir nicht: „{said['Standort'][:40]}“.")
    month, day = _when(said.get("Tag oder Monat", ""))
    return Facts(
        kind.key, month, day, times=_whole(said, "Anzahl") or 1, reached=_whole(said, "Erreicht"), waiting=_whole(said, "Warteliste"),
        minutes=_whole(said, "Minuten"), site=sites[place] if place else None, text=said.get("Text", ""),
    )  # fmt: skip


def _when(text: str) -> tuple[date, date | None]:
    """Return month and day: „12.03.2025“, „03.2025“, „2025-03-12“, „2025-03“."""
    try:
        parts = [int(part) for part in text.replace("-", ".").replace("/", ".").rstrip(".").split(".")]
        if parts and parts[0] > _FIRST_YEAR:
            parts.reverse()
        if len(parts) == _DAY_PARTS:
            day = date(parts[2] + 2000 * (parts[2] < 100), parts[1], parts[0])  # noqa: PLR2004 - two digits of a year
            return day.replace(day=1), day
        if len(parts) == _MONTH_PARTS:
            return date(parts[1], parts[0], 1), None
    except (ValueError, OverflowError):
        pass
    raise ValueError(
        f"Tag oder Monat ist nicht zu lesen: „{text[:20]}“. Schreiben Sie 12.03.2025 oder 03.2025."
    )


def _whole(said: Mapping[str, str], name: str) -> int | None:
    text = said.get(name, "").replace(".", "").replace(" ", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 8:  # noqa: PLR2004 - longer than any office reaches
        raise ValueError(f"„{said[name][:20]}“ bei {name} ist keine Zahl.")
    return int(text)


def _number_of_row(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
