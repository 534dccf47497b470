"""Times of day: which clock times a text says, and whether they agree.

A wrong time is worse than none: where two times differ, or nobody can tell morning from evening, there is none.
"""

from typing import Final, NamedTuple

from .line import Found, Line
from .tokens import Token

_NOON: Final = 12 * 60
_MIDNIGHT: Final = 24 * 60
# No group meets earlier; "um 3 Uhr" without a part of the day means the afternoon or is a mistake.
_EARLIEST: Final = 6 * 60
_BARE_HOURS: Final = range(7, 23)
_LAST_HOUR: Final = 24
# Which hours a part of the day holds, in minutes since midnight.
_HOURS_OF_PART: Final = {
    "morgens": (_EARLIEST, 11 * 60),
    "vormittags": (7 * 60, 13 * 60),
    "mittags": (11 * 60, 15 * 60),
    "nachmittags": (_NOON, 19 * 60),
    "abends": (16 * 60, _MIDNIGHT),
    "nachts": (20 * 60, _MIDNIGHT),
}

_RANGE: Final = r"(?P<lead>[vz@]?)(?P<from>[tqn]),?-+,?@?(?P<to>[tqn])(?![ugcfn])"
_RANGE_WITH_AND: Final = r"z(?P<from>[tqn])&(?P<to>[tqn])(?![ugcf])"
_UNCERTAIN: Final = r"[vz@]?[tqn]\|@?t|N,?t"
_ENTRY: Final = r"[@v]?tY|Y,?@?t"
_UNTIL: Final = r"-+,?@?t"
_DASH_AMID: Final = r"(?<![wd,;])-+@?t"
_AT: Final = r"[@v]?t|@q"
_AT_BARE: Final = r"(?P<at>@)n(?=[,;wDjpx&]|$)|(?:(?<=w)|(?<=w,))n(?=[,;]|$)"
_APPROXIMATE_CYCLE: Final = r"Can(?!-)"


class Times(NamedTuple):
    """Begin and end of a meeting as wall times, "19:00"; None where the text says none that is certain."""

    start: str | None
    end: str | None
    part: str


class _Slot(NamedTuple):
    start: int | None
    end: int | None


def take_times(line: Line) -> Times:
    """Take all times of day off the line and return what they agree on.

    Raises:
        Doubt: an approximate cycle ("ca. alle vier Wochen"), which is neither a rule nor a stated frequency.
    """
    line.refuse(_APPROXIMATE_CYCLE)
    line.cut("C")
    part = _part_of_day(line)
    durations = [place.tokens[0].low for place in line.cut("H")]
    line.cut(_ENTRY)
    slots: list[_Slot | None] = [None for _ in line.cut(_UNCERTAIN)]
    slots += [_span(place, part) for place in line.cut(_RANGE_WITH_AND, _are_hours)]
    slots += [_span(place, part) for place in line.cut(_RANGE, _is_range)]
    slots += [_slot(None, place.of("t")[0], part) for place in line.cut(_UNTIL, _is_until)]
    # "Raum 12 - 18 Uhr": a begin or a span?
    slots += [None for _ in line.cut(_DASH_AMID)]
    slots += [_slot(place.of("tq")[0], None, part) for place in line.cut(_AT)]
    slots += [_slot(_as_time(place.of("n")[0]), None, part) for place in line.cut(_AT_BARE, _is_bare_hour)]
    start, end = _agreed(slots)
    if start is not None and end is None and len(durations) == 1 and start + durations[0] < _MIDNIGHT:
        end = start + durations[0]
    return Times(_clock(start), _clock(end), part)


def _part_of_day(line: Line) -> str:
    """Return the one part of the day the text names, or an empty word."""
    parts = {token.name for token in line.tokens if token.kind in "Dwg" and token.name}
    line.cut("D")
    return parts.pop() if len(parts) == 1 else ""


def _are_hours(place: Found) -> bool:
    return all(token.low <= _LAST_HOUR for token in place.of("n"))


def _is_range(place: Found) -> bool:
    """Tell "19-21 Uhr" and "von 19 bis 21" from "4-6" of anything else."""
    if not _are_hours(place):
        return False
    if place.of("t") or place.group("lead"):
        return True
    follows_day = place.before.rstrip(",").endswith("w")
    return follows_day and all(token.kind == "q" or token.low in _BARE_HOURS for token in place.of("nq"))


def _is_until(place: Found) -> bool:
    return any(token.name == "bis" for token in place.of("-"))


def _is_bare_hour(place: Found) -> bool:
    number = place.of("n")[0]
    # "Ab 16 Personen", "ab 18 Jahren": only "um" allows any word behind a bare number.
    if at := place.group("at"):
        return number.low <= _LAST_HOUR and (at[0].name != "ab" or not place.after.startswith("x"))
    return number.low in _BARE_HOURS and number.sure


def _as_time(token: Token) -> Token:
    """Return a bare number as the full hour it stands for; in words it may be morning or evening."""
    return (
        Token("t", token.low * 60, sure=token.sure or token.low * 60 > _NOON) if token.kind == "n" else token
    )


def _span(place: Found, part: str) -> _Slot | None:
    first, last = place.group("from")[0], place.group("to")[0]
    if first.name == "uhr" and last.kind == "n" and not place.match[0].startswith("z"):
        # "13.30 Uhr bis 15" is an end cut off as often as an end.
        return _slot(first, None, part)
    return _slot(_as_time(first), _as_time(last), part)


def _slot(first: Token | None, last: Token | None, part: str) -> _Slot | None:
    """Return begin and end with the half of the day made certain; None if it is not."""
    moments = [_in_part(token, part) for token in (first, last) if token is not None]
    if None in moments:
        return None
    start = moments[0] if first is not None else None
    end = moments[-1] if last is not None else None
    if start is not None and end is not None and end <= start:
        end = None
    return _Slot(start, end if end is None or end < _MIDNIGHT else None)


def _in_part(token: Token, part: str) -> int | None:
    """Return the time as the part of the day makes it ("abends 7 Uhr"), or None if it stays uncertain."""
    if token.low > _NOON:
        return token.low
    if not part:
        return token.low if token.sure and token.low >= _EARLIEST else None
    first, last = _HOURS_OF_PART[part]
    return next((at for at in (token.low, token.low + _NOON) if first <= at <= last), None)


def _agreed(slots: list[_Slot | None]) -> tuple[int | None, int | None]:
    """Return the begin and the end on which all times of the text agree."""
    if None in slots:
        return None, None
    starts = {slot.start for slot in slots if slot and slot.start is not None}
    ends = {slot.end for slot in slots if slot and slot.end is not None}
    if len(starts) > 1 or len(ends) > 1:
        return None, None
    start, end = next(iter(starts), None), next(iter(ends), None)
    if start is not None and end is not None and end <= start:
        return start, None
    return (start, end) if start != _MIDNIGHT else (None, None)


def _clock(minutes: int | None) -> str | None:
    return None if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"
