"""When a rhythm does not hold: holidays, months, a pause in summer; and negations that put everything in doubt."""

from typing import Final, NamedTuple

from .line import Doubt, Found, Line
from .tokens import Token

_ITEM: Final = r"(?:[hy]|m-+m|m)"
_ITEMS: Final = rf"{_ITEM}(?:[,&|]+{_ITEM})*"
_MONTHS: Final = r"m(?:-+m)?(?:[,&|]+m(?:-+m)?)*"
_ALSO_THEN: Final = rf"%{_ITEMS}"
_NOT_THEN: Final = rf"%?\^+[gv]{{0,2}}{_ITEMS}"
_NOT_THEN_FIRMLY: Final = rf"\^[gvpx]{{0,3}}{_ITEMS}"
# "Im August keine Treffen"; but "im Januar und Juli, nicht barrierefrei" excludes no month.
_THEN_NOT: Final = rf"{_ITEMS}[,%]{{0,2}}\^+(?:g|(?=[,;i&]|$))"
_PAUSE_IN_MONTHS: Final = rf"E[,;]?v?{_MONTHS}|{_MONTHS},?E"
_CALENDAR: Final = "wodnecufmkj"
_MONTHS_OF_YEAR: Final = 12


class Exceptions(NamedTuple):
    """What is left out: names out of the vocabulary, and months to be folded into the rule."""

    names: set[str]
    months: set[int]


def take_exceptions(line: Line) -> Exceptions:
    """Take all exceptions off the line.

    Raises:
        Doubt: holidays are named without "not", or a negation is about a day nobody can compute with.
    """
    found = Exceptions(set(), set())
    for place in line.cut(_NOT_THEN) + line.cut(_NOT_THEN_FIRMLY, _is_firm) + line.cut(_THEN_NOT):
        _add(found, place.tokens)
    line.cut(_ALSO_THEN)
    for place in line.cut(_PAUSE_IN_MONTHS, _is_pause):
        found.months.update(months_of(place.tokens))
    for place in line.cut("E"):
        found.names.add(place.tokens[0].name)
    _leave_the_rest_certain(line, found)
    return found


def months_of(tokens: tuple[Token, ...]) -> list[int]:
    """Return the months of a list with spans; "Oktober bis März" goes over the new year."""
    months: list[int] = []
    span = False
    for token in tokens:
        if token.kind == "-":
            span = True
        elif token.kind == "m" and span:
            while months[-1] != token.low:
                months.append(months[-1] % _MONTHS_OF_YEAR + 1)
            span = False
        elif token.kind == "m":
            months.append(token.low)
    return months


def _is_firm(place: Found) -> bool:
    return place.tokens[0].name == "firm"


def _is_pause(place: Found) -> bool:
    return place.of("E")[0].name in ("summer-break", "other")


def _add(found: Exceptions, tokens: tuple[Token, ...]) -> None:
    found.months.update(months_of(tokens))
    found.names.update(token.name for token in tokens if token.kind == "h")
    if any(token.kind == "y" for token in tokens):
        found.names.add("other")


def _leave_the_rest_certain(line: Line, found: Exceptions) -> None:
    """Sort out negations without holidays: "außer Kurwochen" is an exception, "ohne Anmeldung" says nothing."""
    line.refuse(rf"\^[^;,]*[{_CALENDAR}]")
    line.refuse("[hy]")
    if line.cut(r"\^[^;,]*", _is_firm):
        found.names.add("other")
    line.cut(r"\^[xp]")
    if "^" in line.kinds:
        raise Doubt
