"""From what a text says to RFC 5545 rules, or to a bare frequency.

Every combination not named here is in doubt. The guards about places in the text are there because "montags, alle
zwei Wochen mit Gast" and "alle zwei Wochen montags" use the same words.
"""

from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

from .days import Every, Facts, Months, Nth, Often, Weekday
from .exceptions import Exceptions
from .line import Doubt

_CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQ: Final = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}
_YEAR: Final = frozenset(range(1, 13))
_MONTHS_OF_YEAR: Final = 12
_FORTNIGHT: Final = Every(2, "W")
_WEEK: Final = Every(1, "W")
_SECOND: Final = 2
# A bare weekday amid this much prose is a day on which something happened rather than a rhythm.
_MUCH_PROSE: Final = 4
_TOO_MUCH_PROSE: Final = 30


class Composed(NamedTuple):
    """Rules or a frequency, the exceptions not folded into rules, and the weekdays that no rule can hold."""

    rules: tuple[str, ...]
    frequency: str | None
    exceptions: set[str]
    weekdays: tuple[int, ...] = ()


def compose(facts: Facts, exceptions: Exceptions) -> Composed | None:
    """Return the rules that follow from the facts; None if there are no facts.

    Raises:
        Doubt: the facts contradict each other or allow two readings.
    """
    if not (facts.frequencies or facts.nths or facts.weekdays or facts.weeks):
        if facts.months or facts.of_month or exceptions.names or exceptions.months:
            raise Doubt
        return None
    _check_prose(facts)
    every, often = _frequency(facts)
    facts, every = _fortnightly(facts, every, often)
    facts = _without_details(facts, every)
    if facts.nths and facts.weekdays:
        return _weekly_and_monthly(facts, every, often, exceptions)
    if facts.nths:
        return _monthly(facts, every, often, exceptions)
    return _by_weekday(facts, every, often, exceptions)


def _check_prose(facts: Facts) -> None:
    stated = facts.frequencies or facts.nths or any(day.each or day.habitual for day in facts.weekdays)
    if facts.prose >= _TOO_MUCH_PROSE or (facts.prose >= _MUCH_PROSE and not stated):
        raise Doubt


def _frequency(facts: Facts) -> tuple[Every | None, Often | None]:
    """Return the one frequency the text states, however often it says it."""
    if any(frequency.is_detail for frequency in facts.frequencies):
        raise Doubt
    regular = {frequency.value for frequency in facts.frequencies if isinstance(frequency.value, Every)}
    other = {frequency.value for frequency in facts.frequencies if isinstance(frequency.value, Often)}
    if len(regular) > 1 or len(other) > 1:
        raise Doubt
    every = regular.pop() if regular else None
    often = other.pop() if other else None
    if every and often:
        # They agree in "an vier Nachmittagen im Jahr, jeweils einmal im Quartal".
        times = _MONTHS_OF_YEAR // every.number
        if every.unit != "M" or often != Often(times, times, "Y", apart=False):
            raise Doubt
        often = None
    return every, often


def _fortnightly(facts: Facts, every: Every | None, often: Often | None) -> tuple[Facts, Every | None]:
    """Read "jeden zweiten Freitag" as every other Friday, unless a month is spoken of.

    "Jeden dritten Freitag" and "jeden 2. Freitag" without a month can mean either: in doubt.
    """
    of_month = (
        facts.of_month or facts.months or (every and every.unit == "M") or (often and often.unit == "M")
    )
    ambiguous = [
        nth for nth in facts.nths if nth.each and len(nth.ordinals) == 1 and nth.ordinals[0] >= _SECOND
    ]
    if of_month or not ambiguous:
        return facts, every
    nth = ambiguous[0]
    if len(facts.nths) > 1 or facts.weekdays or often or nth.ordinals != (_SECOND,):
        raise Doubt
    if every != _FORTNIGHT and (every is not None or not nth.in_words):
        raise Doubt
    return replace(facts, nths=[], weekdays=[_weekday_of(nth)]), _FORTNIGHT


