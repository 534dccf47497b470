"""The next dates of a rhythm, as far as they are certain.

Nothing is computed beyond what is known: school holidays end with the last ones published for a Land, every second
week needs a first date, and a rhythm with an exception nobody can compute has no dates.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import holidays
from dateutil.rrule import rrulestr

from .shape import BREAKS, UNKNOWABLE, WEEK_PARITIES, WITHOUT_YEAR, Rhythm, parts

BERLIN: Final = ZoneInfo("Europe/Berlin")
# A rhythm with no date in five years ("der 5. Montag im Februar") has none worth showing.
_LOOK_AHEAD: Final = timedelta(days=5 * 366)
_YEARS_WITH_SCHOOL_HOLIDAYS: Final = range(1991, 2101)
# How the package `holidays` names the breaks in German.
_NAMES_OF_BREAKS: Final = {
    "summer-holidays": "Sommerferien",
    "autumn-holidays": "Herbstferien",
    "christmas-holidays": "Weihnachtsferien",
    "winter-holidays": "Winterferien",
    "easter-holidays": "Oster-/Frühjahrsferien",
    "whitsun-holidays": "Himmelfahrts-/Pfingstferien",
}


class _SchoolYear(NamedTuple):
    """The school holidays known for a Land, and the first and last day of them."""

    names: dict[date, str]
    first: date
    last: date


def upcoming(
    rhythm: Rhythm,
    *,
    after: date,
    land: str,
    limit: int = 3,
    first: date | None = None,
    cancelled: Collection[date] = (),
) -> list[datetime]:
    """Return the next dates, aware, in German wall time; midnight if the time is not known (see `all_day`).

    Args:
        rhythm: the reading.
        after: no date lies before this day; a meeting on the day itself counts.
        land: "NW"; for school and public holidays.
        limit: how many at most.
        first: a date on which the group met or will meet, entered by staff. It says which weeks are meant by "every
            second week" and which year by a date without one; no date lies before it. If weeks or
            months are to be counted from it and it does not fit the rule, there are no dates.
        cancelled: days on which the group does not meet.
    """
    if not rhythm.understood or UNKNOWABLE & set(rhythm.exceptions):
        return []
    met = _single_dates(rhythm, first) if rhythm.dates else _repeated(rhythm, after=after, first=first)
    stays_away = _absences(rhythm.exceptions, land)
    if stays_away is None:
        return []
    certain = (day for day in met if day >= after and day not in cancelled and not stays_away.on(day))
    known = _until(certain, stays_away.known_until)
    at = time.fromisoformat(rhythm.start) if rhythm.start else time()
    return [datetime.combine(day, at, BERLIN) for day in islice(known, max(limit, 0))]


def _until(days: Iterator[date], last: date) -> Iterator[date]:
    for day in days:
        if day > last:
            return
        yield day


def _single_dates(rhythm: Rhythm, first: date | None) -> Iterator[date]:
    """Return single dates; those without a year only if `first` is one of them and so tells the year."""
    with_year = [date.fromisoformat(day) for day in rhythm.dates if not day.startswith(WITHOUT_YEAR)]
    without = [day for day in rhythm.dates if day.startswith(WITHOUT_YEAR)]
    if without and first is not None and f"{WITHOUT_YEAR}{first:%m-%d}" in without:
        with_year += _following(first, without)
    return iter(sorted(with_year))


def _following(first: date, days: Sequence[str]) -> list[date]:
    """Return dates without a year as the next ones from `first` on; one that this year lacks is left out."""
    found = []
    for day in days:
        month, number = int(day[2:4]), int(day[5:7])
        year = first.year if (month, number) >= (first.month, first.day) else first.year + 1
        try:
            found.append(date(year, month, number))
        except ValueError:  # 29 February
            continue
    return found


def _repeated(rhythm: Rhythm, *, after: date, first: date | None) -> Iterator[date]:
    """Return the days of all rules in order, each day once."""
    if not rhythm.anchored and first is None:
        return iter(())
    by_week = bool(WEEK_PARITIES & set(rhythm.exceptions))
    days: set[date] = set()
    for rule in rhythm.rules:
        days.update(_of_rule(rule, by_week=by_week, after=after, first=first))
    if not rhythm.rules and first is not None:
        days.add(first)
    return iter(sorted(days))


def _of_rule(rule: str, *, by_week: bool, after: date, first: date | None) -> Iterator[date]:
    """Return the days of a rule from `after` on.

    A rule without a weekday that is not weekly ("einmal im Monat") yields nothing but `first` itself.
    """
    said = parts(rule)
    if by_week and said["FREQ"] == "WEEKLY":
        # The weeks are told by their parity in the calendar. Counting every second week would be wrong after each
        # year with 53 weeks, when two odd weeks follow each other.
        rule = ";".join(part for part in rule.split(";") if not part.startswith("INTERVAL"))
        said = parts(rule)
    if "BYDAY" not in said and said["FREQ"] not in ("WEEKLY", "DAILY"):
        return iter([first] if first else [])
    starts = first or after
    if "INTERVAL" not in said and "BYDAY" in said:
        starts = max(starts, after)
    from_day = datetime.combine(starts, time())
    days = rrulestr(rule, dtstart=from_day)
    counts_from_first = first is not None and ("INTERVAL" in said or "BYDAY" not in said)
    if counts_from_first and next(iter(days), None) != from_day:
        return iter(())
    earliest = datetime.combine(max(starts, after), time())
    return (day.date() for day in days.between(earliest, earliest + _LOOK_AHEAD, inc=True))


class _Absences(NamedTuple):
    """On which days a group does not meet, and until when that is known."""

    on: Callable[[date], bool]
    known_until: date


def _absences(exceptions: Sequence[str], land: str) -> _Absences | None:
    """Return the days left out; None if they depend on holidays of a Land that is not known."""
    rules: list[Callable[[date], bool]] = []
    known_until = date.max
    if "odd-weeks" in exceptions:
        rules.append(lambda day: day.isocalendar().week % 2 == 1)
    if "even-weeks" in exceptions:
        rules.append(lambda day: day.isocalendar().week % 2 == 0)
    months = {int(name[-2:]) for name in exceptions if name.startswith("month-")}
    if months:
        rules.append(lambda day: day.month in months)
    breaks = [name for name in exceptions if name == "school-holidays" or name in BREAKS]
    if breaks:
        school = _school_holidays(land.upper())
        if school is None:
            return None
        known_until = school.last
        names = _names_of(breaks)
        rules.append(
            lambda day: day < school.first or bool(names & set(school.names.get(day, "").split("; ")))
        )
    if "public-holidays" in exceptions:
        if land.upper() not in _lands():
            return None
        rules.append(lambda day: day in _public_holidays(land.upper(), day.year))
    return _Absences(lambda day: any(rule(day) for rule in rules), known_until)


def _names_of(breaks: list[str]) -> set[str]:
    """Return how the package calls the breaks; "Schulferien" are all of them."""
    chosen = BREAKS if "school-holidays" in breaks else breaks
    return {_NAMES_OF_BREAKS[name] for name in chosen}


@lru_cache
def _lands() -> frozenset[str]:
    return frozenset(holidays.country_holidays("DE").subdivisions)


@lru_cache
def _school_holidays(land: str) -> _SchoolYear | None:
    """Return the school holidays of a Land as far as they are published.

    Source: `holidays`, category school, from the tables of the Kultusministerkonferenz. The package is silent about
    years it does not know, which would read as "no holidays": hence the last day known is the last day computed.
    """
    if land not in _lands():
        return None
    # Without a language the names follow the locale of the server, and no break would be recognised.
    found = holidays.country_holidays(
        "DE", subdiv=land, categories="school", years=_YEARS_WITH_SCHOOL_HOLIDAYS, language="de"
    )
    names = dict(found.items())
    return _SchoolYear(names, min(names), max(names)) if names else None


@lru_cache(maxsize=256)
def _public_holidays(land: str, year: int) -> frozenset[date]:
    """Return the public holidays of a Land; those of some of its communities only (Mariä Himmelfahrt) count too."""
    offered = holidays.country_holidays("DE").supported_categories
    categories = tuple(name for name in ("public", "catholic") if name in offered)
    return frozenset(holidays.country_holidays("DE", subdiv=land, categories=categories, years=year))
