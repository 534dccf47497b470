"""What counting hands over: figures with their breakdowns, each of which adds up or cannot be made."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from kontaktstelle.enquiries import days
from kontaktstelle.enquiries.codes import UNKNOWN
from kontaktstelle.enquiries.figures import Period

from .definitions import BREAKDOWNS, FIGURES, Definition, grouped


class DoesNotAddUp(ValueError):  # noqa: N818 - named for what is wrong
    """A breakdown whose values are not its total: a mistake of the program, never of what was entered."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A figure by one key. `total` is the figure itself, or the mentions where a row can have several values."""

    by: str
    total: int
    values: tuple[tuple[str, int], ...]

    def __post_init__(self) -> None:
        if sum(count for _, count in self.values) != self.total:
            raise DoesNotAddUp(self.by)

    def of(self, key: str) -> int:
        """Return the count of one value, 0 if it does not occur."""
        return dict(self.values).get(key, 0)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a period."""

    key: str
    value: int
    breakdowns: Mapping[str, Breakdown] = field(default_factory=dict)

    @property
    def definition(self) -> Definition:
        """What it counts, and what not."""
        return FIGURES[self.key]


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a period, by key."""

    period: Period
    figures: Mapping[str, Figure]

    def of(self, key: str, by: str = "", value: str = "") -> int:
        """Return a figure, or one value of one of its breakdowns.

        Raises:
            KeyError: no such figure, or it is not broken down so.
        """
        figure = self.figures[key]
        return figure.breakdowns[by].of(value) if by else figure.value


def figure(key: str, value: int, **counted: Counter[str]) -> Figure:
    """Return a figure with its breakdowns (`main_field` for `main-field`), which add up.

    Raises:
        DoesNotAddUp: one does not.
    """
    made = {}
    for name, counts in counted.items():
        by = name.replace("_", "-")
        total = sum(counts.values()) if BREAKDOWNS[by].has_mentions else value
        made[by] = Breakdown(by, total, tuple(sorted((each, n) for each, n in counts.items() if n)))
    return Figure(key, value, made)


def with_unknown(counts: Mapping[str, int], total: int) -> Counter[str]:
    """Return counts in which what nobody said makes up the total."""
    said = Counter({value: count for value, count in counts.items() if value not in {"", UNKNOWN}})
    said[UNKNOWN] = total - sum(said.values())
    return said


def in_groups(grouping: str, counts: Mapping[str, int]) -> Counter[str]:
    """Return counts of values as counts of the groups they belong to."""
    found: Counter[str] = Counter()
    for value, count in counts.items():
        found[grouped(grouping, value)] += count
    return found


def quarter(month: str) -> str:
    """Return `2026-Q1` for `2026-03`, or for a day in it."""
    return f"{month[:4]}-Q{(int(month[5:7]) + 2) // 3}"


def last_day(period: Period) -> date:
    """Return the last day of a period."""
    return days.month_after(period.last, 1) - timedelta(days=1)


def months(values: Iterable[date | None]) -> Counter[str]:
    """Return how often each month occurs, as `2026-03`."""
    return Counter(UNKNOWN if value is None else f"{value:%Y-%m}" for value in values)