def _weekday_of(nth: Nth) -> Weekday:
    return Weekday(nth.weekday, nth.at, each=False, habitual=True)


def _without_details(facts: Facts, every: Every | None) -> Facts:
    """Leave out what only describes some dates: "donnerstags, am 3. Donnerstag im Monat als offenes Meeting"."""
    if not (facts.nths and facts.weekdays):
        return facts
    weekly = {day.number for day in facts.weekdays}
    monthly = {nth.weekday for nth in facts.nths}
    if every and every.unit == "M" and weekly <= monthly and not any(day.each for day in facts.weekdays):
        return replace(facts, weekdays=[])
    if monthly <= weekly and all(nth.is_detail for nth in facts.nths):
        return replace(facts, nths=[], of_month=False)
    return facts


def _weekly_and_monthly(
    facts: Facts, every: Every | None, often: Often | None, exceptions: Exceptions
) -> Composed:
    """Compose "jeden Montag und jeden 1. Samstag im Monat"."""
    same_day = {day.number for day in facts.weekdays} & {nth.weekday for nth in facts.nths}
    certain = all(day.each or day.habitual for day in facts.weekdays)
    if same_day or not certain or every not in (None, _WEEK) or often or facts.months or facts.weeks:
        raise Doubt
    months = _left(_YEAR, exceptions)
    weekly = _rule("WEEKLY", months=months, days=_plain(facts))
    monthly = _rule("MONTHLY", months=months, days=_ordinal(facts.nths))
    return Composed((weekly, monthly), None, set(exceptions.names))


def _monthly(facts: Facts, every: Every | None, often: Often | None, exceptions: Exceptions) -> Composed:
    if facts.weeks or (every and every.unit != "M"):
        raise Doubt
    days = sum(len(nth.ordinals) for nth in facts.nths)
    if often and (often.unit != "M" or often.apart or not often.low <= days <= often.high):
        raise Doubt
    names = set(exceptions.names)
    interval = every.number if every else 1
    if len(facts.months) > 1:
        if interval > 1:
            raise Doubt
        return Composed(_in_turn(facts, exceptions), None, names)
    if facts.months and len(facts.nths) > 1:
        raise Doubt
    months, interval = _months(facts.months, Every(interval, "M"), exceptions)
    return Composed((_rule("MONTHLY", interval, months, _ordinal(facts.nths)),), None, names)


def _in_turn(facts: Facts, exceptions: Exceptions) -> tuple[str, ...]:
    """Compose "am 4. Montag in ungeraden und am 3. Samstag in geraden Monaten"."""
    if len(facts.nths) != len(facts.months):
        raise Doubt
    said_in_order: list[Nth | Months] = [*facts.nths, *facts.months]
    said_in_order.sort(key=lambda item: item.at)
    if any(isinstance(first, Nth) == isinstance(second, Nth) for first, second in pairwise(said_in_order)):
        raise Doubt
    said = [number for months in facts.months for number in months.numbers]
    if len(said) != len(set(said)):
        raise Doubt
    pairs = zip(facts.nths, facts.months, strict=True)
    return tuple(
        _rule("MONTHLY", months=_left(frozenset(months.numbers), exceptions), days=_ordinal([nth]))
        for nth, months in pairs
    )


def _by_weekday(facts: Facts, every: Every | None, often: Often | None, exceptions: Exceptions) -> Composed:
    names = set(exceptions.names)
    distinct = {day.number for day in facts.weekdays}
    if often and not (often.unit == "W" and not often.apart and often.low == often.high == len(distinct)):
        return _bare_frequency(facts, often, exceptions)
    if (
        facts.of_month
        or len(facts.months) > 1
        or (facts.months and len({day.at for day in facts.weekdays}) > 1)
    ):
        raise Doubt
    if facts.weeks:
        every = _fortnight_of_weeks(facts, every)
        names.add("odd-weeks" if facts.weeks[0][0] == 0 else "even-weeks")
    every = every or _WEEK
    _check_places(facts, every)
    months, interval = _months(facts.months, every, exceptions)
    if every.unit == "W":
        return Composed((_rule("WEEKLY", interval, months, _plain(facts)),), None, names)
    # The weekday of "einmal im Monat freitags" is known, which Friday is not: no rule can say that.
    weekdays = tuple(sorted(distinct))
    return Composed((_rule(_FREQ[every.unit], interval, months, ()),), None, names, weekdays)


