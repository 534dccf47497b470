"""What may leave the house of figures that count seekers, contacts or referrals: nobody can be found in it, nor by subtraction.

**The guarantee.** Whoever holds every table that was published of a year and its quarters, and knows that counts are not negative,
cannot narrow any hidden number down to fewer than `MINIMUM` values, and sees no number from 1 to 4. It rests on this:

1. A figure is published by one key at a time, per quarter and for the year: two dimensions, never three. All tables of a figure
   share only the totals of quarters, which are visible; so whatever fits one table fits together with whatever fits another.
   Keys that look at one thing (channel, three ways) count as one: of those one is published, and `Release` refuses a second.
2. A quarter once published stays as it is (frozen). The year is cut so that it fits: values hidden in a quarter are pooled with
   others ("übrige") as long as their own sum would tell.
3. Before anything is shown every hidden number is moved: an exact search for how far it can rise and fall while every visible sum
   stands (a flow through quarters, values and the pool). Less than `MINIMUM` together, and more is hidden or pooled.
4. A finer value (a topic of its field, a municipality of its Kreis) is shown for the year only, inside a visible value.
5. Where one figure is part of another (`Bounds`), both are kept: the search moves within them.
6. Small offices are coarsened first: a quarter below `SMALLEST_QUARTER` is not published by itself, a year below `MINIMUM` not at all.

Groups, foundings, trainings, posts, committees and sites are no persons and never go through here.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

MINIMUM = 5
SMALLEST_QUARTER = 20
POOL = "\0pool"
REST = "\0rest"
# (quarter, value) → the least and the most it can be by what other figures say; the most is None where nothing does.
Bounds = Callable[[str, str], tuple[int, int | None]]


def unbound(_row: str, _value: str) -> tuple[int, int | None]:
    """Nothing else is known of a cell but that it is not negative."""
    return 0, None


@dataclass(frozen=True, slots=True)
class Table:
    """One table as it was cut. `cells` keeps what is hidden for the house itself; `published` is what may leave it.

    Args:
        period: `2026-Q1` or `2026`.
        total: of all cells, visible.
        cells: every value with its count.
        hidden: the values whose count is not shown; together they are `rest`.
    """

    period: str
    total: int
    cells: tuple[tuple[str, int], ...]
    hidden: frozenset[str] = frozenset()

    @property
    def rest(self) -> int:
        """The sum of what is hidden; it can be worked out, so it is shown."""
        return sum(count for value, count in self.cells if value in self.hidden)

    def published(self) -> dict[str, object]:
        """Return what may leave the house."""
        shown = {value: count for value, count in self.cells if value not in self.hidden}
        return {
            "period": self.period,
            "total": self.total,
            "values": shown,
            "hidden": sorted(self.hidden),
            "rest": self.rest,
        }


@dataclass(slots=True)
class _Network:
    """Hidden numbers as flows: from a quarter to a value, from a value to the pool. Every node is a sum somebody can see."""

    flow: dict[tuple[str, str], int] = field(default_factory=dict)
    least: dict[tuple[str, str], int] = field(default_factory=dict)
    most: dict[tuple[str, str], int | None] = field(default_factory=dict)

    def add(self, edge: tuple[str, str], amount: int, bounds: tuple[int, int | None] = (0, None)) -> None:
        """Add a hidden number."""
        self.flow[edge] = amount
        self.least[edge], self.most[edge] = bounds

    def is_wide(self, edge: tuple[str, str]) -> bool:
        """Say whether a hidden number can move by `MINIMUM` in all while every sum stands."""
        start, end = edge
        most = self.most[edge]
        room = MINIMUM if most is None else max(0, most - self.flow[edge])
        up = self._pushed(end, start, min(MINIMUM, room), without=edge)
        if up >= MINIMUM:
            return True
        room = min(MINIMUM - up, self.flow[edge] - self.least[edge])
        return up + self._pushed(start, end, room, without=edge) >= MINIMUM

    def _pushed(self, start: str, end: str, wanted: int, *, without: tuple[str, str]) -> int:
        """Return how much can be pushed from one node to another, at most so much (shortest paths, one after the other)."""
        spare: dict[str, dict[str, int]] = defaultdict(dict)
        for (here, there), amount in self.flow.items():
            if (here, there) != without:
                most = self.most[here, there]
                spare[here][there] = wanted if most is None else max(0, most - amount)
                spare[there][here] = amount - self.least[here, there]
        pushed = 0
        while pushed < wanted:
            came: dict[str, str] = {start: start}
            queue = deque([start])
            while queue and end not in came:
                node = queue.popleft()
                for after, left in spare[node].items():
                    if left > 0 and after not in came:
                        came[after] = node
                        queue.append(after)
            if end not in came:
                break
            path = [end]
            while path[-1] != start:
                path.append(came[path[-1]])
            steps = [(before, after) for after, before in pairwise(path)]
            amount = min(wanted - pushed, *(spare[here][there] for here, there in steps))
            for here, there in steps:
                spare[here][there] -= amount
                spare[there][here] = spare[there].get(here, 0) + amount
            pushed += amount
        return pushed


def quarter(
    period: str, counts: Mapping[str, int], *, earlier: Sequence[Table] = (), bounds: Bounds = unbound
) -> Table | None:
    """Cut one quarter; None if it is too small to be published by itself. A quarter that was published comes back unchanged.

    Args:
        period: `2026-Q1`.
        counts: every value with its count.
        earlier: the tables of the same figure and key that were published before.
        bounds: what other figures say of a cell.
    """
    frozen = next((table for table in earlier if table.period == period), None)
    if frozen is not None:
        return frozen
    total = sum(counts.values())
    if total < SMALLEST_QUARTER:
        return None
    hidden = {value for value, count in counts.items() if 0 < count < MINIMUM}
    before = {value for table in earlier for value in table.hidden}
    others = sorted(
        (value for value, count in counts.items() if count and value not in hidden),
        key=lambda value: (value not in before, counts[value], value),
    )
    while hidden and not _block_is_wide(period, counts, hidden, bounds):
        if not others:
            return None
        hidden.add(others.pop(0))
    return Table(period, total, tuple(sorted(counts.items())), frozenset(hidden))


def year(
    period: str,
    by_quarter: Mapping[str, Mapping[str, int]],
    *,
    earlier: Sequence[Table] = (),
    bounds: Bounds = unbound,
) -> Table | None:
    """Cut a year so that it fits what its quarters told already; None if no cut is safe.

    Args:
        period: `2026`.
        by_quarter: counts of each quarter; of one that was published the frozen counts are used.
        earlier: the quarters that were published, of the same figure and key.
        bounds: as for `quarter`, asked for every quarter; those that were not published are taken together.
    """
    frozen = next((table for table in earlier if table.period == period), None)
    if frozen is not None:
        return frozen
    told = {table.period: dict(table.cells) for table in earlier if table.period in by_quarter}
    hidden = {table.period: table.hidden for table in earlier if table.period in told}
    rest: dict[str, int] = defaultdict(int)
    for name, counts in by_quarter.items():
        if name not in told:
            for value, count in counts.items():
                rest[value] += count
    rows = {**told, REST: dict(rest)} if sum(rest.values()) else told
    totals: dict[str, int] = defaultdict(int)
    for counts in rows.values():
        for value, count in counts.items():
            totals[value] += count
    total = sum(totals.values())
    if 0 < sum(rest.values()) < MINIMUM or total < MINIMUM:
        return None
    untold = [name for name in by_quarter if name not in told]

    def of_rows(row: str, value: str) -> tuple[int, int | None]:
        return bounds(row, value) if row != REST else _together([bounds(name, value) for name in untold])

    return _Cut(rows, hidden, dict(totals), of_rows).table(period, total)


def _together(bounds: Sequence[tuple[int, int | None]]) -> tuple[int, int | None]:
    most = [each for _, each in bounds]
    return sum(least for least, _ in bounds), None if None in most else sum(each or 0 for each in most)


def detail(period: str, inside: int, counts: Mapping[str, int]) -> Table | None:
    """Cut the finer values of one visible value of a year: topics of a field, municipalities of a Kreis.

    Raises:
        ValueError: they do not add up to it, so they are not its parts.
    """
    if sum(counts.values()) != inside:
        raise ValueError("Die feineren Werte ergeben den gröberen nicht.")
    return year(period, {period: counts})


class _Cut:
    """The search for the finest year that is safe: everything pooled first, then value by value shown by itself, the largest first."""

    def __init__(
        self, rows: Mapping[str, Mapping[str, int]], hidden: Mapping[str, Iterable[str]], totals: Mapping[str, int], bounds: Bounds
    ) -> None:  # fmt: skip
        self.rows, self.totals, self.bounds = rows, totals, bounds
        self.hidden = {(row, value) for row, values in hidden.items() for value in values}
        # Of the quarters nobody was told of, a small number is as good as hidden: the year must not give it away.
        self.open = {(REST, value) for value in totals} if REST in rows else set()
        self.to_protect = self.hidden | {edge for edge in self.open if 0 < self._of(edge) < MINIMUM}

    def table(self, period: str, total: int) -> Table | None:
        """Return the cut, None if even the coarsest tells too much."""
        unclear = {
            value
            for _, value in self.hidden | self.open
            if self.totals[value] or (REST, value) not in self.open
        }
        pool = set(unclear)
        if self._may_show_all(pool):
            pool = set()
        elif not self._is_safe(pool):
            return None
        for value in sorted(pool, key=lambda each: (-self.totals[each], each)):
            if self.totals[value] >= MINIMUM and self._is_safe(pool - {value}):
                pool.remove(value)
        return Table(period, total, tuple(sorted(self.totals.items())), frozenset(pool))

    def _may_show_all(self, pool: set[str]) -> bool:
        return all(not 0 < self.totals[value] < MINIMUM for value in pool) and self._is_safe(set())

    def _is_safe(self, pool: set[str]) -> bool:
        network = _Network()
        for row, value in self.hidden | self.open:
            network.add((row, f"={value}"), self._of((row, value)), self.bounds(row, value))
        for value in pool:
            # What is known of the visible quarters of a value is in its sum anyway.
            network.add(
                (f"={value}", POOL),
                sum(self._of(edge) for edge in self.hidden | self.open if edge[1] == value),
            )
        return all(network.is_wide((row, f"={value}")) for row, value in self.to_protect) and all(
            network.is_wide((f"={value}", POOL)) for value in pool
        )

    def _of(self, edge: tuple[str, str]) -> int:
        return self.rows[edge[0]].get(edge[1], 0)


def _block_is_wide(period: str, counts: Mapping[str, int], hidden: set[str], bounds: Bounds) -> bool:
    network = _Network()
    for value in hidden:
        network.add((period, POOL + value), counts[value], bounds(period, value))
        network.add((POOL + value, POOL), counts[value])
    return all(network.is_wide((period, POOL + value)) for value in hidden)


@dataclass(slots=True)
class Release:
    """Everything that was published of one figure: tables by key, frozen. It grows by `add_quarter` and `add_year` alone.

    `same` names which keys look at one thing: of those only one is published.
    """

    figure: str
    tables: dict[str, list[Table]] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)

    def add_quarter(
        self, key: str, period: str, counts: Mapping[str, int], *, bounds: Bounds = unbound
    ) -> Table | None:
        """Publish a quarter by a key, as `quarter` cuts it.

        Raises:
            ValueError: the year was published already, or another key that looks at the same thing.
        """
        earlier = self._of_year(self._of(key), period)
        frozen = next((table for table in earlier if table.period == period), None)
        if frozen is None and self._has_year(period):
            raise ValueError("Das Jahr ist veröffentlicht; ein Quartal kommt nicht mehr dazu.")
        return frozen or self._kept(key, quarter(period, counts, earlier=earlier, bounds=bounds))

    def add_year(
        self, key: str, period: str, by_quarter: Mapping[str, Mapping[str, int]], *, bounds: Bounds = unbound
    ) -> Table | None:
        """Publish a year by a key, as `year` cuts it; None too if one quarter is left whose smallness its sum would tell.

        Raises:
            ValueError: another key that looks at the same thing was published.
        """
        known = {table.period for tables in self.tables.values() for table in self._of_year(tables, period)}
        left = sum(sum(counts.values()) for name, counts in by_quarter.items() if name not in known)
        if 0 < left < MINIMUM and period not in known:
            return None
        return self._kept(
            key, year(period, by_quarter, earlier=self._of_year(self._of(key), period), bounds=bounds)
        )

    def _of(self, key: str) -> list[Table]:
        looks_at = self.same.get(key, key)
        others = [
            name for name, tables in self.tables.items() if tables and name != key and self.same.get(name, name) == looks_at
        ]  # fmt: skip
        if others:
            raise ValueError(f"Dasselbe ist schon nach „{others[0]}“ veröffentlicht.")
        return self.tables.setdefault(key, [])

    def _has_year(self, period: str) -> bool:
        """The totals of quarters are seen by whichever key: with one year out, no further quarter may follow."""
        return any(table.period == period[:4] for tables in self.tables.values() for table in tables)

    @staticmethod
    def _of_year(tables: Iterable[Table], period: str) -> list[Table]:
        return [table for table in tables if table.period[:4] == period[:4]]

    def _kept(self, key: str, made: Table | None) -> Table | None:
        if made is not None and made not in self.tables[key]:
            self.tables[key].append(made)
        return made
