"""What a reading is: rules, single dates or a bare frequency, with times and exceptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

# The closed vocabulary of exceptions, in the order in which they are written. `odd-weeks` means: not in odd
# ISO weeks. `other` means: the text states an exception nobody can compute, so no dates are given.
BREAKS = (
    "summer-holidays",
    "autumn-holidays",
    "christmas-holidays",
    "winter-holidays",
    "easter-holidays",
    "whitsun-holidays",
)
EXCEPTIONS = (
    "odd-weeks",
    "even-weeks",
    *(f"month-{month:02}" for month in range(1, 13)),
    "school-holidays",
    *BREAKS,
    "public-holidays",
    "summer-break",
    "other",
)

WEEK_PARITIES: Final = frozenset({"odd-weeks", "even-weeks"})
UNKNOWABLE: Final = frozenset({"summer-break", "other"})
WITHOUT_YEAR: Final = "--"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The reading of a meeting text.

    Attributes:
        understood: whether the text gave rules, dates or a frequency.
        rules: RFC 5545 rules in the order FREQ, INTERVAL, BYMONTH, BYDAY. `FREQ=MONTHLY` alone: once a month,
            the day is not stated.
        dates: single dates, `2026-05-16`, or `--05-16` where the text states no year.
        frequency: how often, where no rule says it: `4-6W` (every four to six weeks), `2/Y` (twice a year).
        anchored: whether the next dates follow from the text alone.
        start: wall time in Germany, "19:00".
        end: wall time in Germany.
        exceptions: out of `EXCEPTIONS`, in that order.
        text: the reading in German words; empty if not understood.
    """

    understood: bool = False
    rules: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    frequency: str | None = None
    anchored: bool = False
    start: str | None = None
    end: str | None = None
    exceptions: tuple[str, ...] = ()
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the reading as JSON types, to be stored with the group."""
        return {
            "understood": self.understood,
            "rules": list(self.rules),
            "dates": list(self.dates),
            "frequency": self.frequency,
            "anchored": self.anchored,
            "start": self.start,
            "end": self.end,
            "exceptions": list(self.exceptions),
            "text": self.text,
        }


def from_json(data: Mapping[str, Any]) -> Rhythm:
    """Return the reading stored by `Rhythm.as_json`; an empty mapping is a text nobody understood."""
    return Rhythm(
        understood=bool(data.get("understood")),
        rules=tuple(data.get("rules") or ()),
        dates=tuple(data.get("dates") or ()),
        frequency=data.get("frequency") or None,
        anchored=bool(data.get("anchored")),
        start=data.get("start") or None,
        end=data.get("end") or None,
        exceptions=tuple(data.get("exceptions") or ()),
        text=data.get("text") or "",
    )


def all_day(rhythm: Rhythm) -> bool:
    """Return whether dates of this rhythm have no time of day: their midnight stands for the date only."""
    return rhythm.start is None


def notation(rhythm: Rhythm) -> str:
    """Return the reading as files of expected readings write it.

    `FREQ=…`, two rules joined by ` & `; `ONCE:` with dates; `IRREGULAR:` with a frequency; `-` for nothing.
    """
    if rhythm.rules:
        return " & ".join(rhythm.rules)
    if rhythm.dates:
        return "ONCE:" + ",".join(rhythm.dates)
    if rhythm.frequency:
        return f"IRREGULAR:{rhythm.frequency}"
    return "-"


def parts(rule: str) -> dict[str, str]:
    """Return the parts of an RFC 5545 rule by name."""
    return dict(part.split("=", 1) for part in rule.split(";"))


def in_order(exceptions: set[str]) -> tuple[str, ...]:
    """Return exceptions in the order of the vocabulary."""
    return tuple(name for name in EXCEPTIONS if name in exceptions)


def is_anchored(rules: Sequence[str] = (), dates: Sequence[str] = (), exceptions: Sequence[str] = ()) -> bool:
    """Return whether the next dates follow from a reading without anything staff would have to add.

    They do not for every second week (which one?), once a month (which day?), a date without a year, or an
    exception nobody can compute.
    """
    if UNKNOWABLE & set(exceptions):
        return False
    by_week = bool(WEEK_PARITIES & set(exceptions))
    if rules:
        return all(_has_own_start(parts(rule), by_week=by_week) for rule in rules)
    return bool(dates) and not any(day.startswith(WITHOUT_YEAR) for day in dates)


def _has_own_start(rule: Mapping[str, str], *, by_week: bool) -> bool:
    named_day = "BYDAY" in rule or rule["FREQ"] == "DAILY"
    return named_day and ("INTERVAL" not in rule or (by_week and rule["FREQ"] == "WEEKLY"))
