"""Reading a meeting text: from the words people write to a `Rhythm`, or to none."""

from .composing import Composed, compose
from .dates import read_dates, weekdays_of_dates
from .days import read_days
from .exceptions import take_exceptions
from .line import Doubt, Line
from .shape import Rhythm, in_order, is_anchored
from .times import Times, take_times
from .tokens import Token, Unreadable, tokens
from .wording import worded

# "Seit 2010", "seit zehn Jahren": history.
_SINCE = r"S[vx]?(?:d|o?mn?|nu?|cu|u)?"
# "Erstes Treffen", "zweiter Termin", "erstes Beisammensein am …": one occasion.
_FIRST_MEETING = r"o(?=x?g)|o(?=.*d)"
# "Montags oder nach Vereinbarung" states a rhythm; "montags nach Vereinbarung" does not.
_ALSO_ARRANGED = r"[|&][,;]?N?x?A"


def read(text: str) -> Rhythm:
    """Return the reading of a meeting text.

    A text that is not understood, or could be understood in two ways, gives a `Rhythm` with `understood` false and
    stays a text; if it states nothing but a time of day, that is kept. Nothing is ever invented.
    """
    try:
        return _read(text)
    except (Doubt, Unreadable):
        return Rhythm()


def _read(text: str) -> Rhythm:
    line = Line(tokens(text))
    line.cut(_SINCE)
    _mark_single_occasions(line)
    line.cut(_ALSO_ARRANGED)
    line.refuse("A")
    if "d" in line.kinds:
        return _dates(line)
    exceptions = take_exceptions(line)
    times = take_times(line)
    composed = compose(read_days(line), exceptions)
    if composed is None:
        return Rhythm(start=times.start, end=times.end)
    return _rhythm(composed, times)


def _mark_single_occasions(line: Line) -> None:
    for place in line.find(_FIRST_MEETING, lambda found: found.tokens[0].name != "."):
        line.put(place.at, Token("s"))


def _dates(line: Line) -> Rhythm:
    line.refuse(r"[!h^%]")
    times = take_times(line)
    dates = read_dates(line)
    rhythm = Rhythm(
        understood=True, dates=dates, anchored=is_anchored(dates=dates), start=times.start, end=times.end
    )
    return worded(rhythm, weekdays=weekdays_of_dates(line), part=times.part)


def _rhythm(composed: Composed, times: Times) -> Rhythm:
    exceptions = in_order(composed.exceptions)
    rhythm = Rhythm(
        understood=True,
        rules=composed.rules,
        frequency=composed.frequency,
        anchored=is_anchored(composed.rules, exceptions=exceptions),
        start=times.start,
        end=times.end,
        exceptions=exceptions,
    )
    return worded(rhythm, weekdays=composed.weekdays, part=times.part)
