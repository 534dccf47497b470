"""Sprechzeiten in the words people use: "Mo–Do 9–12 und 14–16 Uhr", "Mi 15:30–18 Uhr (Telefon)", "nach Vereinbarung".

Read strictly: a line that is not wholly understood is refused with the line in the sentence, for a wrong hour on a
public page sends somebody to a closed door. What `in_words` says, `read` reads as the same.
"""

import re
from dataclasses import dataclass
from datetime import time
from itertools import groupby, pairwise

from kontaktstelle.refusal import StepRefused

from .models import Hours

DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
MOST_SPANS = 60
LONGEST = 600
_NAMES = {
    name: number
    for number, names in enumerate(
        ("mo montag", "di dienstag", "mi mittwoch", "do donnerstag", "fr freitag", "sa samstag sonnabend", "so sonntag")
    )
    for name in names.split()
}  # fmt: skip
_TELEPHONE = re.compile(r"\(?\b(?:telefon(?:sprechzeit|zeit|isch)?|tel)\b\.?\)?")
_APPOINTMENT = re.compile(r"(?:termine? )?(?:nach|auf) (?:vereinbarung|absprache|anfrage)")
_LINE = re.compile(r"(?P<days>\D+?)\s*(?P<times>\d.*)")
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s*(?:-|bis)\s*(\d{1,2})(?:[:.](\d\d))?")
_AND = re.compile(r"\s*(?:,|\bund\b|\+|/|&)\s*")


class HoursUnclear(StepRefused):
    """A line of Sprechzeiten that cannot be read without guessing."""

    sentence = "Diese Sprechzeiten lesen wir nicht. Schreiben Sie sie so: Mo–Do 9–12 Uhr."


@dataclass(frozen=True, slots=True, order=True)
class WeeklySpan:
    """A span of the week; by appointment it has no day and no times."""

    weekday: int | None
    opens: time | None
    closes: time | None
    kind: str


def read(text: str) -> list[WeeklySpan]:
    """Read Sprechzeiten, one statement per line or between semicolons.

    Returns:
        The spans in the order of the week; "by appointment" last.

    Raises:
        HoursUnclear: a line is not understood, ends before it begins, or overlaps another.
    """
    if len(text) > LONGEST:
        raise HoursUnclear(f"Das sind mehr als {LONGEST} Zeichen; Sprechzeiten sind kürzer.")
    spans: list[WeeklySpan] = []
    for line in re.split(r"[\n;]", text):
        if line.strip():
            spans += _line(line.strip())
    by_appointment = [span for span in spans if span.weekday is None][:1]
    timed = sorted((span for span in spans if span.weekday is not None), key=_order)
    for one, other in pairwise(sorted(timed, key=lambda span: (span.kind, _order(span)))):
        if (one.kind, one.weekday) == (other.kind, other.weekday) and (one.closes or time.min) > (
            other.opens or time.min
        ):
            raise HoursUnclear(
                f"Am {DAYS[one.weekday or 0]} überschneiden sich {_span(one)} und {_span(other)} Uhr."
            )
    if len(timed) > MOST_SPANS:
        raise HoursUnclear("So viele Sprechzeiten hat eine Woche nicht.")
    return timed + by_appointment


def in_words(spans: list[WeeklySpan]) -> str:
    """Say Sprechzeiten as people do, a line for the days that are alike."""
    lines = []
    for kind in (Hours.Kind.OPEN, Hours.Kind.TELEPHONE):
        of_day = {
            day: [_span(span) for span in sorted((each for each in spans if each.weekday == day and each.kind == kind), key=_order)]
            for day in range(7)
        }  # fmt: skip
        for said, days in groupby((day for day in of_day if of_day[day]), key=lambda day: of_day[day]):
            tail = " (Telefon)" if kind == Hours.Kind.TELEPHONE else ""
            lines.append(f"{_days_said(list(days))} {' und '.join(said)} Uhr{tail}")
    if any(span.kind == Hours.Kind.APPOINTMENT for span in spans):
        lines.append("nach Vereinbarung")
    return "\n".join(lines)


def _line(line: str) -> list[WeeklySpan]:
    said = re.sub(r"[–—‐−]", "-", line.lower())
    kind = Hours.Kind.TELEPHONE if _TELEPHONE.search(said) else Hours.Kind.OPEN
    said = " ".join(re.sub(r"\buhr\b|\bh\b|:(?!\d)", " ", _TELEPHONE.sub(" ", said)).split()).strip(" .,:")
    if _APPOINTMENT.fullmatch(said):
        return [WeeklySpan(None, None, None, Hours.Kind.APPOINTMENT.value)]
    match = _LINE.fullmatch(said)
    if match is None:
        raise _unclear(line)
    times = [_times(part, line) for part in _AND.split(match["times"])]
    return [
        WeeklySpan(day, opens, closes, kind.value)
        for day in _days(match["days"], line)
        for opens, closes in times
    ]


def _days(said: str, line: str) -> list[int]:
    found: list[int] = []
    for part in _AND.split(said.strip(" .,:")):
        ends = [_NAMES.get(name.strip(" .")) for name in re.split(r"-|\bbis\b", part)]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2 or last < first:  # noqa: PLR2004 - from and to
            raise _unclear(line)
        found += range(first, last + 1)
    return list(dict.fromkeys(found))


def _times(said: str, line: str) -> tuple[time, time]:
    match = _SPAN.fullmatch(said.strip())
    if match is None:
        raise _unclear(line)
    try:
        opens = time(int(match[1]), int(match[2] or 0))
        closes = time(int(match[3]), int(match[4] or 0))
    except ValueError as error:
        raise _unclear(line) from error
    if closes <= opens:
        raise HoursUnclear(f"In „{line[:60]}“ liegt das Ende nicht nach dem Beginn.")
    return opens, closes


def _unclear(line: str) -> HoursUnclear:
    return HoursUnclear(
        f"Diese Zeile lesen wir nicht: „{line[:60]}“. Schreiben Sie sie so: „Mo–Do 9–12 und 14–16 Uhr“, „Mi 15–18 Uhr (Telefon)“ oder „nach Vereinbarung“."
    )


def _days_said(days: list[int]) -> str:
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:  # noqa: PLR2004 - two days are named, three are a stretch
        return f"{DAYS[days[0]]}–{DAYS[days[-1]]}"
    return ", ".join(DAYS[day] for day in days)


def _order(span: WeeklySpan) -> tuple[int, time, str]:
    return (span.weekday or 0, span.opens or time.min, span.kind)


def _span(span: WeeklySpan) -> str:
    return f"{_clock(span.opens)}–{_clock(span.closes)}"


def _clock(moment: time | None) -> str:
    if moment is None:
        return ""
    return f"{moment.hour}:{moment.minute:02}" if moment.minute else str(moment.hour)
