"""The grammar of rhythms: which days, how often, in which months and weeks a text says.

Patterns are tried in a fixed order, the most specific first; what one has understood the next does not see. What
says something about time and is understood by none makes the whole text doubtful.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from .exceptions import months_of
from .line import Doubt, Found, Line
from .tokens import MOST, every

_SECOND: Final = 2
_LAST_ORDINAL: Final = 5
_MONTHS_OF_YEAR: Final = 12


class Every(NamedTuple):
    """Every so many weeks or months."""

    number: int
    unit: str


class Often(NamedTuple):
    """So many times a year, or every four to six weeks: no rule follows from it."""

    low: int
    high: int
    unit: str
    apart: bool  # "alle vier bis sechs Wochen", not "vier- bis sechsmal im Jahr"


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often, and where the text says it."""

    value: Every | Often
    at: int
    # "…, einmal im Monat mit Gästen" says something about some dates of a rhythm stated before.
    is_detail: bool


@dataclass(frozen=True, slots=True)
class Nth:
    """First and third Tuesdays."""

    ordinals: tuple[int, ...]
    weekday: int
    at: int
    each: bool  # "jeden zweiten", not "am zweiten"
    in_words: bool
    is_detail: bool


@dataclass(frozen=True, slots=True)
class Weekday:
    """A plain weekday."""

    number: int
    at: int
    each: bool  # "jeden Montag"
    habitual: bool  # "montags"


@dataclass(frozen=True, slots=True)
class Months:
    """Months to which something is restricted."""

    numbers: tuple[int, ...]
    at: int


@dataclass(slots=True)
class Facts:
    """Everything a line says about its rhythm."""

    frequencies: list[Frequency] = field(default_factory=list)
    nths: list[Nth] = field(default_factory=list)
    weekdays: list[Weekday] = field(default_factory=list)
    months: list[Months] = field(default_factory=list)
    weeks: list[tuple[int, int]] = field(default_factory=list)  # parity and place
    of_month: bool = False  # "im Monat" was said
    prose: int = 0


# "Im Wechsel online und vor Ort" says nothing about days; with days behind it, it says something we do not read.
_DAYS: Final = "wofcuemkna"
_CONTRADICTIONS: Final = (
    "!",
    r"\|[^;]*[wofcujemkn]",
    rf"[Nzi][,;]?[{_DAYS.replace('a', '')}j]",
    r"@[,;]?[womd]",
    r"[sd]",
)
_ORDINALS: Final = r"(?:(?<=j)n[&]+)?o(?:[,&]+j?o)*"


def read_days(line: Line) -> Facts:
    """Return what the line says about its rhythm.

    Raises:
        Doubt: something about time is left that no pattern understands.
    """
    for pattern in _CONTRADICTIONS:
        line.refuse(pattern)
    line.refuse(r"-[,;]?[wmo]", _is_upper_bound)
    facts = Facts(prose=len(line.find("x")))
    alternations = line.find("~")
    _take_frequencies(line, facts)
    _take_weeks_and_months(line, facts)
    _take_ordinals(line, facts)
    _take_weekdays(line, facts)
    _take_month_phrases(line, facts)
    if re.search(r"[nowemkcdutqfh^]", line.kinds):
        raise Doubt
    if alternations and not _is_about_the_place(alternations, facts):
        raise Doubt
    return facts


def _is_upper_bound(place: Found) -> bool:
    """Tell "bis Montag" from "Montag bis Freitag", "Januar bis März" and a dash."""
    return place.tokens[0].name == "bis" and place.before[-1:] not in ("w", "m", "-")


def _is_about_the_place(alternations: list[Found], facts: Facts) -> bool:
    last_day = max([*(day.at for day in facts.weekdays), *(day.at for day in facts.nths), -1])
    kinds_of_day = {day.number for day in facts.weekdays} | {day.weekday for day in facts.nths}
    if len(facts.months) == len(facts.nths) > 1:
        return True
    others = [item.at for item in facts.frequencies] + [item.at for item in facts.months]
    return alternations[0].at > max([last_day, *others]) and len(kinds_of_day) <= 1


def _take_frequencies(line: Line, facts: Facts) -> None:
    taken: list[tuple[Found, Every | Often]] = []
    for pattern, when, value_of in _FREQUENCIES:
        taken += [(place, value_of(place)) for place in line.take(pattern, when)]
    for place, value in sorted(taken, key=lambda pair: pair[0].at):
        facts.frequencies.append(Frequency(value, place.at, _is_detail(place)))


def _is_own_statement(place: Found) -> bool:
    """Tell "jeden Monat" from "am ersten Montag jeden Monats"."""
    return place.of("u")[0].name != "M" or not re.search(r"o[,&]*w[,;]*$", place.before)


def _is_detail(place: Found) -> bool:
    """Whether words behind a statement make it one about some dates only ("…, einmal im Monat mit Gästen")."""
    if not re.search("[wo]", place.before):
        return False
    return place.after.startswith("p") or (
        place.after.startswith("x") and place.before.endswith((",", ";", "&"))
    )


