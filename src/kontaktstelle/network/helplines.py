"""Whom to call: lines that fit what the words say, open ones first, never only one when it is urgent.

TelefonSeelsorge is often engaged (it answered about one in fourteen attempts in 2023, source: evangelische-zeitung.de),
so an acute answer always names at least two lines. If the register is empty or cannot be read, the shipped one stands in.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import DatabaseError

from . import hours as times
from . import kinds, reading
from .checking import confirm, overdue
from .kinds import ACUTE, ALL
from .lands import land_code
from .models import HelpLine, RegisterRow, Service

__all__ = [
    "ALL",
    "Line",
    "Snapshot",
    "confirm",
    "lines_for",
    "open_now",
    "overdue",
    "services_for",
    "shipped",
    "snapshot",
]

AT_LEAST_WHEN_ACUTE = 2
SOCIAL_PSYCHIATRY = Service.Kind.SOCIAL_PSYCHIATRY.value
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A help line or a service as it may be shown; `numbers` are written as Germans write them.

    `regions` is empty for the whole country; `checked_on` is None until an office confirmed the facts.
    """

    key: str
    name: str
    numbers: tuple[str, ...]
    operator: str = ""
    kinds: tuple[str, ...] = ()
    for_whom: str = ""
    what: str = ""
    hours: str = ""
    spans: tuple[times.Span, ...] = ()
    on_holidays: str = "unknown"
    closed_days: tuple[str, ...] = ()
    languages: str = ""
    cost: str = ""
    note: str = ""
    website: str = ""
    regions: tuple[str, ...] = ()
    source: str = ""
    source_date: str = ""
    checked_on: date | None = None
    is_fallback: bool = False

    def is_near(self, land: str, kreis_key: str) -> bool:
        """Say whether the line is there for this place; a regional one is not for an unknown place."""
        return not self.regions or land in self.regions or kreis_key in self.regions


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All help lines and services at one moment, to answer many pages without a query."""

    lines: tuple[Line, ...]
    services: tuple[Line, ...] = field(default=())


def lines_for(
    wanted: Sequence[str],
    *,
    land: str = "",
    kreis_key: str = "",
    at: datetime,
    limit: int | None = None,
    known: Snapshot | None = None,
) -> list[Line]:
    """Return whom to call, most fitting first; lines that are closed now come last.

    Args:
        wanted: what the words say: `suicide`, `other-suicide`, `violence`, `child`, `medical`, `withdrawal`, `quiet`,
            `need`; or kinds of the register (`loneliness`); or `all`. Unknown ones get the emergency numbers.
        land: where the person is, as code or German name; without it nothing regional is named (but with `all`).
        kreis_key: the Kreis, for lines of a Kreis.
        at: now, aware.
        limit: how many at most; never fewer than two in acute danger.
        known: a snapshot; read from the database if none is given.
    """
    known = known or snapshot()
    land = land_code(land, kreis_key)
    everywhere = ALL in wanted and not land
    near = [line for line in known.lines if everywhere or line.is_near(land, kreis_key)]
    fitting = _fitting(near, kinds.route(wanted))
    if "need" in wanted:
        fitting = [*services_for(land=land, kreis_key=kreis_key, known=known), *fitting]
    found = _each_number_once(fitting)
    acute = any(kind in ACUTE for kind in wanted) or not wanted
    late = {"closed": 2, "unknown": 1 if acute else 0}
    found.sort(key=lambda line: late.get(is_open(line, at, land).status, 0))
    if acute or len(found) == 0:
        found = _at_least(AT_LEAST_WHEN_ACUTE, found, near)
    return found if limit is None else found[: max(limit, AT_LEAST_WHEN_ACUTE if acute else 1)]


def services_for(*, land: str = "", kreis_key: str = "", known: Snapshot | None = None) -> list[Line]:
    """Return the services of the help network for a place, in the order of the register; local ones of the same kind first."""
    known = known or snapshot()
    code = land_code(land, kreis_key)
    near = [line for line in known.services if line.is_near(code, kreis_key)]
    # "Bei Ihrem Gesundheitsamt" says nothing more once the office has entered its own.
    if any(SOCIAL_PSYCHIATRY in line.kinds and line.regions for line in near):
        near = [line for line in near if SOCIAL_PSYCHIATRY not in line.kinds or line.regions]
    order = list(dict.fromkeys(line.kinds for line in known.services))
    return sorted(near, key=lambda line: (order.index(line.kinds), not line.regions))


def open_now(line: Line | HelpLine, at: datetime) -> bool:
    """Say whether somebody surely answers at this moment; unknown hours are not a yes."""
    shown = line if isinstance(line, Line) else _line(line)
    return is_open(shown, at).status == "open"


def is_open(line: Line, at: datetime, land: str = "") -> times.Availability:
    """Return whether somebody answers, until when, and when next; regional lines keep the holidays of their Land."""
    only = line.regions[0] if len(line.regions) == 1 else ""
    return times.availability(
        line.spans,
        at,
        on_holidays=line.on_holidays,
        closed_days=line.closed_days,
        land=land_code(only, only) or (land if line.regions else ""),
    )


def snapshot() -> Snapshot:
    """Read the register: two queries. An empty or unreachable one is replaced by what is shipped."""
    try:
        lines = tuple(_line(row) for row in HelpLine.objects.filter(hidden=False).order_by("position", "key"))
        services = tuple(
            _line(row) for row in Service.objects.filter(hidden=False).order_by("position", "key")
        )
    except DatabaseError:
        # Help must stand on the page also when the database does not answer.
        log.warning("help_register_unreadable")
        return shipped()
    return Snapshot(lines or shipped().lines, services or shipped().services)


@lru_cache(maxsize=1)
def shipped() -> Snapshot:
    """Return the register as shipped, without any database."""
    return Snapshot(
        tuple(_line(HelpLine(**facts)) for facts in reading.facts_in(HelpLine)),
        tuple(_line(Service(**facts)) for facts in reading.facts_in(Service)),
    )


def _fitting(lines: Iterable[Line], tags: list[str]) -> list[Line]:
    rank = {tag: place for place, tag in enumerate(tags)}
    ranked = [
        (min((rank[kind] for kind in line.kinds if kind in rank), default=None), line) for line in lines
    ]
    return [
        line
        for place, line in sorted(
            (pair for pair in ranked if pair[0] is not None), key=lambda pair: pair[0] or 0
        )
    ]


def _each_number_once(lines: Iterable[Line]) -> list[Line]:
    """Drop a line all of whose numbers stand on the page already (116 117 is a help line and the Terminservice)."""
    seen: set[str] = set()
    kept = []
    for line in lines:
        own = {_digits(number) for number in line.numbers}
        if own and own <= seen:
            continue
        seen |= own
        kept.append(line)
    return kept


def _at_least(count: int, found: list[Line], near: list[Line]) -> list[Line]:
    """Fill up with the lines that always stand in: the register's, then the shipped ones."""
    for line in [
        *(line for line in near if line.is_fallback),
        *(line for line in shipped().lines if line.is_fallback),
    ]:
        callable_already = sum(bool(other.numbers) for other in found)
        if callable_already >= count:
            break
        if not any(set(map(_digits, line.numbers)) & set(map(_digits, other.numbers)) for other in found):
            found = [*found, line]
    return found


def _digits(number: str) -> str:
    return "".join(letter for letter in number if letter.isdigit())


def _line(row: RegisterRow) -> Line:
    kept: dict[str, Any] = {name: getattr(row, name) for name in _AS_IT_IS if hasattr(row, name)}
    kept |= {
        name: tuple(getattr(row, name))
        for name in ("numbers", "kinds", "closed_days", "regions")
        if hasattr(row, name)
    }
    if isinstance(row, Service):
        kept["kinds"] = (row.kind,)
    spans: list[tuple[int, str, str]] = getattr(row, "spans", [])
    return Line(**kept, spans=tuple((day, opens, closes) for day, opens, closes in spans))


_AS_IT_IS = (
    "key", "name", "operator", "for_whom", "what", "hours", "on_holidays", "languages", "cost", "note", "website",
    "source", "source_date", "checked_on", "is_fallback",
)  # fmt: skip
