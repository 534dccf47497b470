"""Figures as their pages show them: this year beside the year before, in words, in bars, and always as a table too.

Nothing here counts; `reporting.counting` does. No figure is about a member of staff.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date

from kontaktstelle.enquiries.figures import Period
from kontaktstelle.organisation.models import Site, Staff
from kontaktstelle.reporting import counting
from kontaktstelle.reporting.definitions import AREAS, BREAKDOWNS, FIGURES, Definition, label
from kontaktstelle.reporting.tally import Breakdown, Figures

YEARS_SHOWN = 10
BAR_WIDTH = 100.0
# From this difference on a change is worth a word; below it the number speaks for itself.
WORTH_A_WORD = 0.05
# More values of a table are folded away.
MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: now, the year before, and how it went; `mark` says that it may not leave the house as it stands."""

    key: str
    definition: Definition
    now: int
    before: int
    how: str
    has_tables: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One value of a breakdown: its words, now and before, and how long its bars are, in hundredths of the longest."""

    words: str
    now: int
    before: int
    width: float
    width_before: float


@dataclass(frozen=True, slots=True)
class Table:
    """A breakdown as bars and table; it adds up to `total`."""

    key: str
    name: str
    note: str
    bars: tuple[Bar, ...]
    total: int
    total_before: int
    counts_mentions: bool


@dataclass(frozen=True, slots=True)
class Span:
    """What is looked at: the months of a year so far, and the same months of the year before."""

    year: int
    now: Period
    before: Period
    is_whole: bool


def span(year: int, *, on: date) -> Span:
    """Return a year's months up to today, and the same months of the year before."""
    last = date(year, on.month if year == on.year else 12, 1)
    return Span(year, Period(date(year, 1, 1), last), Period(date(year - 1, 1, 1), last.replace(year=year - 1)), is_whole=last.month == 12)  # fmt: skip # noqa: PLR2004 - December


def years(*, on: date) -> list[int]:
    """Return the years one can look at, the newest first."""
    return list(range(on.year, on.year - YEARS_SHOWN, -1))


def areas(chosen: Span, *, by: Staff, site: Site | None = None) -> list[tuple[str, list[Row]]]:
    """Return every figure by area, this year beside the year before.

    Raises:
        rights.NotAllowed: figures are not for this person.
    """
    now, before = _both(chosen, by, site)
    rows: dict[str, list[Row]] = {}
    for key, figure in now.figures.items():
        was = before.figures[key].value if key in before.figures else 0
        definition = FIGURES[key]
        rows.setdefault(definition.area, []).append(
            Row(key, definition, figure.value, was, went(figure.value, was), bool(figure.breakdowns))
        )
    return [(name, rows[area]) for area, name in AREAS.items() if area in rows]


def tables(key: str, chosen: Span, *, by: Staff, site: Site | None = None) -> tuple[Row, list[Table]]:
    """Return one figure with its breakdowns.

    Raises:
        KeyError: no such figure, or none that is counted by site.
        rights.NotAllowed: figures are not for this person.
    """
    now, before = _both(chosen, by, site)
    figure = now.figures[key]
    was = before.figures.get(key)
    row = Row(key, FIGURES[key], figure.value, was.value if was else 0, went(figure.value, was.value if was else 0), has_tables=True)  # fmt: skip
    found = [
        _table(each, was.breakdowns.get(name) if was else None)
        for name, each in figure.breakdowns.items()
        if len(BREAKDOWNS[name].lists) == 1
    ]
    return row, [each for each in found if each.bars]


def went(now: int, before: int) -> str:
    """Say in words how a figure went: "gestiegen", "gesunken", "gleich geblieben"; "" where there is nothing to say."""
    if not now and not before:
        return ""
    if not before:
        return "neu"
    change = (now - before) / before
    if abs(change) < WORTH_A_WORD:
        return "etwa gleich"
    return f"{'+' if change > 0 else '−'}{abs(change):.0%}".replace("%", " %")


def as_csv(chosen: Span, *, by: Staff, site: Site | None = None) -> str:
    """Return every figure and every breakdown, for inside use: the first line says so."""
    now, before = _both(chosen, by, site)
    out = io.StringIO()
    written = csv.writer(out, delimiter=";", lineterminator="\r\n")
    written.writerow(
        [
            "Nur intern: kleine Zahlen können Menschen verraten.",
            "",
            "",
            "",
            str(chosen.year),
            str(chosen.year - 1),
        ]
    )
    written.writerow(["Bereich", "Zahl", "Einheit", "aufgeteilt nach", "jetzt", "Vorjahr"])
    for key, figure in now.figures.items():
        definition, was = FIGURES[key], before.figures.get(key)
        head = [AREAS[definition.area], definition.name, definition.unit]
        written.writerow([*head, "", figure.value, was.value if was else 0])
        for name, breakdown in figure.breakdowns.items():
            other = was.breakdowns.get(name) if was else None
            for value, count in breakdown.values:
                words = f"{BREAKDOWNS[name].name}: {label(name, value)}"
                written.writerow([*head, words, count, other.of(value) if other else 0])
    return "\ufeff" + out.getvalue()


def _both(chosen: Span, by: Staff, site: Site | None) -> tuple[Figures, Figures]:
    return counting.of_office(chosen.now, by=by, site=site), counting.of_office(
        chosen.before, by=by, site=site
    )


def _table(now: Breakdown, before: Breakdown | None) -> Table:
    by = BREAKDOWNS[now.by]
    longest = max([count for _, count in (*now.values, *(before.values if before else ()))], default=0) or 1
    keys = (
        [key for key, _ in now.values]
        if now.by in {"month", "quarter"}
        else [key for key, _ in sorted(now.values, key=lambda pair: -pair[1])]
    )
    bars = []
    for key in keys:
        was = _before(before, now.by, key)
        bars.append(Bar(label(now.by, key), now.of(key), was, now.of(key) / longest * BAR_WIDTH, was / longest * BAR_WIDTH))  # fmt: skip
    return Table(
        now.by, by.name, by.note, tuple(bars), now.total, before.total if before else 0, by.has_mentions
    )


def _before(before: Breakdown | None, by: str, key: str) -> int:
    """Return the same value of the year before; a month and a quarter are those twelve months earlier."""
    if before is None:
        return 0
    if by in {"month", "quarter"} and key[:4].isdigit():
        key = f"{int(key[:4]) - 1}{key[4:]}"
    return before.of(key)
