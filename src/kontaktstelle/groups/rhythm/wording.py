"""A reading in German words, such that reading the words gives the same reading again."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from itertools import groupby, pairwise
from typing import Final

from .shape import BREAKS, WEEK_PARITIES, WITHOUT_YEAR, Rhythm, parts

_CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAYS: Final = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_MONTHS: Final = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
_ORDINALS: Final = {-1: "letzten", -2: "vorletzten"}
_PERIODS: Final = {"W": "in der Woche", "M": "im Monat", "Q": "im Quartal", "Y": "im Jahr"}
_UNITS: Final = {"D": "Tage", "W": "Wochen", "M": "Monate", "Y": "Jahre"}
_UNIT_OF_FREQ: Final = {"DAILY": "D", "WEEKLY": "W", "MONTHLY": "M", "YEARLY": "Y"}
_ONCE: Final = {"D": "täglich", "W": "wöchentlich", "M": "einmal im Monat", "Y": "einmal im Jahr"}
_OF_SEVERAL_MONTHS: Final = {3: "vierteljährlich", 6: "halbjährlich"}
_HOLIDAYS: Final = {
    "school-holidays": "in den Schulferien",
    **dict(zip(BREAKS, (
        "in den Sommerferien", "in den Herbstferien", "in den Weihnachtsferien",
        "in den Winterferien", "in den Osterferien", "in den Pfingstferien",
    ), strict=True)),
    "public-holidays": "an Feiertagen",
}  # fmt: skip
_ASIDE: Final = {"summer-break": "mit Sommerpause", "other": "mit Ausnahmen"}
_YEAR: Final = tuple(range(1, 13))
_ODD: Final = tuple(range(1, 13, 2))
_EVEN: Final = tuple(range(2, 13, 2))
# So many months left out are said as left out; more are said by those that remain.
_FEW: Final = 4
_A_SPAN: Final = 3
_FREQUENCY: Final = re.compile(r"(?P<low>\d+)(?:-(?P<high>\d+))?(?P<per>/?)(?P<unit>[DWMQY])")


def wording(rhythm: Rhythm, *, weekdays: Sequence[int] = (), part: str = "") -> str:
    """Return a reading in German words ("jeden 1. und 3. Dienstag im Monat, 19 Uhr, nicht in den Schulferien").

    Args:
        rhythm: the reading; its `text` is not looked at.
        weekdays: weekdays (0 is Monday) the rule cannot hold, as in "einmal im Monat freitags".
        part: part of the day, said where there is no time: "abends".
    """
    left_out = _months_left_out(rhythm.rules)
    if rhythm.dates:
        what = _dates(rhythm.dates, weekdays)
    elif rhythm.rules:
        what = _rules(rhythm, named_months=left_out is None)
    elif rhythm.frequency:
        what = _frequency(rhythm.frequency)
    else:
        return ""
    if weekdays and not rhythm.dates:
        what += " " + _listed([_DAYS[day].lower() + "s" for day in weekdays])
    said = [what, _times(rhythm) or part, _exceptions(rhythm.exceptions, left_out or ())]
    said += [words for name, words in _ASIDE.items() if name in rhythm.exceptions]
    return ", ".join(words for words in said if words)


def worded(rhythm: Rhythm, *, weekdays: Sequence[int] = (), part: str = "") -> Rhythm:
    """Return the reading with its `text`; see `wording`."""
    return replace(rhythm, text=wording(rhythm, weekdays=weekdays, part=part))


def _listed(items: Sequence[str]) -> str:
    return " und ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def _numbers(written: str) -> tuple[int, ...]:
    return tuple(int(number) for number in written.split(","))


def _months_of(rule: str) -> tuple[int, ...]:
    written = parts(rule).get("BYMONTH")
    return _numbers(written) if written else _YEAR


def _months_left_out(rules: Sequence[str]) -> tuple[int, ...] | None:
    """Return the months to be said as an exception, or None where the months are better named."""
    if not rules or len({_months_of(rule) for rule in rules}) > 1:
        return None
    months = _months_of(rules[0])
    left_out = tuple(month for month in _YEAR if month not in months)
    only_so = len(rules) > 1 or _interval(parts(rules[0])) > 1 or _is_on_several_ordinal_days(parts(rules[0]))
    return left_out if only_so or len(left_out) <= _FEW else None


def _is_on_several_ordinal_days(rule: dict[str, str]) -> bool:
    """Whether months behind the days would read as belonging to the last one ("1. Montag und 3. Mittwoch im Mai")."""
    return rule["FREQ"] == "MONTHLY" and len({code[-2:] for code in rule.get("BYDAY", "").split(",")}) > 1


def _interval(rule: dict[str, str]) -> int:
    return int(rule.get("INTERVAL", "1"))


def _rules(rhythm: Rhythm, *, named_months: bool) -> str:
    parities = WEEK_PARITIES & set(rhythm.exceptions)
    in_turn = len(rhythm.rules) > 1 and named_months
    said = [
        _rule(rule, named_months=named_months, parities=parities, in_turn=in_turn) for rule in rhythm.rules
    ]
    return _listed(said)


def _rule(written: str, *, named_months: bool, parities: AbstractSet[str], in_turn: bool) -> str:
    rule = parts(written)
    unit, interval = _UNIT_OF_FREQ[rule["FREQ"]], _interval(rule)
    days = rule["BYDAY"].split(",") if "BYDAY" in rule else []
    months = " " + _named_months(_months_of(written)) if named_months else ""
    if unit == "W":
        return _weekly(days, interval, parities) + months
    if days:
        return _monthly(days, interval, of_month=not months, in_turn=in_turn) + months
    if interval == 1:
        return _ONCE[unit] + months
    often = _OF_SEVERAL_MONTHS.get(interval) if unit == "M" else None
    return (often or f"alle {interval} {_UNITS[unit]}") + months


def _weekly(codes: list[str], interval: int, parities: AbstractSet[str]) -> str:
    numbers = [_CODES.index(code) for code in codes]
    if parities:
        weeks = "in geraden Kalenderwochen" if "odd-weeks" in parities else "in ungeraden Kalenderwochen"
        return " ".join([*(f"{_DAYS[number].lower()}s" for number in numbers), weeks])
    is_span = len(numbers) >= _A_SPAN and all(later == earlier + 1 for earlier, later in pairwise(numbers))
    days = (
        f"{_DAYS[numbers[0]]} bis {_DAYS[numbers[-1]]}"
        if is_span
        else _listed([_DAYS[number] for number in numbers])
    )
    if interval > 1:
        return f"alle {interval} Wochen" + (f" {'von' if is_span else 'am'} {days}" if days else "")
    if not days:
        return _ONCE["W"]
    return days if is_span else f"jeden {days}"


def _monthly(codes: list[str], interval: int, *, of_month: bool, in_turn: bool) -> str:
    """Say "jeden 1. und 3. Dienstag im Monat"; without "jeden" where months or months' distances follow."""
    each = "am" if in_turn or interval > 1 else "jeden"
    groups = [
        f"{each} {_listed([_ordinal(code) for code in same_day])} {_DAYS[day]}"
        for day, same_day in groupby(codes, key=lambda code: _CODES.index(code[-2:]))
    ]
    often = f"alle {interval} Monate " if interval > 1 else ""
    return often + _listed(groups) + (" im Monat" if of_month else "")


