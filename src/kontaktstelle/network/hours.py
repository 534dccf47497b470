"""When a help line answers: weekly spans, holidays, midnight and summer time.

A span is `(weekday, opens, closes)`, weekday 0 = Monday, times "HH:MM" in Europe/Berlin; "24:00" is the end of the
day, and a `closes` not after `opens` lies on the next day. A span belongs to the day on which it opens.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays

Span = tuple[int, str, str]

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
EVERY_DAY = "täglich"
# Longer than any run of holidays and weekends, so that the next span is found.
LOOK_AHEAD_DAYS = 12
SUNDAY = 6
AT_LEAST_A_RANGE = 3

_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d|24:00"
_WRITTEN = re.compile(rf"(?P<days>\S+) (?P<opens>{_TIME})-(?P<closes>{_TIME})")


class HoursUnclear(ValueError):  # noqa: N818 - named for what it means to whoever wrote them
    """Hours are written in a way that could be misread; the message is a German sentence."""


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether somebody answers: `open`, `closed`, or `unknown` (no hours known, or a holiday nobody asked about)."""

    status: str
    until: datetime | None = None
    opens_next: datetime | None = None
    around_the_clock: bool = False


def read(written: Iterable[str]) -> list[Span]:
    """Read spans as data files and staff write them: `Mo-Do 08:00-20:00`, `Di,Do 17:00-19:00`, `täglich 00:00-24:00`.

    Raises:
        HoursUnclear: a span is not of this form, has no length, or overlaps another.
    """
    spans: list[Span] = []
    for text in written:
        match = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise HoursUnclear(
                f"Die Zeit {text!r} ist nicht lesbar. So geht es: „Mo-Do 08:00-20:00“ oder „täglich 00:00-24:00“."
            )
        opens, closes = match["opens"], match["closes"]
        if opens in {closes, "24:00"}:
            raise HoursUnclear(f"Die Zeit {text!r} hat keine Dauer.")
        spans += [(day, opens, closes) for day in _days(match["days"], text)]
    spans.sort()
    _check_apart(spans)
    return spans


def written(spans: Sequence[Span]) -> list[str]:
    """Return spans as `read` reads them, days with the same times together."""
    days: dict[tuple[str, str], list[int]] = {}
    for day, opens, closes in sorted(spans, key=lambda span: (span[1], span[2], span[0])):
        days.setdefault((opens, closes), []).append(day)
    return [
        f"{EVERY_DAY if len(of) == len(DAYS) else ','.join(DAYS[day] for day in of)} {opens}-{closes}"
        for (opens, closes), of in days.items()
    ]


def in_words(spans: Sequence[Span]) -> str:
    """Say spans as people do: "Mo–Do 8–20 Uhr, Fr 8–15 Uhr"; "rund um die Uhr"; "" for none."""
    times: dict[int, list[str]] = {}
    for day, opens, closes in sorted(spans):
        times.setdefault(day, []).append(f"{_short(opens)}–{_short(closes)}")
    alike: dict[str, list[int]] = {}
    for day, of_day in sorted(times.items()):
        alike.setdefault(" und ".join(of_day), []).append(day)
    if list(alike) == ["0–24"] and len(times) == len(DAYS):
        return "rund um die Uhr"
    parts = [f"{_day_names(days)} {said} Uhr" for said, days in alike.items()]
    return ("; " if any("," in part for part in parts) else ", ").join(parts)


