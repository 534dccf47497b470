"""What the page of Bedarf shows: demand by topic and Kreis, by quarter, and beside it what is never added to it."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from markupsafe import Markup

from kontaktstelle import places
from kontaktstelle.enquiries import days
from kontaktstelle.enquiries.codes import UNKNOWN
from kontaktstelle.enquiries.figures import Period
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import TABLE, Right, Role
from kontaktstelle.places import outline
from kontaktstelle.reporting import demand, searches
from kontaktstelle.reporting.demand import Cell, Gap
from kontaktstelle.topics import tree

# Each row asks the directory how far the next group is; further down nobody reads.
MOST_ROWS = 40
MOST_SEARCHED = 20
QUARTERS = 4
INSIDE = "nur intern: kleine Zahlen können eine Person erkennen lassen. Nicht weitergeben."


@dataclass(frozen=True, slots=True)
class Row:
    """One topic in one Kreis, in words: what was asked in vain in a year, and what stands beside it."""

    topic: str
    kreis: str
    found_none: int
    only_full: int
    waiting: int
    foundings: int
    nearest: str
    searched: int
    stays_inside: bool
    is_worth_a_thought: bool
    begin: str
    quarters: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """A topic that is searched for, and how often nothing was found near by."""

    topic: str
    kreis: str
    count: int
    found_nothing: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole page."""

    first: date
    last: date
    contacts: int
    quarters: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: int
    searched: tuple[Searched, ...]
    map: Markup
    map_of: str


def of(*, on: date, by: Staff) -> Shown:
    """Return what the page shows on a day.

    Raises:
        rights.NotAllowed: not for this person.
    """
    period = _period(on)
    gaps = demand.gaps(on=on, by=by)
    counted = demand.table(period, by=by)
    quarters = _quarters(on)
    cells = {(cell.topic, cell.kreis_key, cell.quarter): cell for cell in counted.cells}
    looked_for = searches.table(period, by=by)
    how_often = {(each.topic, each.kreis_key): each.count for each in looked_for}
    rows = tuple(_row(gap, cells, quarters, how_often) for gap in gaps[:MOST_ROWS])
    by_kreis: Counter[str] = Counter()
    for cell in counted.cells:
        by_kreis[cell.kreis_key] += cell.found_none + cell.only_full
    middle, drawn = _map(by_kreis)
    often = sorted(looked_for, key=lambda each: (-each.found_nothing, -each.count, each.topic))
    return Shown(
        first=period.first,
        last=period.last,
        contacts=counted.contacts,
        quarters=tuple(_quarter_said(each) for each in quarters),
        rows=rows,
        left_out=max(0, len(gaps) - MOST_ROWS),
        searched=tuple(
            Searched(_topic(each.topic), _kreis(each.kreis_key), each.count, each.found_nothing)
            for each in often[:MOST_SEARCHED]
        ),
        map=drawn,
        map_of=middle,
    )


def as_csv(*, on: date, by: Staff) -> bytes:
    """Return the table for inside use, by topic, Kreis and quarter; its first line says that it stays inside.

    Raises:
        rights.NotAllowed: not for this person.
    """
    counted = demand.table(_period(on), by=by)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([INSIDE])
    writer.writerow(["Thema", "Kreis", "Quartal", "nichts gefunden", "nur volle Gruppen"])
    for cell in counted.cells:
        writer.writerow(
            [
                _topic(cell.topic),
                _kreis(cell.kreis_key),
                _quarter_said(cell.quarter),
                cell.found_none,
                cell.only_full,
            ]
        )
    return text.getvalue().encode("utf-8-sig")


def may_set(roles: frozenset[Role]) -> bool:
    """Say whether somebody with these roles may switch the counting of searches."""
    return bool(TABLE[Right.SETTINGS] & roles)


def _row(
    gap: Gap,
    cells: dict[tuple[str, str, date], Cell],
    quarters: tuple[date, ...],
    how_often: dict[tuple[str, str], int],
) -> Row:
    mine = tuple(cells.get((gap.topic, gap.kreis_key, quarter)) for quarter in quarters)
    return Row(
        topic=_topic(gap.topic),
        kreis=_kreis(gap.kreis_key),
        found_none=gap.found_none,
        only_full=gap.only_full,
        waiting=gap.waiting,
        foundings=gap.foundings,
        nearest=_nearest(gap),
        searched=how_often.get((gap.topic, gap.kreis_key), 0),
        stays_inside=any(0 < each < demand.MINIMUM_CELL for each in (gap.found_none, gap.only_full)),
        is_worth_a_thought=gap.is_worth_a_thought,
        begin=_begin(gap),
        quarters=mine,
    )


def _nearest(gap: Gap) -> str:
    if gap.topic not in tree.TOPICS or places.kreis_centre(gap.kreis_key) is None:
        return "nicht bekannt"
    far = demand.nearest_km(gap.topic, gap.kreis_key)
    return "keine bekannt" if far is None else f"{far:.0f} km"


def _begin(gap: Gap) -> str:
    """Return where a founding is begun with this topic and Kreis; "" while there is no such page."""
    if gap.topic not in tree.TOPICS:
        return ""
    try:
        address = reverse("desk:founding_new")
    except NoReverseMatch:
        return ""
    kreis = {} if gap.kreis_key == UNKNOWN else {"kreis": gap.kreis_key}
    return f"{address}?{urlencode({'thema': gap.topic, **kreis})}"


def _map(by_kreis: Counter[str]) -> tuple[str, Markup]:
    """Return the Kreis most asked from, and its outline with a dot for each Kreis that is in the picture."""
    known = [(key, count) for key, count in by_kreis.most_common() if count and outline.has_outline(key)]
    if not known:
        return "", Markup()
    middle = known[0][0]
    dots = []
    for key, count in known:
        centre = places.kreis_centre(key)
        if centre is not None:
            dots.append(outline.Dot(*centre, f"{places.kreis_name(key)}: {count}", count))
    name = places.kreis_name(middle)
    return name, Markup(  # noqa: S704 - made by places from its own data, labels escaped there
        outline.svg(middle, dots, title=f"Karte: {name}. Die Zahlen stehen auch in der Tabelle.")
    )


def _topic(key: str) -> str:
    return tree.label(key) if key in tree.TOPICS else "Thema nicht bekannt"


def _kreis(key: str) -> str:
    return places.kreis_name(key) or "Kreis nicht bekannt"


def _period(on: date) -> Period:
    last = days.month_of(on)
    return Period(days.month_after(last, 1 - demand.MONTHS_LOOKED_AT), last)


def _quarters(on: date) -> tuple[date, ...]:
    this = demand.quarter_of(f"{on:%Y-%m}")
    return tuple(days.month_after(this, -3 * back) for back in range(QUARTERS, -1, -1))


def _quarter_said(quarter: date) -> str:
    return f"{(quarter.month - 1) // 3 + 1}. Quartal {quarter.year}"
