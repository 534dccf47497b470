"""Activities as the pages show them: a year by months, with what each month comes to."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from kontaktstelle.activities import figures, kinds, log
from kontaktstelle.activities.figures import By, Unit
from kontaktstelle.activities.models import ActivityRecord
from kontaktstelle.enquiries.figures import Period

FIRST_YEARS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a list."""

    row: ActivityRecord
    what: str
    reached: str


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a list, latest first."""

    first: date
    lines: list[Line]
    sums: str


def year_asked(text: str, today: date) -> int:
    """Return the year a page is asked for; this one for anything that is none."""
    asked = int(text) if text.isascii() and text.isdigit() and len(text) <= len("2026") else today.year
    return asked if today.year - log.YEARS_BACK <= asked <= today.year else today.year


def of_year(year: int) -> dict[str, Any]:
    """Return a year's activities by month, and the year's counts by kind."""
    rows = log.of_months(date(year, 1, 1), date(year, 12, 1))
    months = []
    for first in dict.fromkeys(row.month for row in rows):
        lines = [line(row) for row in rows if row.month == first]
        months.append(Month(first, lines, _sums(lines)))
    period = Period.year(year)
    times, reached, waiting = (
        figures.counted(period, By.KIND, unit=unit) for unit in (Unit.TIMES, Unit.REACHED, Unit.WAITING)
    )
    counts = [
        (kind.field.label, kind.label, times.of(key), reached.of(key), kind.reached, waiting.of(key))
        for key, kind in kinds.KINDS.items()
        if times.of(key)
    ]
    return {"year": year, "months": months, "counts": counts, "total": times.total}


def line(row: ActivityRecord) -> Line:
    """Return a record in words."""
    kind = kinds.KINDS.get(row.kind)
    if kind is None:
        return Line(row, row.kind, "")
    said = f"{row.reached} {kind.reached}" if row.reached is not None else ""
    if row.waiting:
        said = f"{said}, {row.waiting} auf der Warteliste".lstrip(", ")
    if row.minutes:
        hours, minutes = divmod(row.minutes, 60)
        length = (
            f"{hours} Std." if not minutes else f"{hours} Std. {minutes} Min." if hours else f"{minutes} Min."
        )
        said = f"{said}, {length}".lstrip(", ")
    return Line(row, kind.said(row.times), said)


def years(today: date) -> list[int]:
    """Return the years a page offers, latest first."""
    return [today.year - back for back in range(FIRST_YEARS)]


def _sums(lines: list[Line]) -> str:
    times: dict[str, int] = {}
    for each in lines:
        times[each.row.kind] = times.get(each.row.kind, 0) + each.row.times
    found = [(kinds.KINDS[key], count) for key, count in times.items() if key in kinds.KINDS]
    return ", ".join(f"{count} {kind.label if count == 1 else kind.several}" for kind, count in found)