def availability(
    spans: Sequence[Span],
    at: datetime,
    *,
    on_holidays: str = "unknown",
    closed_days: Sequence[str] = (),
    land: str = "",
) -> Availability:
    """Return whether somebody answers at this moment, until when, and when next.

    Args:
        spans: the weekly spans.
        at: aware.
        on_holidays: `as-usual`, `closed`, `sunday` (as on Sundays) or `unknown`.
        closed_days: further days without anybody, "MM-DD".
        land: whose holidays count; "" = those all Länder share.
    """
    if not spans:
        return Availability("unknown")
    if _is_around_the_clock(spans, on_holidays, closed_days):
        return Availability("open", around_the_clock=True)
    now = at.astimezone(UTC)
    first = at.astimezone(BERLIN).date() - timedelta(days=1)
    sure: list[tuple[datetime, datetime]] = []
    unsure: list[tuple[datetime, datetime]] = []
    for ahead in range(LOOK_AHEAD_DAYS):
        day = first + timedelta(days=ahead)
        is_holiday = day in _holidays(land, day.year)
        if f"{day:%m-%d}" in closed_days or (is_holiday and on_holidays == "closed"):
            continue
        weekday = SUNDAY if is_holiday and on_holidays == "sunday" else day.weekday()
        found = [_moments(day, opens, closes) for of_day, opens, closes in spans if of_day == weekday]
        (unsure if is_holiday and on_holidays == "unknown" else sure).extend(found)
    return _judge(_joined(sure), unsure, now)


def _judge(
    sure: list[tuple[datetime, datetime]], unsure: list[tuple[datetime, datetime]], now: datetime
) -> Availability:
    following = next((opens.astimezone(BERLIN) for opens, _ in sure if opens > now), None)
    for opens, closes in sure:
        if opens <= now < closes:
            return Availability("open", until=closes.astimezone(BERLIN), opens_next=following)
    if any(opens <= now < closes for opens, closes in unsure):
        return Availability("unknown", opens_next=following)
    return Availability("closed", opens_next=following)


def _moments(day: date, opens: str, closes: str) -> tuple[datetime, datetime]:
    """Return a span of a day as moments in UTC: an hour lost or doubled by summer time is then counted as it passes."""
    ends_on = day if closes > opens and closes != "24:00" else day + timedelta(days=1)
    ends_at = time() if closes == "24:00" else time.fromisoformat(closes)
    return (
        datetime.combine(day, time.fromisoformat(opens), BERLIN).astimezone(UTC),
        datetime.combine(ends_on, ends_at, BERLIN).astimezone(UTC),
    )


def _joined(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for opens, closes in sorted(spans):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return joined


def _is_around_the_clock(spans: Sequence[Span], on_holidays: str, closed_days: Sequence[str]) -> bool:
    full = {day for day, opens, closes in spans if (opens, closes) == ("00:00", "24:00")}
    return len(full) == len(DAYS) and on_holidays in {"as-usual", "sunday"} and not closed_days


@lru_cache(maxsize=128)
def _holidays(land: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DE", subdiv=land or None, years=year))


def _days(said: str, whole: str) -> list[int]:
    if said == EVERY_DAY:
        return list(range(len(DAYS)))
    found: list[int] = []
    for part in said.split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS or DAYS.index(last or first) < DAYS.index(first):
            raise HoursUnclear(
                f"Die Tage {said!r} in {whole!r} sind nicht lesbar. So geht es: „Mo-Do“, „Di,Do“ oder „täglich“."
            )
        found += range(DAYS.index(first), DAYS.index(last or first) + 1)
    if len(set(found)) < len(found):
        raise HoursUnclear(f"In {whole!r} steht ein Tag doppelt.")
    return found


def _check_apart(spans: list[Span]) -> None:
    """Refuse spans that overlap, also over midnight and from Sunday into Monday."""
    minutes = sorted(
        (day * 1440 + _minutes(opens), day * 1440 + _minutes(closes) + (0 if closes > opens else 1440))
        for day, opens, closes in spans
    )
    if minutes:
        minutes.append((minutes[0][0] + 7 * 1440, 0))
    for (_, end), (start, _) in pairwise(minutes):
        if start < end:
            raise HoursUnclear("Zwei Zeiten überschneiden sich.")


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _short(clock: str) -> str:
    hour, minute = clock.split(":")
    return str(int(hour)) if minute == "00" else f"{int(hour)}:{minute}"


def _day_names(days: list[int]) -> str:
    if len(days) == len(DAYS):
        return EVERY_DAY
    if len(days) >= AT_LEAST_A_RANGE and days[-1] - days[0] == len(days) - 1:
        return f"{DAYS[days[0]]}–{DAYS[days[-1]]}"
    return ", ".join(DAYS[day] for day in days)
