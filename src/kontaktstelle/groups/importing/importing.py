"""Import: read, match, plan, and write all or nothing.

One refused line leaves everything as it was; empty lines and plain doubles do not count as refused. A dry run takes the
same way up to the writing. Everything happens in one transaction, the directory included.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.organisation.models import Area, ContactPoint, Site
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay.models import Party
from kontaktstelle.topics.folding import words

from . import mapping as mappings
from .columns import Columns, mapped_columns, read_header, score
from .doubles import Double, RowsMet
from .placing import PlaceReader
from .planning import Ground, Plan, Planner
from .reading import MOST_ROWS, Table, read_table
from .refusals import BasisIncomplete, FileUnreadable
from .report import Line, Outcome, Report
from .rows import RowReader
from .topic_cells import TopicReader
from .venues import VenueShelf
from .waiting import PlanQueue
from .wanted import LIMITS, Wanted, name_key
from .writing import write

BATCH = 1000
ROWS_LOOKED_AT = 50
DERIVED = "~"
MOST_SAME = 20
Progress = Callable[[int, int], None]


def import_file(
    path: Path | str,
    *,
    contact_point: ContactPoint,
    by: str,
    at: datetime,
    mapping: Mapping[str, Mapping[str, Any]] | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    basis: Group.Basis = Group.Basis.NONE,
    basis_on: date | None = None,
    basis_by: str = "",
    file_name: str = "",
) -> Report:
    """Import a list of groups into an office.

    Args:
        path: a CSV or XLSX file.
        contact_point: the office.
        by: who, as the trail knows them (at most 36 characters).
        at: when, aware.
        mapping: the office's own reading, as `mapping.read_mapping` returns it; kept for next time once something
            was imported with it.
        dry_run: only report, write nothing.
        progress: told how many of how many steps are done; a row is two steps, one in a dry run.
        basis: on what ground the groups of the file may be public, where a row does not say ("Bestand").
        basis_on: the date of that ground.
        basis_by: who confirms it.
        file_name: how the file was called, where the path does not say so.

    Returns:
        The report; `report.is_refused` if a line stopped the file.

    Raises:
        FileUnreadable: the file is no list we can read.
        MappingUnusable: the mapping is damaged.
        BasisIncomplete: a basis without date or without who confirms it.
    """
    ground = _ground(basis, basis_on, basis_by)
    with acting_for(contact_point):
        reading = mappings.merged(mapping)
        with transaction.atomic():
            if not dry_run:
                # Two imports into one office wait for each other; on SQLite there is one writer anyway.
                ContactPoint.objects.select_for_update().get(pk=contact_point.pk)
            run = _Import(
                Path(path),
                contact_point=contact_point,
                by=by,
                at=at,
                reading=reading,
                ground=ground,
                progress=progress or _silent,
            )
            report = run.report(dry_run=dry_run)
            report.file_name = file_name[:200] or report.file_name
            if not dry_run and not report.is_refused:
                report.run = write(
                    run.new,
                    run.changed,
                    contact_point=contact_point,
                    file_name=report.file_name,
                    venues=run.venues,
                    by=by,
                    at=at,
                    progress=run.second_half,
                )
                report.written = report.run is not None
                if mapping is not None:
                    mappings.keep(reading, contact_point.pk)
            return report


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""


def _ground(basis: Group.Basis, on: date | None, by: str) -> Ground:
    if basis == Group.Basis.NONE:
        if on or by:
            raise BasisIncomplete(
                "Ein Datum oder ein Name ohne Grundlage der Veröffentlichung sagt nichts; bitte auch die Grundlage angeben."
            )
        return Ground()
    if on is None or not by.strip():
        raise BasisIncomplete
    if len(by.strip()) > LIMITS["basis_by"]:
        raise BasisIncomplete(f"„Bestätigt von“ darf höchstens {LIMITS['basis_by']} Zeichen haben.")
    return Ground(basis, on, by.strip())


class _Import:
    """One import on its way from file to plans."""

    def __init__(
        self,
        path: Path,
        *,
        contact_point: ContactPoint,
        by: str,
        at: datetime,
        reading: Mapping[str, Mapping[str, Any]],
        ground: Ground,
        progress: Progress,
    ) -> None:
        self._file = path
        self._tell = progress
        self._mapped = mapped_columns(reading["columns"])
        self._topics = TopicReader(reading["topics"])
        self._places = PlaceReader(
            Area.objects.filter(contact_point=contact_point)
            .exclude(kreis_key="")
            .values_list("kreis_key", flat=True)
        )
        self.venues = VenueShelf(contact_point.pk)
        self._office = contact_point
        self._by, self._at, self._ground = by, at, ground
        self.new, self.changed = PlanQueue(), PlanQueue()
        self._unlisted = 0
        self._lines: list[Line] = []
        self._steps = 1

    def report(self, *, dry_run: bool) -> Report:
        """Read the file and plan every row."""
        table = read_table(self._file, score=lambda cells: score(cells, self._mapped))
        if sum(1 for _, row in table.rows if any(row)) > MOST_ROWS:
            raise FileUnreadable(
                f"Die Liste hat mehr als {MOST_ROWS:,} Zeilen. Bitte teilen Sie sie.".replace(",", ".")
            )
        columns = read_header(table.header, [row for _, row in table.rows[:ROWS_LOOKED_AT]], self._mapped)
        if "name" not in columns.of_field:
            raise FileUnreadable(
                f"Wir finden keine Spalte mit dem Namen der Gruppe. Gefunden: {', '.join(f'„{cell.strip()[:30]}“' for cell in table.header[:12] if cell.strip())}. Eine Zuordnung der Spalten hilft."
            )
        self._steps = len(table.rows) * (1 if dry_run else 2)
        self._work_through(table, columns)
        report = Report(self._file.name[:200], dry_run, sorted(self._lines, key=lambda line: line.number))
        report.columns = _as_read(table.header, columns)
        report.unknown_columns = columns.unknown
        report.unknown_topics = sorted(
            self._topics.unknown.values(), key=lambda topic: (-topic.count, topic.word)
        )
        report.notes = [*table.notes, *columns.notes, *self._remarks()]
        return report

    def second_half(self, done: int, total: int) -> None:
        """Tell how far the writing is."""
        half = self._steps // 2
        self._tell(half + (half * done // total if total else half), self._steps)

    def _remarks(self) -> list[str]:
        if not self._unlisted:
            return []
        if self._unlisted == 1:
            return [
                "Eine neue Gruppe hat keine Grundlage der Veröffentlichung: Sie ist der Kontaktstelle bekannt und steht nicht im Verzeichnis."
            ]
        return [
            f"{self._unlisted} neue Gruppen haben keine Grundlage der Veröffentlichung: Sie sind der Kontaktstelle bekannt und stehen nicht im Verzeichnis."
        ]

    # --- rows -----------------------------------------------------------------------------------------
    def _work_through(self, table: Table, columns: Columns) -> None:
        """Read and plan row by row; what a row said beyond its plan is let go at once."""
        planner = Planner(
            places=self._places, venues=self.venues, ground=self._ground, by=self._by, at=self._at,
            columns=set(columns.of_field), allows_example=self._office.is_example,
        )  # fmt: skip
        with_persons = any(name.startswith("person") for name in columns.of_field)
        shelf, met = _Groups(), RowsMet()
        line_of: dict[Any, int] = {}
        there: list[tuple[Wanted, Any]] = []
        for wanted in self._rows(table, columns):
            if (double := met.double_of(wanted)) is not None:
                self._double(wanted, double)
                continue
            if (twin := met.twin_of(wanted)) is not None:
                wanted.hints.append(
                    f"Ort, Thema und Treffen sind wie in Zeile {twin}: Ist es dieselbe Gruppe unter zwei Namen?"
                )
            number, said = shelf.find(wanted)
            if said:
                wanted.refusals.append(said)
            if number is not None and line_of.setdefault(number, wanted.line) != wanted.line:
                wanted.refusals.append(f"Die Zeile passt zu derselben Gruppe wie Zeile {line_of[number]}.")
            if wanted.refusals:
                self._refuse(wanted)
            elif number is None:
                self._done(wanted, planner.new(wanted))
            else:
                there.append((wanted, number))
                if len(there) == BATCH:
                    self._compare(planner, there, with_persons=with_persons)
                    there.clear()
        self._compare(planner, there, with_persons=with_persons)

    def _rows(self, table: Table, columns: Columns) -> Iterator[Wanted]:
        """Yield what each row wants; empty ones and repeated headings are only reported."""
        sites = {
            " ".join(words(name)): site.pk
            for site in Site.objects.filter(contact_point=self._office)
            for name in (site.code, site.name)
        }
        reader = RowReader(columns, topics=self._topics, sites=sites)
        missing = "" if table.pads_short_rows else None
        # Rows are let go as they are read: a long list stands in memory once, not twice.
        rows, total = table.rows[::-1], len(table.rows)
        table.rows.clear()
        while rows:
            number, row = rows.pop()
            done = total - len(rows) - 1
            if done % BATCH == 0:
                self._tell(done, self._steps)
            if number in table.repeated or not any(cell and cell.strip() for cell in row):
                self._lines.append(Line(number, Outcome.EMPTY))
                continue
            wanted = reader.read(number, row, missing=missing)
            if missing is None and len(row) < columns.count:
                wanted.hints.append(
                    "Die Zeile ist kürzer als die Überschriften; was fehlt, bleibt, wie es ist."
                )
            wanted.hints += table.row_notes.get(number, ())
            yield wanted

    def _double(self, wanted: Wanted, before: Double) -> None:
        if before.is_plain:
            self._lines.append(
                Line(
                    wanted.line,
                    Outcome.DOUBLE,
                    wanted.values.get("name", ""),
                    sentence=f"Die Gruppe steht genauso schon in Zeile {before.line}.",
                )
            )
            return
        same = "Derselbe Schlüssel" if wanted.key else "Derselbe Name und Ort"
        others = f" ({', '.join(before.headings)})" if before.headings else ""
        self._refuse(
            wanted,
            f"{same} steht schon in Zeile {before.line} mit anderen Angaben{others}. Bitte lassen Sie eine der Zeilen stehen.",
        )

    def _refuse(self, wanted: Wanted, *sentences: str) -> None:
        self._lines.append(
            Line(
                wanted.line,
                Outcome.REFUSED,
                wanted.values.get("name", ""),
                sentence=" ".join([*wanted.refusals, *sentences]),
                hints=tuple(wanted.hints),
            )
        )

    def _compare(self, planner: Planner, batch: list[tuple[Wanted, Any]], *, with_persons: bool) -> None:
        groups = Group.objects.select_related("venue").in_bulk([number for _, number in batch])
        needed = (
            list(groups)
            if with_persons
            else [number for wanted, number in batch if wanted.cuts or wanted.persons]
        )
        persons = _persons_of(needed)
        for wanted, number in batch:
            self._done(wanted, planner.change(wanted, groups[number], persons.get(number, [])))

    def _done(self, wanted: Wanted, plan: Plan) -> None:
        if wanted.refusals:
            self._refuse(wanted)
            return
        name = wanted.values.get("name", "")
        if plan.group is None:
            self._lines.append(Line(wanted.line, Outcome.NEW, name, hints=tuple(wanted.hints)))
            self._unlisted += (
                not plan.values["listed"] and plan.values.get("basis", Group.Basis.NONE) == Group.Basis.NONE
            )
            self.new.append(plan)
        elif plan.changes():
            self._lines.append(
                Line(wanted.line, Outcome.CHANGED, name, fields=plan.headings(), hints=tuple(wanted.hints))
            )
            self.changed.append(plan)
        else:
            self._lines.append(Line(wanted.line, Outcome.UNCHANGED, name, hints=tuple(wanted.hints)))


class _Groups:
    """The office's groups as a list may mean them: by key, by their own number, by name and town."""

    def __init__(self) -> None:
        self._by_key: dict[str, Any] = {}
        self._by_number: dict[str, Any] = {}
        self._by_name: dict[str, list[Any]] = {}
        self._key_of: dict[Any, str] = {}
        for number, key, name, town in Group.objects.values_list("pk", "key", "name", "town"):
            if key:
                self._by_key[key] = number
            self._by_number[str(number)] = number
            self._key_of[number] = key
            self._by_name.setdefault(name_key(name, town), []).append(number)

    def find(self, wanted: Wanted) -> tuple[Any | None, str]:
        """Return the group a row means, None for a new one; and why that cannot be said."""
        if wanted.key:
            number = self._by_key.get(wanted.key) or self._by_number.get(wanted.key)
            if number is not None:
                return number, ""
            # The list has keys now and had none before: the group of this name takes its key.
            free = [
                each
                for each in self._by_name.get(wanted.name_key, ())
                if not self._key_of[each] or self._key_of[each].startswith(DERIVED)
            ]
            if free:
                return free[0] if len(free) == 1 else None, _several(wanted, free)
            if wanted.name_key in self._by_name:
                wanted.hints.append(
                    "Eine Gruppe mit diesem Namen und Ort gibt es schon, mit einem anderen Schlüssel."
                )
            return None, ""
        wanted.key = derived_key(wanted.name_key)
        number = self._by_key.get(wanted.key)
        wanted.values.pop("key", None)
        same = self._by_name.get(wanted.name_key, [])
        if number is None and same:
            number = same[0] if len(same) == 1 else None
            if number is None:
                return None, _several(wanted, same)
        if number is not None:
            wanted.key = ""  # a group that is there keeps the key it has
        return number, ""


