"""What leaves the house: quarters and years of contacts, referrals and unmet demand, cut by `suppression`, frozen once issued.

    issued = issue_quarter("2026-Q1", figures, issued)      # of the quarter alone, on its day
    issued = issue_year(2026, quarters, issued)             # of all four, whichever of them were issued before

`quarters` are always counted one by one, so that a year is the sum of what its quarters tell. Nothing else of these figures
leaves the house: not by month, not by two keys, not by a key that is not in `KEYS`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kontaktstelle.enquiries.figures import Period
from kontaktstelle.topics import tree

from .definitions import BREAKDOWNS, FIGURES, label
from .suppression import Bounds, Release, Table, detail, unbound
from .tally import Figures

# Two keys of one figure never look at the same thing.
KEYS: dict[str, tuple[str, ...]] = {
    "contacts": ("main-field", "channel", "who", "kreis", "sex", "age"),
    "unmet": ("main-field", "kreis"),
    "referrals": ("target", "route", "result"),
}
# The part of a whole, and the keys by which both are issued.
PART, WHOLE = "unmet", "contacts"
QUARTERS = 4


@dataclass(slots=True)
class Issued:
    """Everything issued so far, by figure; and the finer tables of years, by figure and value."""

    releases: dict[str, Release] = field(default_factory=lambda: {figure: Release(figure) for figure in KEYS})
    finer: dict[tuple[str, str, str], Table] = field(default_factory=dict)

    def published(self, period: str) -> list[dict[str, Any]]:
        """Return the tables of a period as they may leave the house, with the words that define them."""
        found = []
        for figure, release in self.releases.items():
            for key, tables in release.tables.items():
                found += [_worded(figure, key, table) for table in tables if table.period == period]
        found += [
            {**_worded(figure, "main-topic", table), "within": value}
            for (figure, value, _), table in self.finer.items()
            if table.period == period
        ]
        return found


def quarters(year: int) -> dict[str, Period]:
    """Return the quarters of a year by their names."""
    return {
        f"{year}-Q{number + 1}": Period(date(year, 3 * number + 1, 1), date(year, 3 * number + 3, 1))
        for number in range(QUARTERS)
    }


def issue_quarter(name: str, figures: Figures, issued: Issued) -> Issued:
    """Issue one quarter; issued before, it stays as it was.

    Raises:
        ValueError: its year is issued already.
    """
    of_one = {name: figures}
    for figure, keys in KEYS.items():
        for key in keys:
            issued.releases[figure].add_quarter(
                key, name, _counts(figures, figure, key), bounds=_bounds(figure, key, of_one)
            )
    return issued


def issue_year(year: int, by_quarter: Mapping[str, Figures], issued: Issued) -> Issued:
    """Issue a year with its finer topics, so that it fits whatever its quarters told.

    Args:
        year: which.
        by_quarter: the figures of each of its quarters (`quarters`).
        issued: what was issued before; it grows.
    """
    for figure, keys in KEYS.items():
        for key in keys:
            counts = {name: _counts(figures, figure, key) for name, figures in by_quarter.items()}
            table = issued.releases[figure].add_year(
                key, str(year), counts, bounds=_bounds(figure, key, by_quarter)
            )
            if table is not None and (figure, key) == (WHOLE, "main-field"):
                _issue_topics(table, list(by_quarter.values()), issued)
    return issued


def _issue_topics(fields: Table, several: Sequence[Figures], issued: Issued) -> None:
    for name, count in fields.cells:
        topics: dict[str, int] = {}
        for figures in several:
            for topic, number in figures.figures[WHOLE].breakdowns["main-topic"].values:
                if topic in tree.TOPICS and tree.TOPICS[topic].field == name:
                    topics[topic] = topics.get(topic, 0) + number
        if (
            name in fields.hidden
            or not count
            or sum(topics.values()) != count
            or (WHOLE, name, fields.period) in issued.finer
        ):
            continue
        table = detail(fields.period, count, topics)
        if table is not None:
            issued.finer[WHOLE, name, fields.period] = table


def _counts(figures: Figures, figure: str, key: str) -> dict[str, int]:
    return dict(figures.figures[figure].breakdowns[key].values)


def _bounds(figure: str, key: str, by_quarter: Mapping[str, Figures]) -> Bounds:
    """An unmet contact is a contact: neither table may narrow the other."""
    if figure not in {PART, WHOLE} or key not in KEYS[PART]:
        return unbound

    def of(row: str, value: str, other: str) -> int:
        return by_quarter[row].of(other, key, value) if row in by_quarter else 0

    if figure == PART:
        return lambda row, value: (0, of(row, value, WHOLE))
    return lambda row, value: (of(row, value, PART), None)


def _worded(figure: str, key: str, table: Table) -> dict[str, Any]:
    said = table.published()
    definition = FIGURES[figure]
    return {
        **said, "figure": figure, "by": key, "name": f"{definition.name} nach {BREAKDOWNS[key].name}", "unit": definition.unit,
        "counts": definition.counts, "counts_not": definition.counts_not,
        "values": {label(key, value): count for value, count in table.cells if value not in table.hidden},
        "hidden": [label(key, value) for value in sorted(table.hidden)],
    }  # fmt: skip
