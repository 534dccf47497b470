"""Single dates: "31.05., 28.06. und 26.07.2023", "Donnerstag, 14. und 21. Dezember", a founding meeting.

A date that does not exist, a weekday that contradicts its date, a year that may be this one or the next: in doubt.
"""

from datetime import date
from itertools import pairwise
from typing import Final

from .line import Doubt, Line
from .tokens import Token

# More dates than this are a calendar, or nonsense.
_MOST: Final = 31
_WITHOUT_YEAR: Final = "--"
_LEAP_YEAR: Final = "2000"
# A bound or a negation in front of a date is not the date of a meeting: "ab 5. März", "nicht am 24.12.".
_BOUND: Final = r"[@vzNSi^|-][,;]?d"
_SPAN: Final = r"[do]-+[do]"
# "Termine 2026: 12.1., 9.2.": the year stands in front of them all.
_YEAR_IN_FRONT: Final = r"^[gsu]*n,?(?=[wdo])"
_YEARS: Final = range(1950, 2100)
_DAYS_BEFORE_DATE: Final = r"(?P<days>o(?:[,&]+o)*)[,&]+(?P<date>d)"
# What may stand beside dates; anything else that says something about time contradicts them.
_RHYTHMICAL: Final = r"[jnomekufcq~E]"


def read_dates(line: Line) -> tuple[str, ...]:
    """Return the dates of a line that has some, in their order.

    Raises:
        Doubt: see above, or the line states a rhythm as well.
    """
    line.refuse(_BOUND)
    line.refuse(_SPAN)
    years = line.cut(_YEAR_IN_FRONT, lambda place: place.of("n")[0].low in _YEARS)
    _complete_days(line)
    line.refuse(_RHYTHMICAL)
    if line.kinds.count("d") > _MOST:
        raise Doubt
    dates = _with_years(line, {f"{place.of('n')[0].low}" for place in years})
    _check_weekdays(line)
    return tuple(dict.fromkeys(dates))


def weekdays_of_dates(line: Line) -> tuple[int, ...]:
    """Return the weekdays said beside dates, for the wording: without a year they are all one can check."""
    return tuple(token.low for token in line.tokens if token.kind == "w")


def _complete_days(line: Line) -> None:
    """Give "14." in "14. und 21. Dezember" its month."""
    for place in line.find(_DAYS_BEFORE_DATE):
        days, written = place.of("o"), place.group("date")[0].name
        numbers = [*(day.low for day in days), int(written[-2:])]
        if any(later <= earlier for earlier, later in pairwise(numbers)) or any(
            day.name != "." for day in days
        ):
            raise Doubt
        for at, token in enumerate(place.tokens):
            if token.kind == "o":
                line.put(place.at + at, _on_day(written, token.low))


def _on_day(written: str, day: int) -> Token:
    name = f"{written[:-2]}{day:02}"
    _day(name)
    return Token("d", name=name)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written.replace(_WITHOUT_YEAR, _LEAP_YEAR + "-"))
    except ValueError:
        raise Doubt from None


def _with_years(line: Line, in_front: set[str]) -> list[str]:
    """Spread the one year of a list, or in front of it, over its dates, if they then follow each other."""
    places = [at for at, token in enumerate(line.tokens) if token.kind == "d"]
    dates = [line.tokens[at].name for at in places]
    years = in_front | {written[:4] for written in dates if not written.startswith(_WITHOUT_YEAR)}
    if not years or not any(written.startswith(_WITHOUT_YEAR) for written in dates):
        return dates
    if len(years) > 1:
        raise Doubt
    year = years.pop()
    dates = [written.replace(_WITHOUT_YEAR, year + "-") for written in dates]
    days = [_day(written) for written in dates]
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise Doubt
    for at, written in zip(places, dates, strict=True):
        line.put(at, Token("d", name=written))
    return dates


def _check_weekdays(line: Line) -> None:
    """Raise Doubt unless every weekday agrees with the dates behind it or, at the end, in front of it.

    "Montags, 12.05. und 19.05." may be two dates or a rhythm with its next dates: nothing tells without a year.
    """
    if any(token.sure for token in line.tokens if token.kind == "w") and _lacks_year(line):
        raise Doubt
    for place in line.find(r"w[,;]*(?P<dates>d(?:[,;&]+d)*)|(?P<one>d)[,;]*w(?![,;]*d)"):
        weekday = place.of("w")[0].low
        _check(weekday, place.group("dates") or place.group("one"))
    adjacent = line.find(r"w(?=[,;]*d)|(?<=d)w|(?<=d[,;])w")
    if len(adjacent) == len(line.find("w")):
        return
    if _lacks_year(line):
        raise Doubt
    everything = [token for token in line.tokens if token.kind == "d"]
    for token in line.tokens:
        if token.kind == "w":
            _check(token.low, everything)


def _lacks_year(line: Line) -> bool:
    return any(token.kind == "d" and token.name.startswith(_WITHOUT_YEAR) for token in line.tokens)


def _check(weekday: int, dates: list[Token]) -> None:
    for token in dates:
        if (
            token.kind == "d"
            and not token.name.startswith(_WITHOUT_YEAR)
            and _day(token.name).weekday() != weekday
        ):
            raise Doubt