def _ordinal(code: str) -> str:
    number = int(code[:-2])
    return _ORDINALS.get(number, f"{number}.")


def _named_months(months: tuple[int, ...]) -> str:
    if months in (_ODD, _EVEN):
        return "in ungeraden Monaten" if months == _ODD else "in geraden Monaten"
    first = next((month for month in months if (month - 2) % 12 + 1 not in months), months[0])
    in_turn = tuple((first - 1 + step) % 12 + 1 for step in range(len(months)))
    if len(months) >= _A_SPAN and set(in_turn) == set(months):
        return f"von {_MONTHS[in_turn[0] - 1]} bis {_MONTHS[in_turn[-1] - 1]}"
    return f"im {_listed([_MONTHS[month - 1] for month in months])}"


def _frequency(written: str) -> str:
    match = _FREQUENCY.fullmatch(written)
    if match is None:
        return ""
    low, high, unit = match["low"], match["high"], match["unit"]
    if not match["per"]:
        return f"alle {low} bis {high} {_UNITS[unit]}" if high else f"alle {low} {_UNITS[unit]}"
    return f"{low}- bis {high}-mal {_PERIODS[unit]}" if high else f"{low}-mal {_PERIODS[unit]}"


def _dates(written: Sequence[str], weekdays: Sequence[int]) -> str:
    beside: Sequence[int | None] = (
        weekdays if len(weekdays) == len(written) else [*weekdays[:1], *[None] * len(written)]
    )
    return _listed([_date(day, weekday) for day, weekday in zip(written, beside, strict=False)])


def _date(written: str, weekday: int | None) -> str:
    if written.startswith(WITHOUT_YEAR):
        month, day = int(written[2:4]), int(written[5:7])
        return (f"{_DAYS[weekday]}, " if weekday is not None else "") + f"{day}. {_MONTHS[month - 1]}"
    found = date.fromisoformat(written)
    return f"{_DAYS[found.weekday()]}, {found.day}. {_MONTHS[found.month - 1]} {found.year}"


def _times(rhythm: Rhythm) -> str:
    start, end = _clock(rhythm.start), _clock(rhythm.end)
    if start and end:
        return f"{start} bis {end} Uhr"
    if start:
        return f"{start} Uhr"
    return f"bis {end} Uhr" if end else ""


def _clock(time: str | None) -> str:
    return time.removeprefix("0").removesuffix(":00") if time else ""


def _exceptions(names: Sequence[str], months: Sequence[int]) -> str:
    left_out = [*months, *(int(name[-2:]) for name in names if name.startswith("month-"))]
    said = [f"im {_listed([_MONTHS[month - 1] for month in left_out])}"] if left_out else []
    said += [words for name, words in _HOLIDAYS.items() if name in names]
    return f"nicht {_listed(said)}" if said else ""
