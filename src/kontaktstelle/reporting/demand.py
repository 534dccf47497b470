"""Bedarf: where a group is missing, by topic × Kreis × quarter, from what contacts did not find; and who waits beside it.

Three things stand beside each other and are never added: contacts that found nothing, contacts that found only full groups,
people who wish to be told. All of it is for the office itself: what it shows may name somebody once it leaves the house, and
`stays_inside` marks what must not be read out. What leaves is `published`, which is cut by `suppression`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kontaktstelle import places
from kontaktstelle.directory import search
from kontaktstelle.enquiries import days, figures
from kontaktstelle.enquiries.codes import UNKNOWN
from kontaktstelle.enquiries.figures import Period
from kontaktstelle.foundings.lifecycle import LIVE, InterestStatus
from kontaktstelle.foundings.models import Founding, Interest
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.topics import tree
from kontaktstelle.topics.resolving import Understanding, Weighted

from . import counting, issuing
from .issuing import Issued
from .suppression import MINIMUM

# Fewer than this, and a number may be somebody (security paper, 4.4).
MINIMUM_CELL = MINIMUM
# From so many in a year on a founding may be worth a thought: shown, never begun by itself.
WORTH_A_THOUGHT = 6
MONTHS_LOOKED_AT = 12
NONE, FULL = figures.UNMET
_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One topic in one Kreis in one quarter (its first day): contacts that found nothing, and only full groups."""

    topic: str
    kreis_key: str
    quarter: date
    found_none: int = 0
    only_full: int = 0

    @property
    def stays_inside(self) -> bool:
        """Whether so few stand here that it may name somebody."""
        return any(0 < count < MINIMUM_CELL for count in (self.found_none, self.only_full))


@dataclass(frozen=True, slots=True)
class InHouse:
    """A table for the office's own eyes. `contacts` counts each once, the cells mention it by each of its topics."""

    period: Period
    contacts: int
    mentions: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A topic in a Kreis where a group may be missing: what was asked in a year, who waits now, what is begun already."""

    topic: str
    kreis_key: str
    found_none: int
    only_full: int
    waiting: int
    foundings: int

    @property
    def is_worth_a_thought(self) -> bool:
        """Whether enough asked in vain, and nothing is begun yet."""
        return self.foundings == 0 and self.found_none + self.only_full >= WORTH_A_THOUGHT


def table(period: Period, *, by: Staff) -> InHouse:
    """Return the demand of the office being acted for.

    Args:
        period: months; a quarter that is cut counts the months that are in.
        by: who asks.

    Raises:
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.STATISTICS, current())
    counted = figures.unmet(period)
    cells: dict[tuple[str, str, date], Counter[str]] = {}
    for (topic, kreis, month, outcome), count in counted.values:
        cells.setdefault((topic, kreis, quarter_of(month)), Counter())[outcome] += count
    return InHouse(
        period,
        counted.total,
        counted.mentions,
        tuple(Cell(*key, found[NONE], found[FULL]) for key, found in sorted(cells.items())),
    )


def gaps(*, on: date, by: Staff) -> list[Gap]:
    """Return where a group may be missing, over the twelve months before a day, what was most asked first.

    Raises:
        rights.NotAllowed: not for this person.
    """
    last = days.month_of(on)
    asked = table(Period(days.month_after(last, 1 - MONTHS_LOOKED_AT), last), by=by)
    none: Counter[tuple[str, str]] = Counter()
    full: Counter[tuple[str, str]] = Counter()
    for cell in asked.cells:
        none[cell.topic, cell.kreis_key] += cell.found_none
        full[cell.topic, cell.kreis_key] += cell.only_full
    waiting, begun = _waiting(), _begun()
    keys = sorted({*none, *full, *waiting})
    found = [Gap(*key, none[key], full[key], waiting[key], _of_topic(begun, *key)) for key in keys]
    return sorted(
        found, key=lambda gap: (-(gap.found_none + gap.only_full), -gap.waiting, gap.topic, gap.kreis_key)
    )


def nearest_km(topic: str, kreis_key: str) -> float | None:
    """Return how far the next listed group on a topic is from the middle of a Kreis, in kilometres; None if there is none."""
    centre = places.kreis_centre(kreis_key)
    if centre is None or topic not in tree.TOPICS:
        return None
    understood = Understanding(topics=(Weighted(topic, 1.0),))
    hits = search.answer(understood, near=search.Near(*centre), filters=search.NO_FILTERS, limit=20)
    far = [hit.distance_km for hit, entry in hits if topic in entry.topics and hit.distance_km is not None]
    return min(far, default=None)


def quarter_of(month: str) -> date:
    """Return the first day of the quarter of a month written `2026-03`."""
    year, number = (int(part) for part in month.split("-"))
    return date(year, (number - 1) // _QUARTER * _QUARTER + 1, 1)


def _waiting() -> Counter[tuple[str, str]]:
    rows = Interest.objects.filter(kind=Interest.Kind.TO_BE_TOLD, status=InterestStatus.LISTED)
    return _by_topic(rows.values_list("topics", "kreis_key"))


def _begun() -> Counter[tuple[str, str]]:
    return _by_topic(Founding.objects.filter(status__in=LIVE).values_list("topics", "kreis_key"))


def _by_topic(rows: Iterable[tuple[list[str], str]]) -> Counter[tuple[str, str]]:
    return Counter((topic, kreis or UNKNOWN) for topics, kreis in rows for topic in topics)


def _of_topic(begun: Counter[tuple[str, str]], topic: str, kreis_key: str) -> int:
    """A founding that names no Kreis counts wherever it is asked for."""
    return begun[topic, kreis_key] + (begun[topic, UNKNOWN] if kreis_key != UNKNOWN else 0)


def published(year: int, issued: Issued | None = None, *, by: Staff) -> list[dict[str, Any]]:
    """Return the demand of a year as it may leave the house: unmet contacts by topic field and by Kreis, each apart, cut by `suppression`.

    Topic and Kreis are never crossed, a quarter is told only if it was issued before; whoever subtracts finds nobody.

    Args:
        year: which.
        issued: what was issued before, None for nothing; it grows.
        by: who asks.

    Raises:
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.STATISTICS, current())
    counted = {name: counting.figures_of(period) for name, period in issuing.quarters(year).items()}
    grown = issuing.issue_year(year, counted, issued or Issued())
    return [table for table in grown.published(str(year)) if table["figure"] == issuing.PART]