def _every(place: Found) -> Every:
    number = next((token.low for token in place.tokens if token.kind in "no"), 1)
    if number < 1 or (number == 1 and place.of("o")):
        raise Doubt
    token = every(number, place.of("u")[0].name)
    if token.kind != "f":
        raise Doubt
    return Every(token.low, token.name)


def _often(place: Found) -> Every | Often:
    counts = [token.low for token in place.of("nc")]
    unit = place.of("uf")[0]
    if unit.kind == "f" and unit.low != 1:
        raise Doubt
    low, high = counts[0], counts[-1]
    if low < 1 or high < low or high > MOST:
        raise Doubt
    if high == 1:
        token = every(1, unit.name)
        return Every(token.low, token.name)
    return Often(low, high, unit.name, apart=False)


def _apart(place: Found) -> Often:
    low, high = (token.low for token in place.of("n"))
    if high <= low or high > MOST:
        raise Doubt
    return Often(low, high, place.of("u")[0].name, apart=True)


def _stated(place: Found) -> Every:
    return Every(place.tokens[0].low, place.tokens[0].name)


# How often, the longest ways of saying it first.
_FREQUENCIES: Final[
    tuple[tuple[str, Callable[[Found], bool] | None, Callable[[Found], Every | Often]], ...]
] = (
    (r"an-+nu", None, _apart),
    (r"a[no]u|jou", None, _every),
    (r"(?:[nc]-+)?c,?g?j?[uf]|n(?:-+n)?g[uf]|(?:ju|u|f)c(?![fuj])", None, _often),
    (r"ju(?!c)", _is_own_statement, _every),
    (r"f", None, _stated),
)


def _take_weeks_and_months(line: Line, facts: Facts) -> None:
    for place in line.take(
        r"j?e(?:k|u)", lambda found: found.tokens[-1].kind == "k" or found.tokens[-1].name == "W"
    ):
        facts.weeks.append((place.of("e")[0].low, place.at))
    restrictions = [
        Months(tuple(range(2 - place.of("e")[0].low, _MONTHS_OF_YEAR + 1, 2)), place.at)
        for place in _parities(line)
    ]
    restrictions += [
        Months(tuple(sorted(set(months_of(place.tokens)))), place.at)
        for place in line.take(r"v?m(?:-+m)?(?:[,&]+m(?:-+m)?)*")
    ]
    facts.months = sorted(restrictions, key=lambda months: months.at)


def _parities(line: Line) -> list[Found]:
    """Take "in ungeraden … und … in geraden Monaten": the word for months stands behind the last one only."""
    with_unit = line.take(r"eu", lambda found: found.tokens[-1].name == "M")
    return [*with_unit, *line.take("e")] if with_unit else []


def _take_ordinals(line: Line, facts: Facts) -> None:
    # "Montags (1. und 3. im Monat)": the weekday in front.
    for place in line.take(rf"w[,;]*j?(?P<os>{_ORDINALS})(?=u)"):
        facts.nths.append(_nth(place))
    for place in line.take(rf"j?(?P<os>{_ORDINALS})w"):
        # "Jeden ersten Dienstag und Donnerstag im Monat": is it the first Thursday or every one?
        if re.match(r"(?:[,&]|-&|-)+w", place.after):
            raise Doubt
        facts.nths.append(_nth(place))


def _nth(place: Found) -> Nth:
    ordinals = [token for token in place.tokens if token.kind in "on"]
    numbers = tuple(token.low for token in ordinals)
    if any(not -_SECOND <= number <= _LAST_ORDINAL or number == 0 for number in numbers):
        raise Doubt
    return Nth(
        ordinals=numbers,
        weekday=place.of("w")[0].low,
        at=place.at,
        each=bool(place.of("j")),
        in_words=all(token.name != "." and token.kind == "o" for token in ordinals),
        is_detail=_has_detail_behind(place),
    )


def _has_detail_behind(place: Found) -> bool:
    return re.match(r"[u_]*p", place.after) is not None


def _take_weekdays(line: Line, facts: Facts) -> None:
    for place in line.take(r"j?v?w-+w(?!-)"):
        first, last = place.of("w")
        if first.low >= last.low:
            raise Doubt
        each = bool(place.of("j"))
        facts.weekdays += [Weekday(day, place.at, each, first.sure) for day in range(first.low, last.low + 1)]
    for place in line.take(r"j?w(?:(?:[,&]|-&)+j?w)*"):
        each = bool(place.of("j"))
        facts.weekdays += [Weekday(token.low, place.at, each, token.sure) for token in place.of("w")]


def _take_month_phrases(line: Line, facts: Facts) -> None:
    """Take "im Monat", which may stand apart ("jeden dritten Freitag, von 15 bis 17 Uhr, im Monat")."""
    if not facts.nths:
        return
    for place in line.take(r"[&,]?j?u|@u"):
        if place.of("u")[0].name != "M":
            raise Doubt
        facts.of_month = True