def derived_key(name: str) -> str:
    """Return the key of a group the list gives none: it is known again even after staff renamed it."""
    text = f"{DERIVED}{name}"
    return (
        text if len(text) <= LIMITS["key"] else f"{text[:80]}{hashlib.sha256(text.encode()).hexdigest()[:32]}"
    )


def _several(wanted: Wanted, groups: list[Any]) -> str:
    if len(groups) < 2:  # noqa: PLR2004 - one is certain
        return ""
    return f"Es gibt {len(groups)} Gruppen mit diesem Namen und Ort („{wanted.values.get('name', '')[:60]}“); ohne Schlüssel wissen wir nicht, welche gemeint ist."


def _as_read(header: list[str], columns: Columns) -> dict[str, str]:
    """Return heading → field; of headings that stand twice, the later ones with the number of their column."""
    read: dict[str, str] = {}
    for place, name in sorted((place, name) for name, places in columns.of_field.items() for place in places):
        heading = " ".join(header[place].split())
        read[heading if heading not in read else f"{heading} (Spalte {place + 1})"] = name
    return read


def _persons_of(groups: Iterable[Any]) -> dict[Any, list[tuple[ContactPerson, Party]]]:
    persons = list(ContactPerson.objects.filter(group__in=list(groups)).order_by("position", "pk"))
    parties = Party.objects.in_bulk([person.party for person in persons])
    found: dict[Any, list[tuple[ContactPerson, Party]]] = {}
    for person in persons:
        if person.party in parties:
            found.setdefault(person.group_id, []).append((person, parties[person.party]))
    return found