def _bare_frequency(facts: Facts, often: Often, exceptions: Exceptions) -> Composed:
    no_frequency_of_meetings = often.unit == "H" or (often.unit == "D" and not often.apart)
    if no_frequency_of_meetings or facts.months or facts.weeks or any(day.each for day in facts.weekdays):
        raise Doubt
    amount = str(often.low) if often.low == often.high else f"{often.low}-{often.high}"
    names = exceptions.names | {f"month-{month:02}" for month in exceptions.months}
    weekdays = tuple(sorted({day.number for day in facts.weekdays}))
    return Composed((), f"{amount}{'' if often.apart else '/'}{often.unit}", names, weekdays)


def _fortnight_of_weeks(facts: Facts, every: Every | None) -> Every:
    """Return the fortnight of "in geraden Kalenderwochen"; with several weekdays nobody knows which is meant."""
    if (
        len(facts.weeks) > 1
        or len({day.number for day in facts.weekdays}) > 1
        or every not in (None, _WEEK, _FORTNIGHT)
    ):
        raise Doubt
    return _FORTNIGHT


def _check_places(facts: Facts, every: Every) -> None:
    """Raise Doubt where a frequency may belong to one of several days only."""
    if every == _WEEK or not facts.weekdays:
        return
    if every.unit == "D":
        raise Doubt
    if every.unit != "W":
        if any(day.each for day in facts.weekdays):
            raise Doubt
        return
    first = min((frequency.at for frequency in facts.frequencies), default=-1)
    places = {day.at for day in facts.weekdays}
    if len({day.number for day in facts.weekdays}) > 1 and (len(places) > 1 or places.pop() < first):
        raise Doubt


def _months(said: list[Months], every: Every, exceptions: Exceptions) -> tuple[frozenset[int], int]:
    """Return the months of a rule and its interval; months that are named make "alle zwei Monate" superfluous."""
    if not said:
        return _left(_YEAR, exceptions), every.number
    named = frozenset(said[0].numbers)
    if every.unit != "M" or every.number == 1:
        return _left(named, exceptions), every.number
    expected = {
        (min(named) - 1 + step) % _MONTHS_OF_YEAR + 1 for step in range(0, _MONTHS_OF_YEAR, every.number)
    }
    if _MONTHS_OF_YEAR % every.number or named != expected:
        raise Doubt
    return _left(named, exceptions), 1


def _left(months: frozenset[int], exceptions: Exceptions) -> frozenset[int]:
    left = months - exceptions.months
    if not left:
        raise Doubt
    return left


def _rule(freq: str, interval: int = 1, months: frozenset[int] = _YEAR, days: tuple[str, ...] = ()) -> str:
    parts = [f"FREQ={freq}"]
    if interval > 1:
        parts.append(f"INTERVAL={interval}")
    if months != _YEAR:
        parts.append("BYMONTH=" + ",".join(str(month) for month in sorted(months)))
    if days:
        parts.append("BYDAY=" + ",".join(days))
    return ";".join(parts)


def _plain(facts: Facts) -> tuple[str, ...]:
    return tuple(_CODES[number] for number in sorted({day.number for day in facts.weekdays}))


def _ordinal(nths: list[Nth]) -> tuple[str, ...]:
    pairs = {(ordinal, nth.weekday) for nth in nths for ordinal in nth.ordinals}
    # The last ones stand behind the counted ones: 2FR,-1FR.
    return tuple(
        f"{ordinal}{_CODES[day]}" for ordinal, day in sorted(pairs, key=lambda pair: (pair[0] < 0, *pair))
    )
